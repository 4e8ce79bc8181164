#include "host/import/array_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>

namespace systol {
namespace {

constexpr std::size_t kNumbersAtOnce = std::size_t{1} << 16;
constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 50;  ///< more than any disk

std::uint64_t body_bytes(const ArrayHeader& header) {
  return elements(header.shape) * bytes_of(header.format.type);
}

/// Reads the body piece by piece, and exactly to its end.
template <class Take>
void read_body(ByteReader& reader, const ArrayHeader& header, Take take) {
  const std::size_t width = bytes_of(header.format.type);
  const std::uint64_t size = body_bytes(header);
  std::vector<std::uint8_t> bytes(std::min<std::uint64_t>(size, kNumbersAtOnce * width));
  std::vector<double> numbers(bytes.size() / width);
  for (std::uint64_t at = 0; at < size;) {
    const std::size_t wanted = std::min<std::uint64_t>(bytes.size(), size - at);
    const std::size_t got = reader.read(bytes.data(), wanted);
    if (got < wanted) {
      reader.fail(fmt::format("the {} header asks for {} bytes, but only {} follow", header.kind,
                              size, at + got));
    }
    const auto piece = std::span(numbers).first(wanted / width);
    decode(std::span(bytes).first(wanted), header.format, piece);
    take(piece);
    at += wanted;
  }
  std::uint8_t extra = 0;
  if (reader.read(&extra, 1) != 0) {
    reader.fail(fmt::format("the {} header asks for {} bytes, but more follow", header.kind, size));
  }
}

}  // namespace

void check_extents(const ByteReader& reader, const ArrayHeader& header) {
  std::uint64_t bytes = bytes_of(header.format.type);
  for (const std::int64_t extent : header.shape) {
    if (extent == 0) {
      reader.fail(
          fmt::format("an {} dimension is 0 ({})", header.kind, fmt::join(header.shape, " x ")));
    }
    if (static_cast<std::uint64_t>(extent) > kMostBytes / bytes) {
      reader.fail(fmt::format("the {} header asks for {} numbers, more than a file can have",
                              header.kind, fmt::join(header.shape, " x ")));
    }
    bytes *= static_cast<std::uint64_t>(extent);
  }
}

std::vector<double> read_numbers(ByteReader& reader, const ArrayHeader& header, std::size_t kept) {
  std::vector<double> all;
  read_body(reader, header, [&](std::span<const double> piece) {
    const std::size_t wanted = std::min(piece.size(), kept - all.size());
    all.insert(all.end(), piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(wanted));
  });
  return all;
}

std::vector<float> read_floats(ByteReader& reader, const ArrayHeader& header, std::size_t kept) {
  std::vector<float> all;
  read_body(reader, header, [&](std::span<const double> piece) {
    for (const double number : piece.first(std::min(piece.size(), kept - all.size()))) {
      if (!(std::fabs(number) <= std::numeric_limits<float>::max())) {
        reader.fail(fmt::format("{} at {}; allowed: finite numbers that float32 can hold", number,
                                place_text(header.shape, all.size())));
      }
      all.push_back(static_cast<float>(number));
    }
  });
  return all;
}

}  // namespace systol
