# cmake -D SOURCE_DIR=... -D OUTPUT=... -P GitCommit.cmake
#
# Writes the commit of a checkout to a header, and touches it only where it changed, so that a commit recompiles
# one file. "unknown" outside a checkout; "-dirty" where tracked files differ from the commit.
cmake_minimum_required(VERSION 3.25)
set(commit "unknown")
find_program(GIT git)
if(GIT)
  execute_process(COMMAND ${GIT} describe --always --dirty --abbrev=40 --exclude=* WORKING_DIRECTORY "${SOURCE_DIR}"
                  OUTPUT_VARIABLE described RESULT_VARIABLE status OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  if(status EQUAL 0)
    set(commit "${described}")
  endif()
endif()
file(CONFIGURE OUTPUT "${OUTPUT}" @ONLY CONTENT "#pragma once\n#define VARPROP_GIT_COMMIT \"@commit@\"\n")
