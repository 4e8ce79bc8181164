#include "host/import/netpbm.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <utility>

#include "sim/base/text.h"

namespace systol {
namespace {

constexpr std::size_t kLargestNetpbm = std::size_t{1} << 28;
constexpr std::uint32_t kLargestMaximum = 65535;

bool is_space(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }

class NetpbmParser {
 public:
  explicit NetpbmParser(ByteReader& reader)
      : reader_(reader), bytes_(read_rest(reader, kLargestNetpbm, "a picture")), rest_(bytes_) {}

  Picture parse() {
    if (!is_netpbm(rest_)) {
      reader_.fail("not a PBM, PGM or PPM picture");
    }
    const int kind = rest_[1] - '0';
    rest_.remove_prefix(2);
    const bool bits = kind == 1 || kind == 4;
    picture_.channels = kind == 3 || kind == 6 ? 3 : 1;
    picture_.width = number("a width", kMostPixels);
    picture_.height = number("a height", kMostPixels);
    picture_.white = bits ? 1 : number("a largest value", kLargestMaximum);
    check_picture_size(reader_, picture_.height, picture_.width);
    if (picture_.white == 0) {
      reader_.fail("its largest value is 0; allowed: 1 to 65535");
    }
    if (kind > 3) {
      rest_.remove_prefix(std::min<std::size_t>(1, rest_.size()));  // one blank
      bits ? read_bits() : read_bytes();
    } else {
      read_text(bits);
    }
    return std::move(picture_);
  }

 private:
  std::size_t samples() const { return picture_.height * picture_.width * picture_.channels; }

  /// Blanks, and comments up to the end of their lines.
  void skip_blanks() {
    while (!rest_.empty() && (is_space(rest_.front()) || rest_.front() == '#')) {
      rest_.remove_prefix(rest_.front() == '#' ? std::min(rest_.find('\n'), rest_.size()) : 1);
    }
  }

  std::uint32_t number(std::string_view what, std::uint64_t most) {
    skip_blanks();
    std::uint64_t value = 0;
    std::size_t digits = 0;
    while (digits < rest_.size() && std::isdigit(static_cast<unsigned char>(rest_[digits])) != 0) {
      value = std::min<std::uint64_t>(value * 10 + static_cast<std::uint64_t>(rest_[digits] - '0'),
                                      UINT32_MAX);
      ++digits;
    }
    if (digits == 0 || value > most) {
      const std::string found = digits == 0 ? fmt::format("'{}'", printable(rest_.substr(0, 10)))
                                            : std::string(rest_.substr(0, digits));
      reader_.fail(rest_.empty()
                       ? fmt::format("the picture is cut short: {} is missing", what)
                       : fmt::format("found {}, allowed: {}, 0 to {}", found, what, most));
    }
    rest_.remove_prefix(digits);
    return static_cast<std::uint32_t>(value);
  }

  void check_size(std::size_t bytes) {
    if (rest_.size() != bytes) {
      reader_.fail(
          fmt::format("the picture has {} bytes, but {} follow its header", bytes, rest_.size()));
    }
    picture_.samples.reserve(samples());
  }

  void add(std::uint32_t value) {
    if (value > picture_.white) {
      reader_.fail(
          fmt::format("a pixel is {}, but the largest value is {}", value, picture_.white));
    }
    picture_.samples.push_back(static_cast<std::uint16_t>(value));
  }

  /// The most significant byte first where there are two.
  void read_bytes() {
    const std::size_t width = picture_.white > 255 ? 2 : 1;
    check_size(samples() * width);
    for (std::size_t i = 0; i < rest_.size(); i += width) {
      std::uint32_t value = static_cast<std::uint8_t>(rest_[i]);
      if (width == 2) {
        value = value << 8 | static_cast<std::uint8_t>(rest_[i + 1]);
      }
      add(value);
    }
  }

  /// Rows of whole bytes, the leftmost pixel in the highest bit; 1 is black.
  void read_bits() {
    const std::size_t row_bytes = (picture_.width + 7) / 8;
    check_size(picture_.height * row_bytes);
    for (std::size_t y = 0; y < picture_.height; ++y) {
      for (std::size_t x = 0; x < picture_.width; ++x) {
        const auto byte = static_cast<std::uint8_t>(rest_[y * row_bytes + x / 8]);
        add((byte >> (7 - x % 8) & 1) != 0 ? 0 : 1);
      }
    }
  }

  void read_text(bool bits) {
    for (std::size_t i = 0; i < samples(); ++i) {
      if (bits) {
        skip_blanks();
        const char bit = rest_.empty() ? '\0' : rest_.front();
        if (bit != '0' && bit != '1') {
          number("a pixel", 1);  // says what is wrong
        }
        rest_.remove_prefix(1);
        add(bit == '1' ? 0 : 1);
      } else {
        add(number("a pixel", picture_.white));
      }
    }
    skip_blanks();
    if (!rest_.empty()) {
      reader_.fail("something follows the picture");
    }
  }

  ByteReader& reader_;
  std::string bytes_;
  std::string_view rest_;
  Picture picture_;
};

}  // namespace

void check_picture_size(const ByteReader& reader, std::uint64_t height, std::uint64_t width) {
  if (height == 0 || width == 0 || height > kMostPixels / width) {
    reader.fail(
        fmt::format("the picture is {}x{}; allowed: 1 to {} pixels", height, width, kMostPixels));
  }
}

bool is_netpbm(std::string_view start) {
  return start.size() > 2 && start[0] == 'P' && start[1] >= '1' && start[1] <= '6' &&
         (is_space(start[2]) || start[2] == '#');
}

Picture read_netpbm(ByteReader& reader) { return NetpbmParser(reader).parse(); }

}  // namespace systol
