#include "host/import/sample_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <system_error>

#include "host/import/array_source.h"
#include "host/import/csv_table.h"
#include "host/import/limits.h"
#include "host/import/picture_samples.h"
#include "sim/base/error.h"

namespace systol {
namespace {

namespace fs = std::filesystem;

constexpr float kWhiteByte = 255;

bool exists(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

/// An array's first extent counts its samples.
SampleFile read_array(ByteReader& reader, const ArrayHeader& header, std::size_t most) {
  if (header.shape.empty()) {
    reader.fail(
        fmt::format("the {} array is a single number; allowed: an array of samples", header.kind));
  }
  SampleFile file;
  file.name = reader.name();
  file.count = static_cast<std::size_t>(header.shape.front());
  file.shape.assign(header.shape.begin() + 1, header.shape.end());
  if (header.format.type == NumberType::Uint8) {
    file.white = kWhiteByte;
  }
  const std::size_t kept = std::min(file.count, most);
  check_kept(file.name, kept, file.shape);
  file.how = size_text(file.shape);
  file.values = read_floats(reader, header, kept * elements(file.shape));
  return file;
}

}  // namespace

FilePlace file_place(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos || exists(text) || !exists(text.substr(0, colon))) {
    return {text, {}};
  }
  return {text.substr(0, colon), text.substr(colon + 1)};
}

std::string size_text(const Shape& shape) {
  return shape.empty() ? "1" : fmt::format("{}", fmt::join(shape, "x"));
}

void check_kept(const std::string& name, std::uint64_t samples, const Shape& shape) {
  if (samples > kMaxValues / elements(shape)) {
    throw InputError(
        fmt::format("{}: {} samples of {} values; at most {} values are held: take fewer samples",
                    name, samples, elements(shape), kMaxValues));
  }
}

SampleFile read_sample_file(const FilePlace& place, std::size_t most) {
  std::error_code ignored;
  if (fs::is_directory(place.path, ignored)) {
    return read_picture_folder(place.path, most);
  }
  ByteSource source(place.path);
  const FileFormat format = format_of(source);
  if (!place.member.empty() || format == FileFormat::Idx || format == FileFormat::Npy ||
      format == FileFormat::Npz) {
    ArraySource array(source, format, place.member);
    return read_array(array.body(), array.header(), most);
  }
  if (format == FileFormat::Picture) {
    return read_picture_sample(source);
  }
  if (format == FileFormat::Unknown) {
    source.fail(
        "not a file of samples; allowed: IDX, .npy, .npz, PNG, PGM, PPM and PBM, which are known "
        "by "
        "their first bytes, and tables named .csv, .tsv or .txt");
  }
  return read_csv_samples(source, most);
}

}  // namespace systol
