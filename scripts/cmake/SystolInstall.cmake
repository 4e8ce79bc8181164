# cmake --install: the command, the libraries with their headers as a CMake package, and in
# share/systol what they read when they run: the configs, the RTL and the sources to verilate it.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

# systol_libraries(<variable> <folder>): the libraries of a folder and of those below it.
function(systol_libraries variable folder)
  get_property(found DIRECTORY ${folder} PROPERTY BUILDSYSTEM_TARGETS)
  get_property(folders DIRECTORY ${folder} PROPERTY SUBDIRECTORIES)
  foreach(below IN LISTS folders)
    systol_libraries(more ${below})
    list(APPEND found ${more})
  endforeach()
  list(FILTER found INCLUDE REGEX "^systol_")
  set(${variable} ${found} PARENT_SCOPE)
endfunction()

set(libraries systol_onednn_library systol_systemc_library systol_warnings)
foreach(folder hw sim host)
  systol_libraries(more ${PROJECT_SOURCE_DIR}/${folder})
  list(APPEND libraries ${more})
endforeach()
list(REMOVE_ITEM libraries systol_cli systol_fuzz)  # the command's own

# Installed, systol_session is systol::session, and its headers are no longer in the source tree.
foreach(library IN LISTS libraries)
  string(REGEX REPLACE "^systol_" "" name ${library})
  set_target_properties(${library} PROPERTIES EXPORT_NAME ${name})
  get_target_property(folders ${library} INTERFACE_INCLUDE_DIRECTORIES)
  if(folders MATCHES "${PROJECT_SOURCE_DIR}")
    set_target_properties(${library} PROPERTIES INTERFACE_INCLUDE_DIRECTORIES
      "$<BUILD_INTERFACE:${folders}>;$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/systol>")
  endif()
endforeach()

set(package ${CMAKE_INSTALL_LIBDIR}/cmake/systol)
install(TARGETS systol)
install(TARGETS ${libraries} EXPORT systol)
install(EXPORT systol FILE systol-targets.cmake NAMESPACE systol:: DESTINATION ${package})
configure_package_config_file(
  ${CMAKE_CURRENT_LIST_DIR}/systol-config.cmake.in ${PROJECT_BINARY_DIR}/systol-config.cmake
  INSTALL_DESTINATION ${package} PATH_VARS CMAKE_INSTALL_DATADIR)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/systol-config-version.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/systol-config.cmake
              ${PROJECT_BINARY_DIR}/systol-config-version.cmake DESTINATION ${package})

# host/session is the interface; the others are what its headers include.
install(DIRECTORY hw sim host ${PROJECT_BINARY_DIR}/generated/host
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/systol
        FILES_MATCHING PATTERN "*.h" PATTERN "cli" EXCLUDE PATTERN "fuzz" EXCLUDE)
set(shared ${CMAKE_INSTALL_DATADIR}/systol)
install(DIRECTORY configs DESTINATION ${shared})
install(DIRECTORY hw sim DESTINATION ${shared}
        FILES_MATCHING PATTERN "*.sv" PATTERN "*.vlt" PATTERN "unit_shim.cpp" PATTERN "*.h")
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES third_party/vega/LICENSES DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME LICENSES.vega)
