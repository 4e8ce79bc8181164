# Link systol_warnings PRIVATE: generated code and dependencies never see these flags.
add_library(systol_warnings INTERFACE)
target_include_directories(systol_warnings INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(systol_warnings INTERFACE -Wall -Wextra -Wconversion -Wshadow
                                                 -Wnon-virtual-dtor)
# g++ 12 sees overlaps and overflows in std::string and std::vector that are not there (GCC bugs
# 105329 and 105651). clang-tidy, which reads the same flags, does not know these.
target_compile_options(systol_warnings INTERFACE -Wno-restrict -Wno-stringop-overflow
                                                 -Wno-unknown-warning-option)
# Where the files of a library are compiled as one, each of them looks like a header to g++.
if(CMAKE_UNITY_BUILD)
  target_compile_options(systol_warnings INTERFACE -Wno-subobject-linkage)
endif()
if(SYSTOL_WARNINGS_AS_ERRORS)
  target_compile_options(systol_warnings INTERFACE -Werror)
endif()
if(SYSTOL_SANITIZE)
  # AddressSanitizer stops at null, too, knows the size of objects better, and sees where a pointer
  # that overflowed leads to. Nothing is cast down to a class that it might not be.
  add_compile_options(-fsanitize=address,undefined
                      -fno-sanitize=null,object-size,pointer-overflow,vptr
                      -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
  add_compile_definitions(SYSTOL_SANITIZE)
endif()
