# cmake --install: the program, its manual pages, completions and schema, what there is to read, the batch scripts, and a
# module file. Nothing of it knows the build tree, and only the module file its own prefix: the rest can be moved.
include(GNUInstallDirs)

set(VARPROP_PAGES_DIR "${PROJECT_BINARY_DIR}/pages")  # written by varprop_pages (driver/write_pages.cpp)
set(VARPROP_SHARE "${CMAKE_INSTALL_DATADIR}/varprop")
set(CMAKE_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE
                                                WORLD_READ WORLD_EXECUTE)

install(DIRECTORY "${VARPROP_PAGES_DIR}/man1" DESTINATION "${CMAKE_INSTALL_MANDIR}")
install(FILES "${VARPROP_PAGES_DIR}/bash/varprop"
        DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions")
install(FILES "${VARPROP_PAGES_DIR}/zsh/_varprop" DESTINATION "${CMAKE_INSTALL_DATADIR}/zsh/site-functions")
install(FILES "${VARPROP_PAGES_DIR}/fish/varprop.fish"
        DESTINATION "${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d")
install(FILES "${VARPROP_PAGES_DIR}/sweep.schema.json" DESTINATION "${VARPROP_SHARE}")
install(FILES README.md CHANGELOG.md CITATION.cff LICENSE DESTINATION "${CMAKE_INSTALL_DOCDIR}")
install(DIRECTORY docs examples DESTINATION "${CMAKE_INSTALL_DOCDIR}")
install(DIRECTORY slurm DESTINATION "${VARPROP_SHARE}" USE_SOURCE_PERMISSIONS)

# The prefix may be another one at installation (--prefix, DESTDIR) than it was when the build was configured.
install(CODE "
  set(source \"${PROJECT_SOURCE_DIR}/packaging/module/varprop.lua.in\")
  set(filled \"${PROJECT_BINARY_DIR}/module/${PROJECT_VERSION}.lua\")
  set(version \"${PROJECT_VERSION}\")
  set(summary \"${PROJECT_DESCRIPTION}\")
  set(bin \"${CMAKE_INSTALL_BINDIR}\")
  set(man \"${CMAKE_INSTALL_MANDIR}\")
  set(share \"${VARPROP_SHARE}\")
  set(prefix \"\${CMAKE_INSTALL_PREFIX}\")
  cmake_path(ABSOLUTE_PATH prefix NORMALIZE)
  configure_file(\"\${source}\" \"\${filled}\" @ONLY)
  file(INSTALL \"\${filled}\" DESTINATION \"\${CMAKE_INSTALL_PREFIX}/${VARPROP_SHARE}/modulefiles/varprop\")")
