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

FileLock::FileLock(const std::filesystem::path& path, const std::function<void()>& on_wait)
    : descriptor_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)) {
  if (descriptor_ < 0) {
    throw EnvironmentError(
        fmt::format("cannot write to the cache {}: {}; set SYSTOL_CACHE to another folder",
                    path.parent_path().string(), std::strerror(errno)));
  }
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
    on_wait();
    while (::flock(descriptor_, LOCK_EX) != 0 && errno == EINTR) {
    }
  }
}

FileLock::~FileLock() { ::close(descriptor_); }

WorkFolder::WorkFolder(std::filesystem::path path) : path_(std::move(path)) {
  std::filesystem::remove_all(path_);
  std::filesystem::create_directory(path_);
}

WorkFolder::~WorkFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace systol
