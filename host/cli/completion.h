// Completion for shells, from the definition of the command line.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace systol {

/// A script for bash that completes commands, options, values of which there are a few, and names
/// of files and folders. It is to be sourced, or installed as completions/systol.
std::string bash_completion(const CLI::App& app);

/// The same for zsh, as a function _systol for a folder of $fpath.
std::string zsh_completion(const CLI::App& app);

}  // namespace systol
