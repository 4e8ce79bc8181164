# cmake -DPROGRAM=<GoogleTest program> -DLIST=<file> -P list_suites.cmake: writes a ctest for each
# suite of the program.
execute_process(COMMAND ${PROGRAM} --gtest_list_tests OUTPUT_VARIABLE listed
                COMMAND_ERROR_IS_FATAL ANY TIMEOUT 60)
# Lines that are not indented name suites: "Suite." or "Suite.  # TypeParam = ..."
string(REGEX MATCHALL "(^|\n)[A-Za-z0-9_/]+\\." suites "${listed}")
get_filename_component(program ${PROGRAM} NAME)
set(text "")
foreach(suite IN LISTS suites)
  string(STRIP "${suite}" suite)
  string(REGEX REPLACE "\\.$" "" suite "${suite}")
  string(APPEND text
    "add_test([==[${program}.${suite}]==] [==[${PROGRAM}]==] [==[--gtest_filter=${suite}.*]==])\n"
    "set_tests_properties([==[${program}.${suite}]==] PROPERTIES\n"
    "  ENVIRONMENT SYSTEMC_DISABLE_COPYRIGHT_MESSAGE=1)\n")
endforeach()
file(WRITE ${LIST} "${text}")
