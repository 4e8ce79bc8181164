// A file until it is whole; nothing leaves an unfinished one.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <system_error>

#include "sim/base/unfinished.h"

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

  std::filesystem::path final_path_;
  std::string path_;
  std::optional<UnfinishedEntry> entry_;
  int descriptor_ = -1;
};

}  // namespace systol
