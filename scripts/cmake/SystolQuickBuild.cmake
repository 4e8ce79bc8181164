# For CI, most of which is compiling: a library is optimised as far as the time that tests spend in it
# is worth it.

# systol_compile_quickly(<target>...): in CI not by g++, but by clang++ where it is installed, which
# takes little more than half the time for what is not optimised.
if(SYSTOL_QUICK_BUILD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  find_program(SYSTOL_QUICK_COMPILER clang++)
endif()
function(systol_compile_quickly)
  if(SYSTOL_QUICK_COMPILER)
    set_target_properties(
      ${ARGN} PROPERTIES CXX_COMPILER_LAUNCHER
      "${PROJECT_SOURCE_DIR}/scripts/cmake/with_clang;${CMAKE_CXX_COMPILER};${CMAKE_CXX_COMPILER_LAUNCHER}")
  endif()
endfunction()

if(NOT SYSTOL_QUICK_BUILD)
  return()
endif()

# Links in a quarter of the time.
find_program(SYSTOL_LLD ld.lld)
if(SYSTOL_LLD)
  add_link_options(-fuse-ld=lld)
endif()

function(systol_optimise level)
  foreach(library ${ARGN})
    target_compile_options(systol_${library} PRIVATE ${level})
  endforeach()
endfunction()

# A run spends next to no time in these.
set(around_a_run cli explain export generate page report result_page run_page scale_sim session sweep training_page
                 validate)
systol_optimise(-O0 ${around_a_run})
list(TRANSFORM around_a_run PREPEND systol_)
systol_compile_quickly(${around_a_run})
if(SYSTOL_PYTHON)
  systol_compile_quickly(systol_python)
endif()
# In these it spends some. With sanitizers, optimising them takes as long as all else that a compiler
# does.
systol_optimise($<IF:$<BOOL:${SYSTOL_SANITIZE}>,-O0,-O1> account characterise config fuzz gates graph
                import isa run train wave window)
systol_optimise(-O1 compile rtl systemc)
# With -O1 g++ leaves the upper halves of vector registers in use after a function for newer processors,
# with which exp and erf take ten times as long.
target_compile_options(systol_train PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fexpensive-optimizations>)

# Memory is there: g++ need not look for what it could give back.
target_compile_options(
  systol_warnings
  INTERFACE
    $<$<COMPILE_LANG_AND_ID:CXX,GNU>:--param=ggc-min-expand=300;--param=ggc-min-heapsize=2000000>)
