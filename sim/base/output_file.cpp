#include "sim/base/output_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>

#include "sim/base/error.h"
#include "sim/base/temporary_file.h"

namespace systol {
namespace {

/// Into what is there already; returns 0 or the first error.
int write_into(const std::string& path, std::string_view text) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (file < 0) {
    return errno;
  }
  const int error = write_all(file, text);
  return ::close(file) != 0 && error == 0 ? errno : error;
}

/// A device such as /dev/null or a pipe cannot be replaced, only written to.
bool is_replaced(const std::filesystem::path& path) {
  std::error_code ignored;
  const auto kind = std::filesystem::status(path, ignored).type();
  return kind == std::filesystem::file_type::regular ||
         kind == std::filesystem::file_type::not_found;
}

}  // namespace

int write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno != EINTR) {
      return errno;
    }
    text.remove_prefix(written < 0 ? 0 : static_cast<std::size_t>(written));
  }
  return 0;
}

void require_regular(const std::filesystem::path& path) {
  if (!is_replaced(path)) {
    throw EnvironmentError(
        fmt::format("{}: cannot write: a regular file is needed here, not a device, pipe or folder",
                    path.string()));
  }
}

void throw_cannot_write(const std::filesystem::path& path, int error) {
  throw EnvironmentError(fmt::format("{}: cannot write: {}", path.string(), std::strerror(error)));
}

void write_file(const std::filesystem::path& path, std::string_view text) {
  if (path == "-") {
    std::fflush(stdout);
    if (const int error = write_all(STDOUT_FILENO, text)) {
      throw_cannot_write("standard output", error);
    }
    return;
  }
  if (!is_replaced(path)) {
    if (const int error = write_into(path, text)) {
      throw_cannot_write(path, error);
    }
    return;
  }
  TemporaryFile file(path);
  int error = write_all(file.descriptor(), text);
  if (error == 0) {
    error = file.rename().value();
  }
  if (error != 0) {
    throw_cannot_write(path, error);
  }
}

void require_writable(const std::filesystem::path& path) {
  if (path == "-") {
    return;
  }
  std::error_code ignored;
  if (is_replaced(path)) {
    const TemporaryFile file(path);  // throws where it cannot be
  } else if (std::filesystem::is_directory(path, ignored)) {
    throw_cannot_write(path, EISDIR);
  } else if (::access(path.c_str(), W_OK) != 0) {
    throw_cannot_write(path, errno);
  }
}

}  // namespace systol
