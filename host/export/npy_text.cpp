#include "host/export/npy_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <bit>

namespace systol {
namespace {

constexpr std::size_t kNpyAlignment = 64;  ///< of the first number, so that a file can be mapped

}  // namespace

std::string npy_header(std::string_view type, const Shape& shape) {
  std::string text = fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': ({}{}), }}",
                                 type, fmt::join(shape, ", "), shape.size() == 1 ? "," : "");
  const std::string_view magic("\x93NUMPY\x01\x00", 8);
  const std::size_t before = magic.size() + 2 + text.size() + 1;
  text.append((kNpyAlignment - before % kNpyAlignment) % kNpyAlignment, ' ');
  text += '\n';
  std::string header(magic);
  header += static_cast<char>(text.size() & 0xFF);
  header += static_cast<char>(text.size() >> 8);
  return header + text;
}

std::string npy_text(std::span<const float> values, const Shape& shape) {
  static_assert(std::endian::native == std::endian::little);
  return npy_header("<f4", shape)
      .append(reinterpret_cast<const char*>(values.data()), values.size_bytes());
}

std::string_view bytes_of(std::span<const std::int8_t> values) {
  return {reinterpret_cast<const char*>(values.data()), values.size()};
}

Shape with_samples(std::uint64_t samples, const Shape& shape) {
  Shape all{static_cast<std::int64_t>(samples)};
  all.insert(all.end(), shape.begin(), shape.end());
  return all;
}

}  // namespace systol
