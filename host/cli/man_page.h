// The man page, from the definition of the command line.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace systol {

/// systol(1) in the language of man(7), which `man -l` shows.
std::string man_page(const CLI::App& app);

}  // namespace systol
