#include "sim/base/unfinished.h"

#include <fmt/format.h>
#include <sys/random.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <system_error>

namespace systol {
namespace {

/// Names of what there is, for the signal handler: it may not allocate or lock. More than one run
/// writes at a time.
constexpr std::size_t kSlots = 4096;
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

/// The signal's own action is back by now (SA_RESETHAND) and ends the process on return. Folders go
/// after the files in them.
extern "C" void remove_and_die(int signal) {
  for (const auto remove : {&::unlink, &::rmdir}) {
    for (const std::atomic<const char*>& name : names) {
      if (const char* path = name.load()) {
        remove(path);
      }
    }
  }
  ::raise(signal);
}

std::uint64_t random_number() {
  std::uint64_t number = 0;
  // The system has enough randomness for so few bytes from its start on.
  while (::getrandom(&number, sizeof number, 0) < 0 && errno == EINTR) {
  }
  return number;
}

}  // namespace

std::filesystem::path without_link(const std::filesystem::path& path) {
  std::error_code error;
  if (!std::filesystem::is_symlink(path, error)) {
    return path;
  }
  std::filesystem::path resolved = std::filesystem::canonical(path, error);
  return error ? path : resolved;
}

std::string unfinished_name(const std::filesystem::path& final_path) {
  return fmt::format("{}.partial.{:016x}", final_path.string(), random_number());
}

UnfinishedEntry::UnfinishedEntry(const std::string& path) : slot_(enter(path.c_str())) {}

UnfinishedEntry::~UnfinishedEntry() {
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
