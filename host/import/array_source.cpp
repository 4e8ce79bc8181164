#include "host/import/array_source.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <vector>

#include "host/import/idx.h"
#include "host/import/npy.h"
#include "host/import/picture_samples.h"
#include "sim/base/text.h"

namespace systol {
namespace {

constexpr std::string_view kArrayName = ".npy";
constexpr std::size_t kLargestArchive = std::size_t{1} << 31;
constexpr std::size_t kShownArrays = 20;

bool is_named_table(std::string_view name) {
  if (name.ends_with(".gz")) {
    name.remove_suffix(3);
  }
  return name.ends_with(".csv") || name.ends_with(".tsv") || name.ends_with(".txt");
}

bool is_array(const ZipEntry& entry) { return entry.name.ends_with(kArrayName); }

/// Without .npy.
std::string array_name(const ZipEntry& entry) {
  return printable(entry.name.substr(0, entry.name.size() - kArrayName.size()));
}

[[noreturn]] void refuse_member(const ByteSource& source, const ZipArchive& archive,
                                const std::string& member) {
  std::vector<std::string> names;
  for (const ZipEntry& entry : archive.entries()) {
    if (is_array(entry)) {
      names.push_back(array_name(entry));
    }
  }
  if (names.empty()) {
    source.fail("no array is in it; allowed: a .npz with files named .npy");
  }
  const std::string example = fmt::format("{}:{}", source.name(), names.front());
  if (names.size() > kShownArrays) {
    names.resize(kShownArrays);
    names.emplace_back("...");
  }
  source.fail(fmt::format("{}; its arrays are {}; allowed: one of them, as {}",
                          member.empty() ? "it has several arrays"
                                         : fmt::format("it has no array '{}'", printable(member)),
                          fmt::join(names, ", "), example));
}

const ZipEntry* find_member(const ZipArchive& archive, const std::string& member) {
  const auto is_it = [&](const ZipEntry& entry) {
    return is_array(entry) &&
           (member.empty() || entry.name == member || array_name(entry) == member);
  };
  const bool one = std::ranges::count_if(archive.entries(), is_it) == 1;
  return one ? &*std::ranges::find_if(archive.entries(), is_it) : nullptr;
}

}  // namespace

FileFormat format_of(ByteSource& source) {
  const std::string_view start = source.start();
  if (start.empty()) {
    source.fail("the file is empty");
  }
  if (is_idx(start)) {
    return FileFormat::Idx;
  }
  if (is_npy(start)) {
    return FileFormat::Npy;
  }
  if (is_zip(start)) {
    return FileFormat::Npz;
  }
  if (is_picture(start)) {
    return FileFormat::Picture;
  }
  return is_named_table(source.name()) || !source.is_regular() ? FileFormat::Table
                                                               : FileFormat::Unknown;
}

ArraySource::ArraySource(ByteSource& source, FileFormat format, const std::string& member)
    : body_(&source) {
  if (!member.empty() && format != FileFormat::Npz) {
    source.fail(
        fmt::format("it is no .npz, in which an array could be called '{}'", printable(member)));
  }
  if (format == FileFormat::Npz) {
    open_member(source, member);
  }
  header_ = format == FileFormat::Idx ? read_idx_header(*body_) : read_npy_header(*body_);
}

void ArraySource::open_member(ByteSource& source, const std::string& member) {
  archive_.emplace(read_rest(source, kLargestArchive, "a .npz"), source);
  const ZipEntry* entry = find_member(*archive_, member);
  if (entry == nullptr) {
    refuse_member(source, *archive_, member);
  }
  opened_ = archive_->open(*entry, fmt::format("{}:{}", source.name(), array_name(*entry)));
  body_ = opened_.get();
}

}  // namespace systol
