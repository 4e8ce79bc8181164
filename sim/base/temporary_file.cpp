#include "sim/base/temporary_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <utility>

#include "sim/base/output_file.h"

namespace systol {
namespace {

/// The permissions of a regular file; nothing if there is none.
std::optional<mode_t> mode_of(const std::filesystem::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) {
    return std::nullopt;
  }
  return status.st_mode & 0777;
}

/// A file that nobody may write to is read-only for root, too.
bool may_write(const std::filesystem::path& path, mode_t mode) {
  return (mode & 0222) != 0 && ::faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) == 0;
}

}  // namespace

TemporaryFile::TemporaryFile(const std::filesystem::path& final_path)
    : final_path_(without_link(final_path)), path_(unfinished_name(final_path_)) {
  entry_.emplace(path_);
  const std::optional<mode_t> mode = mode_of(final_path_);
  if (mode && !may_write(final_path_, *mode)) {
    throw_cannot_write(final_path, EACCES);
  }
  descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
  if (descriptor_ < 0) {
    throw_cannot_write(final_path, errno);
  }
  if (mode) {
    ::fchmod(descriptor_, *mode);
  }
}

TemporaryFile::~TemporaryFile() {
  close();
  if (!path_.empty()) {
    ::unlink(path_.c_str());
  }
}

std::error_code TemporaryFile::rename() {
  std::error_code error = close();
  if (!error) {
    std::filesystem::rename(path_, final_path_, error);
  }
  if (!error) {
    entry_.reset();
    path_.clear();
  }
  return error;
}

std::error_code TemporaryFile::close() {
  const int descriptor = std::exchange(descriptor_, -1);
  const bool failed = descriptor >= 0 && ::close(descriptor) != 0;
  return failed ? std::error_code(errno, std::generic_category()) : std::error_code();
}

}  // namespace systol
