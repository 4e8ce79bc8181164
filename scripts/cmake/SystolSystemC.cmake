# Debian's libsystemc-dev has no CMake package. Its library was built as C++17 and carries that in
# a symbol's name, so every user must say the same or nothing links under C++20 (docs/adr).
find_package(PkgConfig REQUIRED)
pkg_check_modules(SYSTEMC REQUIRED IMPORTED_TARGET systemc)
add_library(systol_systemc_library INTERFACE)
target_link_libraries(systol_systemc_library INTERFACE PkgConfig::SYSTEMC)
target_compile_definitions(systol_systemc_library INTERFACE SC_CPLUSPLUS=201703L)
