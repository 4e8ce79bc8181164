#include "sim/base/unfinished_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

#include "sim/base/error.h"
#include "sim/base/output_file.h"

namespace systol {
namespace {

namespace fs = std::filesystem;

/// Without a slash at its end, after which no name can follow.
fs::path without_slash(const fs::path& path) {
  return path.has_filename() || !path.has_parent_path() ? path : path.parent_path();
}

void require_nothing_there(const fs::path& path) {
  std::error_code error;
  const fs::file_type kind = fs::status(path, error).type();
  if (kind == fs::file_type::not_found) {
    return;
  }
  if (kind != fs::file_type::directory) {
    throw InputError(fmt::format(
        "{}: is there and no folder; allowed: a folder that is new or empty", path.string()));
  }
  const bool empty = fs::is_empty(path, error);
  if (error) {
    throw_cannot_write(path, error.value());
  }
  if (!empty) {
    throw InputError(fmt::format(
        "{}: is there and not empty; allowed: a folder that is new or empty", path.string()));
  }
}

}  // namespace

UnfinishedFolder::UnfinishedFolder(const fs::path& final_path)
    : final_path_(without_link(without_slash(final_path))) {
  require_nothing_there(final_path_);
  parts_.emplace_back(unfinished_name(final_path_));
  if (::mkdir(parts_.front().path.c_str(), 0777) != 0) {
    throw_cannot_write(final_path, errno);
  }
}

UnfinishedFolder::~UnfinishedFolder() {
  while (!parts_.empty()) {
    std::remove(parts_.back().path.c_str());
    parts_.pop_back();
  }
}

void UnfinishedFolder::write(const std::string& name,
                             std::initializer_list<std::string_view> pieces) {
  parts_.emplace_back(parts_.front().path + '/' + name);
  const int file = ::open(parts_.back().path.c_str(),
                          O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
  int error = file < 0 ? errno : 0;
  for (const std::string_view piece : pieces) {
    error = error == 0 ? write_all(file, piece) : error;
  }
  if (file >= 0 && ::close(file) != 0 && error == 0) {
    error = errno;
  }
  if (error != 0) {
    throw_cannot_write(final_path_ / name, error);
  }
}

void UnfinishedFolder::finish() {
  if (::rename(parts_.front().path.c_str(), final_path_.c_str()) != 0) {
    throw_cannot_write(final_path_, errno);
  }
  parts_.clear();
}

void require_new_folder(const fs::path& path) { const UnfinishedFolder folder(path); }

}  // namespace systol
