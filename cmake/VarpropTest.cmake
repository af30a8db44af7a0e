# varprop_tests(PROGRAM SOURCES ... [SINGLY ...] LINK ... LABELS ... [RANKS n...] [COST c] [COMPUTES])
#
# One GoogleTest program for a part of the tree; each of its suites is an entry of CTest's list, and shows as skipped where one
# of its tests was. With RANKS the program itself is an entry for each number of ranks, which it runs on under mpirun
# (oversubscribed if need be; 1: without mpirun). Entries of a higher COST begin first. With VARPROP_UNITY six sources are compiled as
# one, but for those that share names with others: SINGLY. A program whose own code COMPUTES much is optimised; that of the others
# only calls what is, and compiles in half the time.
find_package(GTest REQUIRED)

# What nearly every test includes, compiled once for all of them: a third of their compile time.
file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/tests/precompiled.cpp" CONTENT "")
function(varprop_precompile_tests name optimisation)
  add_library(${name} OBJECT "${PROJECT_BINARY_DIR}/tests/precompiled.cpp")
  target_link_libraries(${name} PRIVATE varprop_compile GTest::gtest)
  target_compile_options(${name} PRIVATE $<$<CONFIG:Release>:${optimisation}>)
  target_precompile_headers(${name} PRIVATE <gtest/gtest.h> <algorithm> <cmath> <filesystem> <functional> <map>
                            <numeric> <optional> <set> <string> <vector>)
endfunction()
varprop_precompile_tests(varprop_precompiled_test -O0)
varprop_precompile_tests(varprop_precompiled_computing_test -O1)

set(VARPROP_MPIRUN_ENVIRONMENT
    "OMPI_ALLOW_RUN_AS_ROOT=1;OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1;OMPI_MCA_rmaps_base_oversubscribe=1")

set(VARPROP_SCRIPT_ENVIRONMENT "${VARPROP_MPIRUN_ENVIRONMENT}")
set(VARPROP_TIMEOUT_FACTOR 1)
if(VARPROP_SANITIZE)
  set(VARPROP_TIMEOUT_FACTOR 10)
  list(APPEND VARPROP_SCRIPT_ENVIRONMENT "VARPROP_PATIENCE=10" "ASAN_OPTIONS=detect_leaks=0")  # Open MPI's own leaks
endif()

# The seconds that a test may take, in `result`.
function(varprop_time_limit result seconds)
  math(EXPR limit "${VARPROP_TIMEOUT_FACTOR} * ${seconds}")
  set(${result} ${limit} PARENT_SCOPE)
endfunction()

# The suites that test sources have, in `result`: the first words of their TEST, TEST_F and TEST_P. A source that changes is
# read again before the next build.
function(varprop_suites_of result)
  set(suites "")
  foreach(source ${ARGN})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${source}")
    file(STRINGS "${source}" tests REGEX "^TEST(_F|_P)?\\(")
    list(TRANSFORM tests REPLACE "^TEST[_FP]*\\(([A-Za-z0-9]+).*" "\\1")
    list(APPEND suites ${tests})
  endforeach()
  list(REMOVE_DUPLICATES suites)
  set(${result} ${suites} PARENT_SCOPE)
endfunction()

function(varprop_tests program)
  cmake_parse_arguments(ARG "COMPUTES" "COST" "SOURCES;SINGLY;LINK;LABELS;RANKS" ${ARGN})
  varprop_time_limit(time_limit 600)
  if(NOT ARG_COST)
    set(ARG_COST 1)
  endif()
  add_executable(${program} ${ARG_SOURCES} ${ARG_SINGLY} "${PROJECT_SOURCE_DIR}/tests/fixtures/main.cpp")
  target_link_libraries(${program} PRIVATE ${ARG_LINK} GTest::gtest)
  if(ARG_COMPUTES)
    target_precompile_headers(${program} REUSE_FROM varprop_precompiled_computing_test)
    target_compile_options(${program} PRIVATE $<$<CONFIG:Release>:-O1>)
  else()
    target_precompile_headers(${program} REUSE_FROM varprop_precompiled_test)
    target_compile_options(${program} PRIVATE $<$<CONFIG:Release>:-O0>)
  endif()
  target_compile_definitions(${program} PRIVATE "VARPROP_SOURCE_DIR=\"${PROJECT_SOURCE_DIR}\"")
  if(VARPROP_UNITY)
    set_target_properties(${program} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 6)
    set_source_files_properties(${ARG_SINGLY} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  endif()
  set(entries "")
  if(NOT ARG_RANKS)
    varprop_suites_of(entries ${ARG_SOURCES} ${ARG_SINGLY})
    foreach(suite ${entries})
      add_test(NAME ${suite} COMMAND ${program} "--gtest_filter=${suite}.*:*/${suite}.*")
    endforeach()
  endif()
  foreach(ranks ${ARG_RANKS})
    set(name "${program}_on_${ranks}")
    list(APPEND entries ${name})
    if(ranks EQUAL 1)
      add_test(NAME ${name} COMMAND ${program})
    else()
      add_test(NAME ${name} COMMAND ${MPIEXEC_EXECUTABLE} -n ${ranks} $<TARGET_FILE:${program}>)
      set_tests_properties(${name} PROPERTIES PROCESSORS ${ranks})
    endif()
  endforeach()
  set_tests_properties(${entries} PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT ${time_limit} COST ${ARG_COST}
                       SKIP_RETURN_CODE 77 ENVIRONMENT "${VARPROP_MPIRUN_ENVIRONMENT}")
endfunction()

# varprop_script_test(NAME SCRIPT LABELS ... [CASES class ...] [RANKS n] [COST seconds] [TIMEOUT seconds] [ARGS ...])
#
# Tests of a Python script that drive the built varprop as a user would: all, or those of some of its classes, run by
# tests/fixtures/run.py. What may have to be skipped is an entry of its own, so that CTest's list shows the skip and it
# hides nothing. COST: about how long it takes; the longest begin first.
function(varprop_script_test name script)
  cmake_parse_arguments(ARG "" "RANKS;COST;TIMEOUT" "LABELS;CASES;ARGS" ${ARGN})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 1500)
  endif()
  varprop_time_limit(time_limit ${ARG_TIMEOUT})
  if(NOT ARG_RANKS)
    set(ARG_RANKS 1)
  endif()
  if(NOT ARG_COST)
    set(ARG_COST 1)
  endif()
  add_test(NAME ${name} COMMAND /usr/bin/python3 "${PROJECT_SOURCE_DIR}/tests/fixtures/run.py"
                                "${CMAKE_CURRENT_SOURCE_DIR}/${script}" ${ARG_CASES} --source "${PROJECT_SOURCE_DIR}"
                                --varprop $<TARGET_FILE:varprop> ${ARG_ARGS})
  set_tests_properties(${name} PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT ${time_limit} PROCESSORS ${ARG_RANKS}
                       COST ${ARG_COST} SKIP_RETURN_CODE 77 ENVIRONMENT "${VARPROP_SCRIPT_ENVIRONMENT}")
endfunction()
