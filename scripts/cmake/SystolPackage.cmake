# What an installation has beside the program: its man page and completions, which the program itself
# writes; and the Debian package of all that, which `cpack` makes.
set(documents ${PROJECT_BINARY_DIR}/documents)
file(MAKE_DIRECTORY ${documents})
add_custom_command(
  OUTPUT ${documents}/systol.1 ${documents}/systol ${documents}/_systol
  COMMAND systol help --man > ${documents}/systol.1
  COMMAND systol completion bash > ${documents}/systol
  COMMAND systol completion zsh > ${documents}/_systol
  DEPENDS systol
  VERBATIM)
add_custom_target(systol_documents ALL
                  DEPENDS ${documents}/systol.1 ${documents}/systol ${documents}/_systol)
install(FILES ${documents}/systol.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${documents}/systol DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${documents}/_systol DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_MAINTAINER "The Systol developers")
set(CPACK_DEBIAN_PACKAGE_SECTION electronics)
# CPack's own CPACK_DEBIAN_PACKAGE_SHLIBDEPS asks of every file whether it is a program.
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_CURRENT_LIST_DIR}/package_depends.cmake)
# The rtl engine verilates arrays that no library was built for.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "g++, verilator")
set(CPACK_DEBIAN_COMPRESSION_TYPE zstd)
include(CPack)
