#include "sim/base/temporary_file.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>

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

}  // namespace

TemporaryFile::TemporaryFile(const std::filesystem::path& final_path)
    : final_path_(without_link(final_path)),
      path_(fmt::format("{}.partial.{}", final_path_.string(), ::getpid())),
      slot_(enter(path_.c_str())) {}

TemporaryFile::~TemporaryFile() {
  if (!path_.empty()) {
    ::unlink(path_.c_str());
    forget();
  }
}

std::error_code TemporaryFile::rename() {
  std::error_code error;
  std::filesystem::rename(path_, final_path_, error);
  if (!error) {
    forget();
    path_.clear();
  }
  return error;
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
