#include "sim/base/input_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "sim/base/error.h"

namespace systol {
namespace {

constexpr std::size_t kFirstPiece = std::size_t{1} << 16;
constexpr std::size_t kMebibyte = std::size_t{1} << 20;

}  // namespace

InputFile::InputFile(const std::filesystem::path& path, std::string_view kind)
    : name_(path.string()), descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
  if (descriptor_ < 0) {
    fail(errno == ENOENT || errno == ENOTDIR
             ? "no such file"
             : fmt::format("cannot be read: {}", std::strerror(errno)));
  }
  struct stat status {};
  ::fstat(descriptor_, &status);
  regular_ = S_ISREG(status.st_mode);
  size_ = regular_ ? static_cast<std::uint64_t>(status.st_size) : 0;
  written_ = status.st_mtim;
  if (S_ISDIR(status.st_mode)) {
    ::close(descriptor_);
    fail(fmt::format("is a directory, expected {}", kind));
  }
}

InputFile::~InputFile() { ::close(descriptor_); }

void InputFile::fail(std::string_view what) const {
  throw InputError(fmt::format("{}: {}", name_, what));
}

/// `more(got)` reads on after the `got` bytes that are there, as read(2) does.
template <class More>
std::size_t InputFile::read_by(std::size_t size, const More& more) const {
  std::size_t got = 0;
  while (got < size) {
    const ssize_t fresh = more(got);
    if (fresh == 0) {
      break;
    }
    if (fresh < 0 && errno != EINTR) {
      fail(fmt::format("cannot be read: {}", std::strerror(errno)));
    }
    got += fresh < 0 ? 0 : static_cast<std::size_t>(fresh);
  }
  return got;
}

std::size_t InputFile::read(void* to, std::size_t size) {
  return read_by(size, [&](std::size_t got) {
    return ::read(descriptor_, static_cast<char*>(to) + got, size - got);
  });
}

std::size_t InputFile::read_at(std::uint64_t offset, void* to, std::size_t size) const {
  return read_by(size, [&](std::size_t got) {
    return ::pread(descriptor_, static_cast<char*>(to) + got, size - got,
                   static_cast<off_t>(offset + got));
  });
}

void InputFile::check_unchanged() const {
  struct stat status {};
  ::fstat(descriptor_, &status);
  if (status.st_mtim.tv_sec != written_.tv_sec || status.st_mtim.tv_nsec != written_.tv_nsec) {
    fail("was changed while it was in use");
  }
}

std::string read_whole_file(const std::filesystem::path& path, std::string_view kind,
                            std::size_t most) {
  InputFile file(path, kind);
  std::string text;
  while (file.size() <= most && text.size() <= most) {
    const std::size_t at = text.size();
    const std::size_t wanted = std::min(std::max(at, kFirstPiece), most + 1 - at);
    text.resize(at + wanted);
    const std::size_t got = file.read(text.data() + at, wanted);
    text.resize(at + got);
    if (got < wanted) {
      return text;
    }
  }
  file.fail(fmt::format("is larger than {} MiB, the limit for {}", most / kMebibyte, kind));
}

}  // namespace systol
