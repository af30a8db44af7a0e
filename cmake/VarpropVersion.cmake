# Makes ${PROJECT_BINARY_DIR}/version/version.cpp from core/version.cpp.in; asks git anew at every build, and rewrites the
# file only where the answer changed. Included by the build (defines the target varprop_version) and run by it as a script.
if(CMAKE_SCRIPT_MODE_FILE)
  execute_process(COMMAND git -C "${SOURCE_DIR}" describe --always --dirty --abbrev=12 --exclude "*"
                  OUTPUT_VARIABLE VARPROP_GIT_COMMIT OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  if(NOT VARPROP_GIT_COMMIT)
    set(VARPROP_GIT_COMMIT unknown)
  endif()
  configure_file("${SOURCE_DIR}/core/version.cpp.in" "${OUTPUT}" @ONLY)
else()
  set(VARPROP_VERSION_SOURCE "${PROJECT_BINARY_DIR}/version/version.cpp")
  add_custom_target(varprop_version
    COMMAND ${CMAKE_COMMAND} -DSOURCE_DIR=${PROJECT_SOURCE_DIR} -DOUTPUT=${VARPROP_VERSION_SOURCE}
            -DPROJECT_VERSION=${PROJECT_VERSION}
            "-DVARPROP_COMPILER=${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}"
            -P ${PROJECT_SOURCE_DIR}/cmake/VarpropVersion.cmake
    BYPRODUCTS "${VARPROP_VERSION_SOURCE}"
    COMMENT "Asking git for the commit"
    VERBATIM)
endif()
