# ccache keeps what is compiled with a precompiled header only when told that time macros in the
# header do not matter; ours has none.
foreach(language C CXX)
  if(CMAKE_${language}_COMPILER_LAUNCHER MATCHES "ccache$")
    set(CMAKE_${language}_COMPILER_LAUNCHER
        ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros
        ${CMAKE_${language}_COMPILER_LAUNCHER})
  endif()
endforeach()
