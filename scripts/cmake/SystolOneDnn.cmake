# Debian's CMake package of oneDNN asks for OpenCL, which only its GPU side needs.
find_path(DNNL_INCLUDE_DIR oneapi/dnnl/dnnl.hpp REQUIRED)
find_library(DNNL_LIBRARY dnnl REQUIRED)
add_library(systol_onednn_library INTERFACE)
target_include_directories(systol_onednn_library SYSTEM INTERFACE ${DNNL_INCLUDE_DIR})
# gomp is the OpenMP that it runs on.
target_link_libraries(systol_onednn_library INTERFACE ${DNNL_LIBRARY} gomp)
