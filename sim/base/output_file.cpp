#include "sim/base/output_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>

#include "sim/base/error.h"

namespace systol {
namespace {

[[noreturn]] void fail(const std::filesystem::path& path, int error) {
  throw EnvironmentError(fmt::format("{}: cannot write: {}", path.string(), std::strerror(error)));
}

/// Returns 0 or the error of the first write that failed.
int write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(file, text.data(), text.size());
    if (written < 0 && errno != EINTR) {
      return errno;
    }
    text.remove_prefix(written < 0 ? 0 : static_cast<std::size_t>(written));
  }
  return 0;
}

/// What a symbolic link stands for: the link stays, its file is replaced.
std::filesystem::path without_link(const std::filesystem::path& path) {
  std::error_code error;
  if (!std::filesystem::is_symlink(path, error)) {
    return path;
  }
  std::filesystem::path resolved = std::filesystem::canonical(path, error);
  return error ? path : resolved;
}

}  // namespace

void write_file(const std::filesystem::path& path, std::string_view text) {
  if (path == "-") {
    std::fflush(stdout);
    if (const int error = write_all(STDOUT_FILENO, text)) {
      fail("standard output", error);
    }
    return;
  }
  // A device such as /dev/null or a pipe cannot be replaced, only written to.
  std::error_code ignored;
  const auto kind = std::filesystem::status(path, ignored).type();
  const bool replace =
      kind == std::filesystem::file_type::regular || kind == std::filesystem::file_type::not_found;
  const std::filesystem::path place = without_link(path);
  const std::string target =
      replace ? fmt::format("{}.partial.{}", place.string(), ::getpid()) : path.string();
  const int file = ::open(target.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (file < 0) {
    fail(path, errno);
  }
  int error = write_all(file, text);
  if (::close(file) != 0 && error == 0) {
    error = errno;
  }
  if (error == 0 && replace && std::rename(target.c_str(), place.c_str()) != 0) {
    error = errno;
  }
  if (error != 0) {
    if (replace) {
      ::unlink(target.c_str());
    }
    fail(path, error);
  }
}

}  // namespace systol
