#include "sim/base/output_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>
#include <utility>

#include "sim/base/error.h"
#include "sim/base/temporary_file.h"

namespace systol {
namespace {

/// Parts of a text, written in blocks; the first error ends it.
class Parts {
 public:
  Parts(std::filesystem::path path, int descriptor)
      : path_(std::move(path)), descriptor_(descriptor) {}

  void add(std::string_view part) {
    constexpr std::size_t kBlock = std::size_t{1} << 16U;
    text_ += part;
    if (text_.size() >= kBlock) {
      flush();
    }
  }
  void flush() {
    if (const int error = write_all(descriptor_, text_)) {
      throw_cannot_write(path_, error);
    }
    text_.clear();
  }

 private:
  std::filesystem::path path_;
  int descriptor_;
  std::string text_;
};

void write_parts(const std::filesystem::path& path, int descriptor,
                 const std::function<void(const TextSink&)>& make) {
  Parts parts(path, descriptor);
  make([&parts](std::string_view part) { parts.add(part); });
  parts.flush();
}

/// Into what is there already.
void write_into(const std::filesystem::path& path,
                const std::function<void(const TextSink&)>& make) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (file < 0) {
    throw_cannot_write(path, errno);
  }
  try {
    write_parts(path, file, make);
  } catch (...) {
    ::close(file);
    throw;
  }
  if (::close(file) != 0) {
    throw_cannot_write(path, errno);
  }
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
  write_file(path, [text](const TextSink& put) { put(text); });
}

void write_file(const std::filesystem::path& path,
                const std::function<void(const TextSink&)>& make) {
  if (path == "-") {
    std::fflush(stdout);
    write_parts("standard output", STDOUT_FILENO, make);
    return;
  }
  if (!is_replaced(path)) {
    write_into(path, make);
    return;
  }
  TemporaryFile file(path);
  write_parts(path, file.descriptor(), make);
  if (const std::error_code error = file.rename()) {
    throw_cannot_write(path, error.value());
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
