# systol_test(<name> [PROCESS_PER_TEST] SOURCES <files> LIBRARIES <targets>): one GoogleTest program.
# Each of its suites is a ctest of its own, in a process of its own; with PROCESS_PER_TEST each TEST
# is, for tests that change what belongs to the whole process.
#
# Tests' own sources are not optimised and share one precompiled header: they are compiled more
# often than they run, and what they test is optimised.
find_package(GTest REQUIRED)
include(GoogleTest)

function(systol_test_options target)
  systol_compile_quickly(${target})
  target_compile_options(${target} PRIVATE -O0)
  target_link_libraries(${target} PRIVATE systol_warnings GTest::gtest GTest::gtest_main fmt::fmt
                                          nlohmann_json::nlohmann_json)
endfunction()

add_library(systol_test_headers OBJECT precompiled.cpp)
systol_test_options(systol_test_headers)
target_precompile_headers(systol_test_headers PRIVATE precompiled.h)

function(systol_test name)
  cmake_parse_arguments(ARG "PROCESS_PER_TEST" "" "SOURCES;LIBRARIES" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  systol_test_options(${name})
  target_precompile_headers(${name} REUSE_FROM systol_test_headers)
  target_link_libraries(${name} PRIVATE ${ARG_LIBRARIES})
  if(ARG_PROCESS_PER_TEST)
    gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60
                         PROPERTIES ENVIRONMENT "SYSTEMC_DISABLE_COPYRIGHT_MESSAGE=1")
  else()
    systol_discover_suites(${name})
  endif()
endfunction()

# After each build of the program, asks it for its suites and writes what ctest includes.
function(systol_discover_suites name)
  set(list ${CMAKE_CURRENT_BINARY_DIR}/${name}_suites.cmake)
  add_custom_command(
    TARGET ${name} POST_BUILD
    BYPRODUCTS ${list}
    COMMAND ${CMAKE_COMMAND} -DPROGRAM=$<TARGET_FILE:${name}> -DLIST=${list}
            -P ${PROJECT_SOURCE_DIR}/scripts/cmake/list_suites.cmake
    VERBATIM)
  set(include ${CMAKE_CURRENT_BINARY_DIR}/${name}_include.cmake)
  file(WRITE ${include} "if(EXISTS \"${list}\")\n  include(\"${list}\")\nelse()\n"
                        "  add_test(${name}_NOT_BUILT ${name}_NOT_BUILT)\nendif()\n")
  set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES ${include})
endfunction()
