#include "host/import/idx.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace systol {
namespace {

/// The format's codes.
constexpr std::array<std::pair<std::uint8_t, NumberType>, 6> kIdxTypes = {
    {{0x08, NumberType::Uint8},
     {0x09, NumberType::Int8},
     {0x0B, NumberType::Int16},
     {0x0C, NumberType::Int32},
     {0x0D, NumberType::Float32},
     {0x0E, NumberType::Float64}}};

NumberType idx_type(const ByteReader& reader, std::uint8_t code) {
  const auto* const found =
      std::ranges::find(kIdxTypes, code, &std::pair<std::uint8_t, NumberType>::first);
  if (found == kIdxTypes.end()) {
    reader.fail(fmt::format(
        "its IDX type is 0x{:02x}; allowed: 0x08 (uint8), 0x09 (int8), 0x0b (int16), 0x0c (int32), "
        "0x0d (float32), 0x0e (float64)",
        code));
  }
  return found->second;
}

}  // namespace

bool is_idx(std::string_view start) { return start.starts_with(std::string_view("\0\0", 2)); }

ArrayHeader read_idx_header(ByteReader& reader) {
  std::array<std::uint8_t, 4> magic{};
  if (reader.read(magic.data(), magic.size()) < magic.size()) {
    reader.fail("the IDX header is cut short");
  }
  ArrayHeader header{"IDX", {idx_type(reader, magic[2]), true}, Shape(magic[3])};
  for (std::int64_t& extent : header.shape) {
    std::array<std::uint8_t, 4> bytes{};
    if (reader.read(bytes.data(), bytes.size()) < bytes.size()) {
      reader.fail("the IDX header is cut short");
    }
    for (const std::uint8_t byte : bytes) {
      extent = extent << 8 | byte;
    }
  }
  check_extents(reader, header);
  return header;
}

}  // namespace systol
