# Run by cpack on the staged files: what Debian's policy wants of them, and nobody else.
if(NOT CPACK_GENERATOR STREQUAL "DEB")
  return()
endif()
set(usr "${CPACK_TEMPORARY_INSTALL_DIRECTORY}/usr")
set(doc "${usr}/share/doc/varprop")

# Debian's zsh looks into vendor-completions.
file(MAKE_DIRECTORY "${usr}/share/zsh")
file(RENAME "${usr}/share/zsh/site-functions" "${usr}/share/zsh/vendor-completions")

# /usr/bin needs no module.
file(REMOVE_RECURSE "${usr}/share/varprop/modulefiles")

# The licence is among the common ones.
file(REMOVE "${doc}/LICENSE")
file(COPY_FILE "@PROJECT_SOURCE_DIR@/packaging/debian/copyright" "${doc}/copyright")

# Dates are the commit's, so that the same commit makes the same package.
set(date "Thu, 01 Jan 1970 00:00:00 +0000")
find_program(GIT git)
if(GIT)
  execute_process(COMMAND "${GIT}" log -1 --format=%cD WORKING_DIRECTORY "@PROJECT_SOURCE_DIR@"
                  OUTPUT_VARIABLE committed RESULT_VARIABLE status OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  if(status EQUAL 0)
    set(date "${committed}")
  endif()
endif()
string(REGEX REPLACE ", ([0-9]) " ", 0\\1 " date "${date}")
file(WRITE "${doc}/changelog" "varprop (@PROJECT_VERSION@) unstable; urgency=medium\n\n  * See the project's commits.\n\n"
     " -- @VARPROP_PACKAGE_CONTACT@  ${date}\n")

file(GLOB pages "${usr}/share/man/man1/*.1")
execute_process(COMMAND gzip -9nf "${doc}/changelog" ${pages} COMMAND_ERROR_IS_FATAL ANY)
