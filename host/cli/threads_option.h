// --threads: how many threads a run takes.
#pragma once

#include <CLI/CLI.hpp>

namespace systol {

/// The processors that the system lets this process run on, at least 1.
unsigned available_cores();

/// Sets `threads` to the available cores, and to what the command line says.
void add_threads_option(CLI::App& command, unsigned& threads);

}  // namespace systol
