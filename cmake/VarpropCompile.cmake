# varprop_library(NAME SOURCES ... PUBLIC ... PRIVATE ... [KERNELS] [SINGLY]): a folder of the source tree as a library target.
# KERNELS: its loops are what a sweep's time goes into, and are compiled with -O3; all else with -O2. With VARPROP_UNITY eight
# files are compiled as one, in half the time; not kernels, which are compiled once for each instruction set, and not what asks
# to be compiled SINGLY.
#
# -ffp-contract=off: a fused multiply-add happens where the source says so and nowhere else, so that results
# are the same bits on every target and at every optimisation level.
add_library(varprop_compile INTERFACE)
target_compile_features(varprop_compile INTERFACE cxx_std_20)
target_include_directories(varprop_compile INTERFACE "${PROJECT_SOURCE_DIR}")
target_compile_options(varprop_compile INTERFACE -ffp-contract=off -Wall -Wextra -Wpedantic -Wshadow -Wconversion)
# GCC 12 warns of overlaps, bounds and unset members inside std::string that are not there (GCC bugs 105651, 105329, 105562).
target_compile_options(varprop_compile INTERFACE
                       $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict -Wno-stringop-overflow -Wno-stringop-overread -Wno-array-bounds -Wno-maybe-uninitialized>)
if(VARPROP_UNITY)
  target_compile_options(varprop_compile INTERFACE -Wno-shadow)  # files that are compiled as one see each other's names
endif()
target_compile_definitions(varprop_compile INTERFACE OMPI_SKIP_MPICXX MPICH_SKIP_MPICXX)
foreach(extra VARPROP_EXTRA_AXES VARPROP_EXTRA_MEASURES)
  if(${extra})
    get_filename_component(header "${${extra}}" ABSOLUTE BASE_DIR "${PROJECT_SOURCE_DIR}")
    target_compile_definitions(varprop_compile INTERFACE "${extra}=\"${header}\"")
  endif()
endforeach()
if(VARPROP_WARNINGS_AS_ERRORS)
  target_compile_options(varprop_compile INTERFACE -Werror)
endif()
if(VARPROP_CONTRACTS)
  target_compile_definitions(varprop_compile INTERFACE VARPROP_CONTRACTS=1 _GLIBCXX_ASSERTIONS)
endif()
if(VARPROP_SANITIZE)
  target_compile_options(varprop_compile INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=undefined
                                                   -fno-omit-frame-pointer)
  target_link_options(varprop_compile INTERFACE -fsanitize=address,undefined)
endif()

# ccache, where it is present, keeps what a compiler made of the same text; these are its own words for precompiled headers.
find_program(VARPROP_CCACHE ccache DOC "ccache, which makes a second build of the same sources quick")
mark_as_advanced(VARPROP_CCACHE)
if(VARPROP_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
                                  "${VARPROP_CCACHE}")
  target_compile_options(varprop_compile INTERFACE $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
endif()

# What --version says of the build.
set(VARPROP_BUILD_FLAGS "${CMAKE_BUILD_TYPE}")
if(CMAKE_BUILD_TYPE)
  string(TOUPPER "${CMAKE_BUILD_TYPE}" build_type)
  string(APPEND VARPROP_BUILD_FLAGS " ${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_${build_type}}")
endif()
string(APPEND VARPROP_BUILD_FLAGS " -ffp-contract=off")
if(VARPROP_SANITIZE)
  string(APPEND VARPROP_BUILD_FLAGS ", sanitizers")
endif()
string(REGEX REPLACE "[ \"]+" " " VARPROP_BUILD_FLAGS "${VARPROP_BUILD_FLAGS}")

# What nearly every file includes, compiled once: a third of most files' compile time. A build with
# CMAKE_DISABLE_PRECOMPILE_HEADERS=ON finds includes that only this provides.
file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/precompiled.cpp" CONTENT "")
add_library(varprop_precompiled OBJECT "${PROJECT_BINARY_DIR}/precompiled.cpp")
target_link_libraries(varprop_precompiled PRIVATE varprop_compile fmt::fmt)
target_precompile_headers(varprop_precompiled PRIVATE <fmt/format.h> <algorithm> <array> <cmath> <cstdint> <filesystem>
                          <functional> <map> <memory> <numeric> <optional> <ostream> <set> <span> <string> <variant> <vector>)

function(varprop_library name)
  cmake_parse_arguments(ARG "KERNELS;SINGLY" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_link_libraries(${name} PUBLIC varprop_compile ${ARG_PUBLIC} PRIVATE ${ARG_PRIVATE})
  target_precompile_headers(${name} REUSE_FROM varprop_precompiled)
  if(NOT ARG_KERNELS)
    target_compile_options(${name} PRIVATE $<$<CONFIG:Release>:-O2>)
  endif()
  if(VARPROP_UNITY AND NOT ARG_KERNELS AND NOT ARG_SINGLY)
    set_target_properties(${name} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 8)
  endif()
endfunction()
