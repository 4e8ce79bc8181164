// Files and folders that are not whole yet: their names, and a list of them for signals.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

namespace systol {

/// What a symbolic link stands for, so that the link stays and what it stands for is replaced; the
/// path itself where it is none.
std::filesystem::path without_link(const std::filesystem::path& path);

/// A name beside `final_path` that nobody can know before.
std::string unfinished_name(const std::filesystem::path& final_path);

/// An entry in the list of what a signal removes, until the object goes. It is not an error if the
/// list is full: then a signal leaves the file.
class UnfinishedEntry {
 public:
  /// `path` must outlive the entry and stay where it is.
  explicit UnfinishedEntry(const std::string& path);
  ~UnfinishedEntry();
  UnfinishedEntry(const UnfinishedEntry&) = delete;
  UnfinishedEntry& operator=(const UnfinishedEntry&) = delete;

 private:
  std::size_t slot_;
};

/// From here on SIGINT, SIGTERM and SIGHUP remove the temporary files and folders that there are
/// before they end the process. A signal that is ignored stays ignored.
void remove_temporary_files_on_signals();

}  // namespace systol
