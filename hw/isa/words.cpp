#include "hw/isa/words.h"

#include <algorithm>
#include <charconv>
#include <numeric>
#include <utility>

namespace systol::isa {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }
bool is_printable(char c) { return c >= 0x20 && c < 0x7f; }

std::size_t end_of_quoted(std::string_view text, std::size_t position) {
  for (++position; position < text.size(); ++position) {
    if (text[position] == '\\') {
      ++position;
    } else if (text[position] == '"') {
      return position + 1;
    }
  }
  return text.size();
}

std::size_t end_of_word(std::string_view text, std::size_t position) {
  if (text[position] == '"') {
    position = end_of_quoted(text, position);
  }
  while (position < text.size() && !is_blank(text[position])) {
    ++position;
  }
  return position;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  if (c >= 'a' && c <= 'f') {
    return c - 'a' + 10;
  }
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/// The value of the digit pair at `position`, or -1.
int hex_pair(std::string_view text, std::size_t position) {
  if (position + 2 > text.size()) {
    return -1;
  }
  const int high = hex_digit(text[position]);
  const int low = hex_digit(text[position + 1]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/// Levenshtein distance.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

struct Magnitude {
  bool negative = false;
  std::uint64_t value = 0;
  bool fits = true;
};

/// False if `text` is not a number at all.
bool read_magnitude(std::string_view text, Magnitude& out) {
  if (text.starts_with('-')) {
    out.negative = true;
    text.remove_prefix(1);
  }
  int base = 10;
  if (text.starts_with("0x")) {
    base = 16;
    text.remove_prefix(2);
  }
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), out.value, base);
  out.fits = error == std::errc();
  return end == text.data() + text.size() && error != std::errc::invalid_argument;
}

}  // namespace

Line::Line(std::string_view text, std::uint64_t number, std::string_view name)
    : number_(number), name_(name) {
  std::size_t position = 0;
  while (true) {
    while (position < text.size() && is_blank(text[position])) {
      ++position;
    }
    if (position == text.size() || text[position] == '#') {
      return;
    }
    const std::size_t end = end_of_word(text, position);
    words_.push_back({text.substr(position, end - position), position + 1});
    end_column_ = end + 1;
    position = end;
  }
}

void Line::fail(const Word& word, std::string_view problem) const {
  throw FormatError(name_, number_, word.column, problem);
}

std::uint64_t Line::number(const Word& word, std::string_view what, std::uint64_t highest) const {
  Magnitude magnitude;
  if (!read_magnitude(word.text, magnitude)) {
    fail(word, fmt::format("{} is {}, which is not a number", what, shown(word.text)));
  }
  if (!magnitude.fits || magnitude.value > highest || (magnitude.negative && magnitude.value > 0)) {
    fail(word, fmt::format("{} is {}; allowed is 0 to {}", what, shown(word.text), highest));
  }
  return magnitude.value;
}

std::int64_t Line::signed_number(const Word& word, std::string_view what, std::int64_t lowest,
                                 std::int64_t highest) const {
  Magnitude magnitude;
  if (!read_magnitude(word.text, magnitude)) {
    fail(word, fmt::format("{} is {}, which is not a number", what, shown(word.text)));
  }
  const std::uint64_t limit =
      static_cast<std::uint64_t>(magnitude.negative ? -lowest : highest);  // lowest > INT64_MIN
  if (!magnitude.fits || magnitude.value > limit) {
    fail(word,
         fmt::format("{} is {}; allowed is {} to {}", what, shown(word.text), lowest, highest));
  }
  const std::int64_t value = static_cast<std::int64_t>(magnitude.value);
  return magnitude.negative ? -value : value;
}

std::size_t Line::one_of(const Word& word, std::string_view what,
                         std::span<const std::string_view> names) const {
  const auto found = std::find(names.begin(), names.end(), word.text);
  if (found == names.end()) {
    fail(word,
         fmt::format("unknown {} {}{}", what, shown(word.text), suggestion(word.text, names)));
  }
  return static_cast<std::size_t>(found - names.begin());
}

std::string Line::unquoted(const Word& word) const {
  const std::string_view text = word.text;
  std::string result;
  std::size_t position = 1;
  if (!text.starts_with('"')) {
    fail(word, fmt::format("expected a name in double quotes, found {}", shown(text)));
  }
  for (; position < text.size() && text[position] != '"'; ++position) {
    if (text[position] != '\\') {
      result += text[position];
      continue;
    }
    const char escape = ++position < text.size() ? text[position] : '\0';
    if (escape == '"' || escape == '\\') {
      result += escape;
    } else if (const int value = escape == 'x' ? hex_pair(text, position + 1) : -1; value >= 0) {
      result += static_cast<char>(value);
      position += 2;
    } else {
      fail({text, word.column + position - 1},
           "unknown escape in a name; allowed are \\\", \\\\ and \\xNN");
    }
  }
  if (position + 1 != text.size()) {
    fail(word, position < text.size() ? "a name ends at its closing quote; blank expected there"
                                      : "the name lacks its closing quote");
  }
  return result;
}

void Line::append_hex(const Word& word, std::vector<std::uint8_t>& bytes) const {
  for (std::size_t i = 0; i < word.text.size(); i += 2) {
    const int value = hex_pair(word.text, i);
    if (value < 0) {
      fail({word.text, word.column + i}, "expected two hex digits per byte");
    }
    bytes.push_back(static_cast<std::uint8_t>(value));
  }
}

std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') {
      result += '\\';
      result += c;
    } else if (is_printable(c)) {
      result += c;
    } else {
      result += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    }
  }
  return result + '"';
}

std::string shown(std::string_view word) {
  constexpr std::size_t kLongest = 40;
  std::string result = "'";
  for (char c : word.substr(0, kLongest)) {
    result += is_printable(c) ? c : '?';
  }
  return result + (word.size() > kLongest ? "...'" : "'");
}

std::string suggestion(std::string_view word, std::span<const std::string_view> names) {
  std::string_view best;
  std::size_t least = 1 + word.size() / 3;
  for (std::string_view name : names) {
    if (word.size() <= 2 * name.size() && distance(word, name) <= least) {
      best = name;
      least = distance(word, name);
    }
  }
  return best.empty() ? fmt::format(" (known: {})", fmt::join(names, ", "))
                      : fmt::format(" (nearest: '{}')", best);
}

}  // namespace systol::isa
