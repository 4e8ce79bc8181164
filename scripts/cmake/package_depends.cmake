# For cpack, with the files in place: the packages that the programs' shared libraries come from.
if(NOT CPACK_GENERATOR STREQUAL "DEB")
  return()
endif()
file(GLOB programs "${CPACK_TEMPORARY_INSTALL_DIRECTORY}${CPACK_PACKAGING_INSTALL_PREFIX}/bin/*")
# dpkg-shlibdeps wants to be in the folder of a source package.
set(work "${CPACK_TOPLEVEL_DIRECTORY}/depends")
file(WRITE "${work}/debian/control" "Source: ${CPACK_PACKAGE_NAME}\n")
execute_process(COMMAND dpkg-shlibdeps -O ${programs} WORKING_DIRECTORY "${work}"
                OUTPUT_VARIABLE depends COMMAND_ERROR_IS_FATAL ANY)
if(NOT depends MATCHES "shlibs:Depends=.")
  message(FATAL_ERROR "dpkg-shlibdeps named no package: ${depends}")
endif()
string(REGEX MATCH "shlibs:Depends=([^\n]*)" line "${depends}")
set(CPACK_DEBIAN_PACKAGE_DEPENDS "${CMAKE_MATCH_1}")
