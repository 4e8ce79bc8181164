// What one build at a time has for itself.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <utility>

namespace systol {

/// A lock file, held by one process at a time; the file stays.
class FileLock {
 public:
  /// Waits for whoever has it, after calling `on_wait`. Throws EnvironmentError where the file
  /// cannot be written.
  FileLock(const std::filesystem::path& path, const std::function<void()>& on_wait);
  /// The lock if nobody has it. Throws as the constructor does.
  static std::optional<FileLock> if_free(const std::filesystem::path& path);
  FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  FileLock& operator=(FileLock&&) = delete;
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  /// Does not lock it yet.
  explicit FileLock(const std::filesystem::path& path);
  bool lock_if_free() const;

  int descriptor_;
};

/// A folder to work in, empty at first, gone in the end. Its name belongs to the holder of a lock,
/// so what a killed build left there goes too. Throws what std::filesystem throws.
class WorkFolder {
 public:
  explicit WorkFolder(std::filesystem::path path);
  ~WorkFolder();
  WorkFolder(const WorkFolder&) = delete;
  WorkFolder& operator=(const WorkFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace systol
