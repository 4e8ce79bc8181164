#include "host/cli/file_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <system_error>

#include "sim/base/error.h"
#include "sim/base/output_file.h"
#include "sim/base/unfinished_folder.h"
#include "sim/config/yaml_tree.h"

namespace systol {
namespace {

namespace fs = std::filesystem;

/// Whether writing one file would take the other's content away. A device can be written to by
/// many.
bool same_file(const std::string& a, const std::string& b) {
  if (a == "-" || b == "-") {
    return a == b;
  }
  std::error_code error;
  const fs::file_type kind = fs::status(a, error).type();
  if (kind != fs::file_type::regular && kind != fs::file_type::not_found) {
    return false;
  }
  // What cannot be resolved cannot be written either, which is another error.
  const fs::path canonical_a = fs::weakly_canonical(fs::absolute(a), error);
  return !error && canonical_a == fs::weakly_canonical(fs::absolute(b), error);
}

/// Without links, and without a slash at its end.
fs::path absolute_path(const std::string& path) {
  std::error_code ignored;
  const fs::path absolute = fs::weakly_canonical(fs::absolute(path), ignored);
  return absolute.has_filename() ? absolute : absolute.parent_path();
}

void check_pair(const FileOption& output, const FileOption& other, bool is_input) {
  if (other.path.empty() || !same_file(output.path, other.path)) {
    return;
  }
  if (output.path == "-") {
    throw InputError(fmt::format("{} and {} both want standard output: give one of them a file",
                                 other.option, output.option));
  }
  if (is_input) {
    throw InputError(fmt::format("{} {}: that is the file of {}, which would be lost",
                                 output.option, output.path, other.option));
  }
  throw InputError(
      fmt::format("{} {}: {} writes the same file", output.option, output.path, other.option));
}

}  // namespace

std::vector<FileOption> yaml_file_options(const std::string& option, const fs::path& path) {
  std::vector<FileOption> options;
  for (const fs::path& file : yaml_files(path)) {
    options.push_back({option, file.string()});
  }
  return options;
}

std::vector<FileOption> model_file_options(const std::string& argument, const fs::path& path) {
  std::vector<FileOption> options{{argument, path.string()}};
  std::error_code ignored;
  if ((path.extension() == ".yaml" || path.extension() == ".yml") && fs::exists(path, ignored)) {
    std::ranges::copy(yaml_file_options(argument + " (extends)", path),
                      std::back_inserter(options));
  }
  return options;
}

void check_folder(const FileOption& folder, std::span<const FileOption> outputs) {
  if (folder.path.empty()) {
    return;
  }
  const fs::path place = absolute_path(folder.path);
  for (const FileOption& output : outputs) {
    const fs::path file =
        output.path.empty() || output.path == "-" ? fs::path() : absolute_path(output.path);
    if (std::ranges::mismatch(place, file).in1 == place.end()) {
      throw InputError(fmt::format("{} {}: {} writes to the same place", output.option, output.path,
                                   folder.option));
    }
  }
  try {
    require_new_folder(folder.path);
  } catch (const InputError& error) {
    throw InputError(fmt::format("{} {}", folder.option, error.what()));
  }
}

void check_files(std::span<const FileOption> inputs, std::span<const FileOption> outputs) {
  std::error_code ignored;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    if (outputs[i].path.empty()) {
      continue;
    }
    for (const FileOption& input : inputs) {
      if (fs::exists(input.path, ignored)) {
        check_pair(outputs[i], input, true);
      }
    }
    for (const FileOption& earlier : outputs.first(i)) {
      check_pair(outputs[i], earlier, false);
    }
  }
  for (const FileOption& output : outputs) {
    if (!output.path.empty()) {
      require_writable(output.path);
    }
  }
}

}  // namespace systol
