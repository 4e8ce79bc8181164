#include "host/import/idx.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <string>

#include "host/import/byte_source.h"
#include "sim/base/error.h"

namespace systol {
namespace {

constexpr std::uint8_t kUnsignedByte = 8;  ///< the format's code for it
constexpr std::size_t kImageChunk = std::size_t{1} << 20;

using Dimensions = std::vector<std::size_t>;

/// The header: two zero bytes, the type, the number of dimensions, each dimension in 32 bits with
/// the most significant byte first.
Dimensions read_header(ByteSource& source) {
  std::array<std::uint8_t, 4> magic{};
  if (source.read(magic.data(), magic.size()) < magic.size() || magic[0] != 0 || magic[1] != 0) {
    source.fail("not an IDX file (it must begin with two zero bytes)");
  }
  if (magic[2] != kUnsignedByte) {
    source.fail(
        fmt::format("its IDX type is 0x{:02x}; unsigned bytes (0x08) are supported", magic[2]));
  }
  Dimensions dimensions(magic[3]);
  for (std::size_t& dimension : dimensions) {
    std::array<std::uint8_t, 4> bytes{};
    if (source.read(bytes.data(), bytes.size()) < bytes.size()) {
      source.fail("the IDX header is cut short");
    }
    for (const std::uint8_t byte : bytes) {
      dimension = dimension << 8 | byte;
    }
  }
  return dimensions;
}

std::uint64_t size_of(const ByteSource& source, const Dimensions& dimensions) {
  std::uint64_t size = 1;
  for (const std::size_t dimension : dimensions) {
    if (dimension == 0) {
      source.fail(fmt::format("an IDX dimension is 0 ({})", fmt::join(dimensions, " x ")));
    }
    if (dimension > kMaxIdxBytes / size) {
      source.fail(fmt::format("the IDX header asks for {} bytes; at most 1 GiB is supported",
                              fmt::join(dimensions, " x ")));
    }
    size *= dimension;
  }
  return size;
}

/// Exactly `size` bytes, and then the end. Memory grows with what is there, not with `size`.
std::vector<std::uint8_t> read_body(ByteSource& source, std::uint64_t size) {
  std::vector<std::uint8_t> body;
  while (body.size() < size) {
    const std::size_t at = body.size();
    const std::size_t wanted = std::min<std::size_t>(kImageChunk, size - at);
    body.resize(at + wanted);
    const std::size_t got = source.read(body.data() + at, wanted);
    if (got < wanted) {
      source.fail(
          fmt::format("the IDX header asks for {} bytes, but only {} follow", size, at + got));
    }
  }
  std::uint8_t extra = 0;
  if (source.read(&extra, 1) != 0) {
    source.fail(fmt::format("the IDX header asks for {} bytes, but more follow", size));
  }
  return body;
}

}  // namespace

IdxImages read_idx_images(const std::filesystem::path& path) {
  ByteSource source(path);
  const Dimensions dimensions = read_header(source);
  if (dimensions.size() != 2 && dimensions.size() != 3) {
    source.fail(fmt::format("it has {} dimensions; images have two or three", dimensions.size()));
  }
  IdxImages images;
  images.count = dimensions[0];
  images.height = dimensions.size() == 3 ? dimensions[1] : 1;
  images.width = dimensions.back();
  images.pixels = read_body(source, size_of(source, dimensions));
  return images;
}

std::vector<std::uint8_t> read_idx_labels(const std::filesystem::path& path) {
  ByteSource source(path);
  const Dimensions dimensions = read_header(source);
  if (dimensions.size() != 1) {
    source.fail(fmt::format("it has {} dimensions; labels have one", dimensions.size()));
  }
  return read_body(source, size_of(source, dimensions));
}

void check_labels(const IdxImages& images, const std::vector<std::uint8_t>& labels,
                  const std::filesystem::path& path) {
  if (labels.size() != images.count) {
    throw InputError(fmt::format("{}: it holds {} labels, but there are {} images", path.string(),
                                 labels.size(), images.count));
  }
}

}  // namespace systol
