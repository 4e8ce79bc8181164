#include "sim/rtl/work_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "sim/base/error.h"

namespace systol {

FileLock::FileLock(const std::filesystem::path& path)
    : descriptor_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)) {
  if (descriptor_ < 0) {
    throw EnvironmentError(
        fmt::format("cannot write to the cache {}: {}; set SYSTOL_CACHE to another folder",
                    path.parent_path().string(), std::strerror(errno)));
  }
}

bool FileLock::lock_if_free() const { return ::flock(descriptor_, LOCK_EX | LOCK_NB) == 0; }

FileLock::FileLock(const std::filesystem::path& path, const std::function<void()>& on_wait)
    : FileLock(path) {
  if (!lock_if_free()) {
    on_wait();
    while (::flock(descriptor_, LOCK_EX) != 0 && errno == EINTR) {
    }
  }
}

std::optional<FileLock> FileLock::if_free(const std::filesystem::path& path) {
  FileLock lock(path);
  return lock.lock_if_free() ? std::optional(std::move(lock)) : std::nullopt;
}

FileLock::~FileLock() {
  if (descriptor_ >= 0) {
    ::close(descriptor_);
  }
}

WorkFolder::WorkFolder(std::filesystem::path path) : path_(std::move(path)) {
  std::filesystem::remove_all(path_);
  std::filesystem::create_directory(path_);
}

WorkFolder::~WorkFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace systol
