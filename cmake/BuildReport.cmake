# cmake -D NPM=... -D NODE=... -D SOURCE=report/page -D BUILD=DIR -D PAGE=FILE -D FIGURES=FILE -D TESTS=ON|OFF -P BuildReport.cmake
#
# Builds report/page in a copy of it, and takes page.html and figures.mjs out of it. Where npm is missing or fails (no network, say)
# both are left empty: the build goes on without the page, and says so.
cmake_minimum_required(VERSION 3.25)

function(give_up reason)
  file(WRITE "${PAGE}" "")
  file(WRITE "${FIGURES}" "")
  message(NOTICE "
**********************************************************************
varprop is built WITHOUT report.html and --figures: ${reason}
All else works. Configure and build again to try once more.
**********************************************************************
")
endfunction()

function(run_npm result)
  execute_process(COMMAND "${NPM}" ${ARGN} WORKING_DIRECTORY "${BUILD}" RESULT_VARIABLE status OUTPUT_VARIABLE said
                  ERROR_VARIABLE complained TIMEOUT 900)
  set(${result} "${status}" PARENT_SCOPE)
  if(NOT status EQUAL 0)
    message(NOTICE "npm ${ARGN}:\n${said}\n${complained}")
  endif()
endfunction()

if(NOT NPM OR NOT NODE)
  give_up("npm or node was not found. Install nodejs and npm.")
  return()
endif()
if(NOT EXISTS "${SOURCE}/package-lock.json")
  give_up("report/page/package-lock.json is missing, and without it nothing says which packages are meant.")
  return()
endif()

file(GLOB entries RELATIVE "${SOURCE}" "${SOURCE}/*")
list(REMOVE_ITEM entries node_modules dist)
foreach(entry ${entries})
  file(REMOVE_RECURSE "${BUILD}/${entry}")
  file(COPY "${SOURCE}/${entry}" DESTINATION "${BUILD}")
endforeach()

# The packages are fetched again only where the list of them has changed.
file(SHA256 "${SOURCE}/package-lock.json" lock)
set(wanted "${lock} with tests: ${TESTS}")
set(installed "")
if(EXISTS "${BUILD}/.installed" AND EXISTS "${BUILD}/node_modules")
  file(READ "${BUILD}/.installed" installed)
endif()
if(NOT installed STREQUAL wanted)
  set(omit --omit=dev)
  if(TESTS)
    set(omit --include=dev)
  endif()
  run_npm(status ci ${omit} --no-audit --no-fund --fetch-retries=1 --fetch-timeout=60000)
  if(NOT status EQUAL 0)
    give_up("`npm ci` failed; is there a network?")
    return()
  endif()
  file(WRITE "${BUILD}/.installed" "${wanted}")
endif()

run_npm(status run build)
if(NOT status EQUAL 0 OR NOT EXISTS "${BUILD}/dist/page.html" OR NOT EXISTS "${BUILD}/dist/figures.mjs")
  give_up("`npm run build` failed; node 18 or newer is wanted.")
  return()
endif()
configure_file("${BUILD}/dist/page.html" "${PAGE}" COPYONLY)
configure_file("${BUILD}/dist/figures.mjs" "${FIGURES}" COPYONLY)
file(TOUCH "${PAGE}" "${FIGURES}")
