#include "sim/base/temporary_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <optional>
#include <utility>

#include "sim/base/output_file.h"

namespace systol {
namespace {

/// Names of the files that there are, for the signal handler: it may not allocate or lock. Far more
/// than one run writes at a time; a file beyond them is only not removed by a signal.
constexpr std::size_t kSlots = 16;
std::array<std::atomic<const char*>, kSlots> names{};
static_assert(std::atomic<const char*>::is_always_lock_free);

/// Returns kSlots if there is no slot left.
std::size_t enter(const char* name) {
  for (std::size_t i = 0; i < kSlots; ++i) {
    const char* none = nullptr;
    if (names[i].compare_exchange_strong(none, name)) {
      return i;
    }
  }
  return kSlots;
}

/// The signal's own action is back by now (SA_RESETHAND) and ends the process on return.
extern "C" void remove_and_die(int signal) {
  for (const std::atomic<const char*>& name : names) {
    if (const char* path = name.load()) {
      ::unlink(path);
    }
  }
  ::raise(signal);
}

/// What a symbolic link stands for, so that the link stays and its file is replaced.
std::filesystem::path without_link(const std::filesystem::path& path) {
  std::error_code error;
  if (!std::filesystem::is_symlink(path, error)) {
    return path;
  }
  std::filesystem::path resolved = std::filesystem::canonical(path, error);
  return error ? path : resolved;
}

std::uint64_t random_number() {
  std::uint64_t number = 0;
  // The system has enough randomness for so few bytes from its start on.
  while (::getrandom(&number, sizeof number, 0) < 0 && errno == EINTR) {
  }
  return number;
}

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
    : final_path_(without_link(final_path)),
      path_(fmt::format("{}.partial.{:016x}", final_path_.string(), random_number())),
      slot_(enter(path_.c_str())) {
  const std::optional<mode_t> mode = mode_of(final_path_);
  if (mode && !may_write(final_path_, *mode)) {
    forget();
    throw_cannot_write(final_path, EACCES);
  }
  descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
  if (descriptor_ < 0) {
    const int error = errno;
    forget();
    throw_cannot_write(final_path, error);
  }
  if (mode) {
    ::fchmod(descriptor_, *mode);
  }
}

TemporaryFile::~TemporaryFile() {
  close();
  if (!path_.empty()) {
    ::unlink(path_.c_str());
    forget();
  }
}

std::error_code TemporaryFile::rename() {
  std::error_code error = close();
  if (!error) {
    std::filesystem::rename(path_, final_path_, error);
  }
  if (!error) {
    forget();
    path_.clear();
  }
  return error;
}

std::error_code TemporaryFile::close() {
  const int descriptor = std::exchange(descriptor_, -1);
  const bool failed = descriptor >= 0 && ::close(descriptor) != 0;
  return failed ? std::error_code(errno, std::generic_category()) : std::error_code();
}

void TemporaryFile::forget() {
  if (slot_ < kSlots) {
    names[slot_].store(nullptr);
  }
}

void remove_temporary_files_on_signals() {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction old {};
    if (::sigaction(signal, nullptr, &old) == 0 && old.sa_handler != SIG_IGN) {
      struct sigaction action {};
      action.sa_handler = remove_and_die;
      action.sa_flags = static_cast<int>(SA_RESETHAND);
      ::sigemptyset(&action.sa_mask);
      ::sigaction(signal, &action, nullptr);
    }
  }
}

}  // namespace systol
