# varprop_add_report_assets(TARGET): puts into a library what reports are drawn with: the charts of report/page/charts, and, where npm
# is there and works, the page and the program of figures that it builds. Without it they are empty files, and `analyze`
# says so.
set(VARPROP_REPORT_BUILD "${PROJECT_BINARY_DIR}/report" CACHE INTERNAL "The build's copy of report/page, with node_modules")
find_program(VARPROP_NPM npm DOC "npm, which builds the page of reports")
find_program(VARPROP_NODE node nodejs DOC "node, which npm runs on")
mark_as_advanced(VARPROP_NPM VARPROP_NODE)

if(NOT VARPROP_NPM OR NOT VARPROP_NODE)
  message(STATUS "npm or node was not found: varprop is built without report.html and --figures; all else works. "
                 "Install nodejs and npm and configure again to have them.")
endif()

function(varprop_embed_file symbol path)
  set(VARPROP_EMBEDDED "${VARPROP_EMBEDDED}VARPROP_EMBED(${symbol}, \"${path}\")\n" PARENT_SCOPE)
  set(files "${files};${path}" PARENT_SCOPE)
endfunction()

function(varprop_build_report page figures)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/report/page/*")
  list(FILTER sources EXCLUDE REGEX "/(node_modules|dist)/")
  foreach(made "${page}" "${figures}")  # what an attempt without a network has left is tried again
    if(EXISTS "${made}")
      file(SIZE "${made}" size)
      if(size EQUAL 0)
        file(REMOVE "${made}")
      endif()
    endif()
  endforeach()
  add_custom_command(
    OUTPUT "${page}" "${figures}"
    COMMAND ${CMAKE_COMMAND} -D "NPM=${VARPROP_NPM}" -D "NODE=${VARPROP_NODE}" -D "SOURCE=${PROJECT_SOURCE_DIR}/report/page"
            -D "BUILD=${VARPROP_REPORT_BUILD}" -D "PAGE=${page}" -D "FIGURES=${figures}"
            -D "TESTS=${VARPROP_BUILD_TESTS}" -P "${PROJECT_SOURCE_DIR}/cmake/BuildReport.cmake"
    DEPENDS ${sources} "${PROJECT_SOURCE_DIR}/cmake/BuildReport.cmake"
    COMMENT "Building the page of reports (npm)" VERBATIM)
endfunction()

function(varprop_add_report_assets target)
  set(made "${PROJECT_BINARY_DIR}/report-assets")
  set(generated "${made}/report_assets.cpp")
  varprop_build_report("${made}/page.html" "${made}/figures.mjs")
  varprop_embed_file(page "${made}/page.html")
  varprop_embed_file(figures "${made}/figures.mjs")
  varprop_embed_file(look "${PROJECT_SOURCE_DIR}/report/page/looks/light.json")
  file(GLOB charts CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/report/page/charts/*.vl.json")
  list(SORT charts)
  foreach(chart ${charts})
    get_filename_component(name "${chart}" NAME)
    string(REGEX REPLACE "\\.vl\\.json$" "" name "${name}")
    string(MAKE_C_IDENTIFIER "chart_${name}" symbol)
    varprop_embed_file(${symbol} "${chart}")
    string(APPEND VARPROP_CHART_LIST "      {\"${name}\", between(varprop_${symbol}_begin, varprop_${symbol}_end)},\n")
  endforeach()
  configure_file("${PROJECT_SOURCE_DIR}/report/data/report_assets.cpp.in" "${generated}" @ONLY)
  set_property(SOURCE "${generated}" APPEND PROPERTY OBJECT_DEPENDS "${files}")
  target_sources(${target} PRIVATE "${generated}")
endfunction()
