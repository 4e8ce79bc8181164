#include "sim/rtl/cached_file.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "sim/base/error.h"
#include "sim/base/input_file.h"
#include "sim/rtl/unit_recipe.h"

namespace systol {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLargest = std::size_t{1} << 30;

}  // namespace

std::string content_hash(const fs::path& path) {
  try {
    return unit_recipe::Hash().add(read_whole_file(path, "a library", kLargest)).text();
  } catch (const InputError&) {
    return {};
  }
}

bool is_private(const fs::path& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 &&
         (status.st_uid == ::geteuid() || status.st_uid == 0) &&
         (status.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

void make_private_folder(const fs::path& path) {
  const fs::path above =
      path.has_filename() ? path.parent_path() : path.parent_path().parent_path();
  fs::create_directories(above);
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) {
    throw fs::filesystem_error("cannot make", path,
                               std::error_code(errno, std::generic_category()));
  }
  if (!fs::is_directory(path)) {
    throw fs::filesystem_error("cannot make", path,
                               std::make_error_code(std::errc::not_a_directory));
  }
  if (!is_private(path)) {
    throw EnvironmentError(fmt::format(
        "others than you can write to the cache {}, and so to the programs in it: set SYSTOL_CACHE "
        "to a folder of your own",
        path.string()));
  }
}

}  // namespace systol
