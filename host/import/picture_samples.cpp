#include "host/import/picture_samples.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <span>
#include <string>
#include <system_error>
#include <vector>

#include "host/import/netpbm.h"
#include "host/import/png_picture.h"
#include "sim/base/error.h"

namespace systol {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 5> kPictureNames = {".png", ".pgm", ".ppm", ".pbm", ".pnm"};
constexpr std::size_t kMostFiles = 10'000'000;

bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

/// Takes the digits from the front of `text`, without zeros before them.
std::string_view take_digits(std::string_view& text) {
  const auto end =
      static_cast<std::size_t>(std::ranges::find_if_not(text, is_digit) - text.begin());
  std::string_view digits = text.substr(0, end);
  text.remove_prefix(end);
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
  return digits;
}

bool has_picture_name(const fs::path& path) {
  std::string extension = path.extension().string();
  std::ranges::transform(extension, extension.begin(), [](char c) {
    return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  });
  return std::ranges::find(kPictureNames, extension) != kPictureNames.end();
}

struct FolderFiles {
  std::vector<std::string> pictures;  ///< names, in natural order
  std::size_t others = 0;
};

FolderFiles files_of(const fs::path& folder) {
  FolderFiles files;
  std::error_code error;
  fs::directory_iterator entry(folder, error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    std::error_code ignored;
    if (!entry->is_regular_file(ignored) || !has_picture_name(entry->path())) {
      ++files.others;
      continue;
    }
    files.pictures.push_back(entry->path().filename().string());
    if (files.pictures.size() > kMostFiles) {
      throw InputError(fmt::format("{}: more than {} pictures; that many are supported",
                                   folder.string(), kMostFiles));
    }
  }
  if (error) {
    throw InputError(fmt::format("{}: cannot be read: {}", folder.string(), error.message()));
  }
  std::ranges::sort(files.pictures, natural_less);
  return files;
}

Picture read_picture(ByteSource& source) {
  return is_png(source.start()) ? read_png(source) : read_netpbm(source);
}

Shape shape_of(const Picture& picture) {
  Shape shape{static_cast<std::int64_t>(picture.height), static_cast<std::int64_t>(picture.width)};
  if (picture.channels > 1) {
    shape.push_back(static_cast<std::int64_t>(picture.channels));
  }
  return shape;
}

/// "28x28 pixels 0..255", "28x28x3 pixels 0..65535".
std::string kind_of(const SampleFile& file) {
  return fmt::format("{} pixels 0..{}", size_text(file.shape), *file.white);
}

/// The first picture says what the file is; the others must be the same.
void add_picture(SampleFile& file, const Picture& picture, const std::string& name,
                 const std::string& first_name) {
  SampleFile alone;
  alone.shape = shape_of(picture);
  alone.white = static_cast<float>(picture.white);
  if (file.values.empty()) {
    file.shape = alone.shape;
    file.white = alone.white;
    file.channels_last = true;
  }
  if (kind_of(alone) != kind_of(file)) {
    throw InputError(fmt::format("{}: it has {}; allowed: {}, as {} has", name, kind_of(alone),
                                 kind_of(file), first_name));
  }
  file.values.insert(file.values.end(), picture.samples.begin(), picture.samples.end());
}

const char* alpha_text(bool had_alpha) { return had_alpha ? ", what is transparent on black" : ""; }

const char* plural(std::size_t count) { return count == 1 ? "" : "s"; }

}  // namespace

bool is_picture(std::string_view start) { return is_png(start) || is_netpbm(start); }

SampleFile read_picture_sample(ByteSource& source) {
  SampleFile file;
  file.name = source.name();
  file.count = 1;
  const Picture picture = read_picture(source);
  add_picture(file, picture, file.name, file.name);
  file.how = size_text(file.shape) + alpha_text(picture.had_alpha);
  return file;
}

SampleFile read_picture_folder(const fs::path& folder, std::size_t most) {
  const FolderFiles files = files_of(folder);
  SampleFile file;
  file.name = folder.string();
  file.count = files.pictures.size();
  if (file.count == 0) {
    throw InputError(fmt::format("{}: no pictures in this folder; allowed: files named {}",
                                 file.name, fmt::join(kPictureNames, ", ")));
  }
  bool had_alpha = false;
  for (const std::string& name : std::span(files.pictures).first(std::min(file.count, most))) {
    ByteSource source(folder / name);
    const Picture picture = read_picture(source);
    check_kept(file.name, std::min(file.count, most), shape_of(picture));
    add_picture(file, picture, source.name(), files.pictures.front());
    had_alpha = had_alpha || picture.had_alpha;
  }
  file.how = fmt::format("{} picture{} in the natural order of their names", file.count,
                         plural(file.count));
  if (files.others > 0) {
    file.how += fmt::format(" ({} other file{} passed over)", files.others, plural(files.others));
  }
  file.how += fmt::format(", {}{}", size_text(file.shape), alpha_text(had_alpha));
  return file;
}

bool natural_less(std::string_view a, std::string_view b) {
  const std::string_view whole_a = a;
  const std::string_view whole_b = b;
  while (!a.empty() && !b.empty()) {
    if (is_digit(a.front()) && is_digit(b.front())) {
      const std::string_view number_a = take_digits(a);
      const std::string_view number_b = take_digits(b);
      if (number_a != number_b) {
        return number_a.size() != number_b.size() ? number_a.size() < number_b.size()
                                                  : number_a < number_b;
      }
    } else if (a.front() != b.front()) {
      return static_cast<unsigned char>(a.front()) < static_cast<unsigned char>(b.front());
    } else {
      a.remove_prefix(1);
      b.remove_prefix(1);
    }
  }
  return a.empty() != b.empty() ? a.empty() : whole_a < whole_b;
}

}  // namespace systol
