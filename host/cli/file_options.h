// The files that a command line names, seen together.
#pragma once

#include <filesystem>
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

/// A YAML file and what it extends, all under one option's name. Throws InputError.
std::vector<FileOption> yaml_file_options(const std::string& option,
                                          const std::filesystem::path& path);

/// The files of a model: a workload is one in YAML. `argument` is what the command line calls it.
std::vector<FileOption> model_file_options(const std::string& argument,
                                           const std::filesystem::path& path);

/// The same for a folder that an option writes. Throws InputError where something else than an
/// empty folder is there, or where an output lies in it.
void check_folder(const FileOption& folder, std::span<const FileOption> outputs);

/// To be asked before anything runs. Throws InputError where two outputs are one file or an output
/// is an input, EnvironmentError where an output cannot be written.
void check_files(std::span<const FileOption> inputs, std::span<const FileOption> outputs);

}  // namespace systol
