// The files that a command line names, seen together.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace systol {

/// An option, or what is read under no option's name, and its file: "-" is standard output, an
/// empty path no file.
struct FileOption {
  std::string option;
  std::string path;
};

/// To be asked before anything runs. Throws InputError where two outputs are one file or an output
/// is an input, EnvironmentError where an output cannot be written.
void check_files(std::span<const FileOption> inputs, std::span<const FileOption> outputs);

}  // namespace systol
