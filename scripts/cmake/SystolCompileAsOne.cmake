# Where there are two cores, as in CI: libraries that belong together are compiled as one, so that
# their headers are read once. In such a text a name of one file's unnamed namespace hides the same
# name of an outer one from the files after it: names there differ, and what is shared is declared once.
if(NOT SYSTOL_COMPILE_AS_ONE)
  return()
endif()

set(empty ${PROJECT_BINARY_DIR}/empty.cpp)
file(WRITE ${empty} "")

# The first library takes the .cpp files of the others, which depend on it from then on.
function(systol_compile_as_one first)
  foreach(library ${ARGN})
    get_target_property(sources systol_${library} SOURCES)
    get_target_property(folder systol_${library} SOURCE_DIR)
    get_target_property(used systol_${library} LINK_LIBRARIES)
    list(REMOVE_ITEM used systol_${first})
    set(taken ${sources})
    list(FILTER taken INCLUDE REGEX "\\.cpp$")
    list(FILTER sources EXCLUDE REGEX "\\.cpp$")
    list(TRANSFORM taken PREPEND ${folder}/)
    target_sources(systol_${first} PRIVATE ${taken})
    target_link_libraries(systol_${first} PRIVATE ${used})
    set_target_properties(systol_${library} PROPERTIES SOURCES "${sources};${empty}")
    target_link_libraries(systol_${library} PUBLIC systol_${first})
  endforeach()
endfunction()

systol_compile_as_one(isa config gates wave window)
systol_compile_as_one(graph account fuzz import run)
systol_compile_as_one(session explain export generate page report scale_sim sweep training_page)
if(SYSTOL_BUILD_COMMAND)
  systol_compile_as_one(validate result_page run_page)
endif()
