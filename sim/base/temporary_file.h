// A file until it is whole; nothing leaves an unfinished one.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <system_error>

namespace systol {

/// An unfinished file: beside the file that it is going to be, or beside what a symbolic link of
/// that name stands for, under a name that nobody can know before. It has the mode of the file that
/// it replaces. Unless it gets its own name, it goes with the object.
class TemporaryFile {
 public:
  /// Makes it, empty. Throws EnvironmentError, naming `final_path`, where it cannot be made or
  /// where the file that it would replace is read-only.
  explicit TemporaryFile(const std::filesystem::path& final_path);
  ~TemporaryFile();
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  const std::string& path() const { return path_; }
  /// Open for writing, until rename() or the end.
  int descriptor() const { return descriptor_; }
  /// Closes the file and gives it its own name, in place of what has it; the link stays a link.
  std::error_code rename();

 private:
  std::error_code close();
  void forget();

  std::filesystem::path final_path_;
  std::string path_;
  std::size_t slot_;  ///< in the list of names that a signal removes
  int descriptor_ = -1;
};

/// From here on SIGINT, SIGTERM and SIGHUP remove the temporary files that there are before they
/// end the process. A signal that is ignored stays ignored.
void remove_temporary_files_on_signals();

}  // namespace systol
