#include "host/import/npy.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>

#include "sim/base/text.h"

namespace systol {
namespace {

constexpr std::string_view kNpyMagic = "\x93NUMPY";
constexpr std::size_t kLongestNpyHeader = 10'000;  ///< NumPy's own limit
constexpr std::size_t kMostDimensions = 32;        ///< NumPy's own limit
constexpr std::size_t kShownLength = 40;

/// The header is a dictionary as Python writes it:
/// {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }
class NpyHeaderParser {
 public:
  NpyHeaderParser(const ByteReader& reader, std::string_view text) : reader_(reader), rest_(text) {}

  ArrayHeader parse() {
    expect('{');
    while (!take('}')) {
      const std::string_view key = quoted();
      expect(':');
      read_value(key);
      if (!take(',')) {
        expect('}');
        break;
      }
    }
    if (!format_ || !row_major_ || !shape_) {
      fail("allowed: a dictionary with descr, fortran_order and shape");
    }
    return {".npy", *format_, std::move(*shape_)};
  }

 private:
  [[noreturn]] void fail(std::string_view problem) const {
    reader_.fail(fmt::format("the .npy header is damaged: {}", problem));
  }
  [[noreturn]] void fail_here(std::string_view allowed) const {
    fail(fmt::format("found '{}', allowed: {}", printable(rest_.substr(0, kShownLength)), allowed));
  }

  void skip_blanks() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(" \n"), rest_.size()));
  }
  bool take(char c) {
    skip_blanks();
    if (!rest_.starts_with(c)) {
      return false;
    }
    rest_.remove_prefix(1);
    return true;
  }
  void expect(char c) {
    if (!take(c)) {
      fail_here(fmt::format("'{}'", c));
    }
  }
  bool take_word(std::string_view word) {
    skip_blanks();
    if (!rest_.starts_with(word)) {
      return false;
    }
    rest_.remove_prefix(word.size());
    return true;
  }

  std::string_view quoted() {
    skip_blanks();
    const char quote = rest_.empty() ? '\0' : rest_.front();
    const std::size_t end = rest_.find(quote, 1);
    if ((quote != '\'' && quote != '"') || end == std::string_view::npos) {
      fail_here("a text in quotes");
    }
    const std::string_view text = rest_.substr(1, end - 1);
    rest_.remove_prefix(end + 1);
    return text;
  }

  void read_value(std::string_view key) {
    if (key == "descr") {
      read_type();
    } else if (key == "fortran_order") {
      read_order();
    } else if (key == "shape") {
      read_shape();
    } else {
      fail(fmt::format("found the key '{}', allowed: descr, fortran_order, shape", printable(key)));
    }
  }

  void read_type() {
    skip_blanks();
    if (rest_.starts_with('[')) {
      reader_.fail(
          "its elements are structures; allowed are plain numbers: save each field as an array");
    }
    const std::string_view text = quoted();
    format_ = format_of(text);
    if (!format_) {
      reader_.fail(fmt::format(
          "its dtype is '{}'{}; allowed: bool, int8 to int64, uint8 to uint64, float16 to float64",
          printable(text), text.ends_with('O') ? " (Python objects)" : ""));
    }
  }

  /// Such as "<f4": the byte order, the kind, the bytes.
  static std::optional<NumberFormat> format_of(std::string_view text) {
    constexpr std::string_view kOrders = "<>|=";
    constexpr std::array<std::pair<std::string_view, NumberType>, kNumberTypes> kTypes = {
        {{"b1", NumberType::Bool},
         {"u1", NumberType::Uint8},
         {"i1", NumberType::Int8},
         {"u2", NumberType::Uint16},
         {"i2", NumberType::Int16},
         {"u4", NumberType::Uint32},
         {"i4", NumberType::Int32},
         {"u8", NumberType::Uint64},
         {"i8", NumberType::Int64},
         {"f2", NumberType::Float16},
         {"f4", NumberType::Float32},
         {"f8", NumberType::Float64}}};
    if (text.empty() || kOrders.find(text.front()) == std::string_view::npos) {
      return std::nullopt;
    }
    const auto* const found =
        std::ranges::find(kTypes, text.substr(1), &std::pair<std::string_view, NumberType>::first);
    if (found == kTypes.end()) {
      return std::nullopt;
    }
    return NumberFormat{found->second, text.front() == '>'};
  }

  void read_order() {
    if (take_word("True")) {
      reader_.fail(
          "it is in Fortran order; allowed is C order, as numpy.ascontiguousarray makes it");
    }
    row_major_ = take_word("False");
    if (!row_major_) {
      fail_here("True or False");
    }
  }

  void read_shape() {
    shape_.emplace();
    expect('(');
    while (!take(')')) {
      skip_blanks();
      std::int64_t extent = -1;
      const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), extent);
      if (error != std::errc() || extent < 0 || shape_->size() == kMostDimensions) {
        fail_here(fmt::format("up to {} extents", kMostDimensions));
      }
      rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
      take('L');  // Python 2
      shape_->push_back(extent);
      if (!take(',')) {
        expect(')');
        break;
      }
    }
  }

  const ByteReader& reader_;
  std::string_view rest_;
  std::optional<NumberFormat> format_;
  bool row_major_ = false;
  std::optional<Shape> shape_;
};

/// Little endian.
std::size_t read_length(ByteReader& reader, std::size_t bytes) {
  std::array<std::uint8_t, 4> length{};
  if (reader.read(length.data(), bytes) < bytes) {
    reader.fail("the .npy header is cut short");
  }
  return length[0] | std::size_t{length[1]} << 8 | std::size_t{length[2]} << 16 |
         std::size_t{length[3]} << 24;
}

}  // namespace

bool is_npy(std::string_view start) { return start.starts_with(kNpyMagic); }

ArrayHeader read_npy_header(ByteReader& reader) {
  std::array<std::uint8_t, kNpyMagic.size() + 2> start{};
  if (reader.read(start.data(), start.size()) < start.size()) {
    reader.fail("the .npy header is cut short");
  }
  if (!std::equal(kNpyMagic.begin(), kNpyMagic.end(), start.begin(),
                  [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; })) {
    reader.fail("not a .npy file");
  }
  const int version = start[kNpyMagic.size()];
  if (version < 1 || version > 3) {
    reader.fail(fmt::format("its .npy version is {}; allowed: 1 to 3", version));
  }
  const std::size_t length = read_length(reader, version == 1 ? 2 : 4);
  if (length > kLongestNpyHeader) {
    reader.fail(fmt::format("the .npy header has {} bytes; allowed: at most {}", length,
                            kLongestNpyHeader));
  }
  std::string text(length, '\0');
  if (reader.read(reinterpret_cast<std::uint8_t*>(text.data()), length) < length) {
    reader.fail("the .npy header is cut short");
  }
  ArrayHeader header = NpyHeaderParser(reader, text).parse();
  check_extents(reader, header);
  return header;
}

}  // namespace systol
