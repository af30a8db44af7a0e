# varprop_test(NAME SOURCES ... LINK ... LABELS ... [RANKS n] [TIMEOUT seconds] [ARGS ...])
#
# A GoogleTest executable. RANKS > 0 runs it under mpirun with that many ranks (oversubscribed if need be).
find_package(GTest REQUIRED)

# What nearly every test includes, compiled once for all of them: a third of their compile time.
file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/tests/precompiled.cpp" CONTENT "")
add_library(varprop_precompiled_test OBJECT "${PROJECT_BINARY_DIR}/tests/precompiled.cpp")
target_link_libraries(varprop_precompiled_test PRIVATE varprop_compile GTest::gtest nlohmann_json::nlohmann_json)
target_precompile_headers(varprop_precompiled_test PRIVATE <gtest/gtest.h> <nlohmann/json.hpp> <algorithm> <cmath>
                          <filesystem> <functional> <map> <numeric> <optional> <set> <string> <vector>)

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

function(varprop_test name)
  cmake_parse_arguments(ARG "" "RANKS;TIMEOUT" "SOURCES;LINK;LABELS;ARGS" ${ARGN})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 60)
  endif()
  varprop_time_limit(time_limit ${ARG_TIMEOUT})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_LINK} GTest::gtest_main)
  target_precompile_headers(${name} REUSE_FROM varprop_precompiled_test)
  target_compile_definitions(${name} PRIVATE "VARPROP_SOURCE_DIR=\"${PROJECT_SOURCE_DIR}\"")
  if(ARG_RANKS)
    add_test(NAME ${name} COMMAND ${MPIEXEC_EXECUTABLE} -n ${ARG_RANKS} $<TARGET_FILE:${name}> ${ARG_ARGS})
  else()
    set(ARG_RANKS 1)
    add_test(NAME ${name} COMMAND ${name} ${ARG_ARGS})
  endif()
  set_tests_properties(${name} PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT ${time_limit} PROCESSORS ${ARG_RANKS}
                       ENVIRONMENT "${VARPROP_MPIRUN_ENVIRONMENT}")
endfunction()

# varprop_script_test(NAME SCRIPT LABELS ... [CASES class ...] [RANKS n] [COST seconds] [TIMEOUT seconds] [ARGS ...])
#
# Tests of a Python script that drive the built varprop as a user would: all, or those of some of its classes, run by
# tests/fixtures/run.py. What may have to be skipped is an entry of its own, so that CTest's list shows the skip and it
# hides nothing. COST: about how long it takes; the longest begin first.
function(varprop_script_test name script)
  cmake_parse_arguments(ARG "" "RANKS;COST;TIMEOUT" "LABELS;CASES;ARGS" ${ARGN})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 600)
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
