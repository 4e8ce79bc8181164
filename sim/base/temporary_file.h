// What a file is called until it is whole, and that nothing leaves it behind.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <system_error>

namespace systol {

/// The name of an unfinished file: beside the file that it is going to be, or beside what a
/// symbolic link of that name stands for. The object makes no file; whoever has it opens `path()`.
/// Unless the file gets its own name, it goes with the object.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::filesystem::path& final_path);
  ~TemporaryFile();
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  const std::string& path() const { return path_; }
  /// Gives the file its own name, in place of what has it; the link stays a link.
  std::error_code rename();

 private:
  void forget();

  std::filesystem::path final_path_;
  std::string path_;
  std::size_t slot_;  ///< in the list of names that a signal removes
};

/// From here on SIGINT, SIGTERM and SIGHUP remove the temporary files that there are before they
/// end the process. A signal that is ignored stays ignored.
void remove_temporary_files_on_signals();

}  // namespace systol
