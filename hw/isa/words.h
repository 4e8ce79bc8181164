// Splits a line of the text form into words that know their place; an implementation detail.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hw/isa/format_error.h"

namespace systol::isa {

/// The largest number that a program can hold.
inline constexpr std::uint64_t kMaxU64 = std::numeric_limits<std::uint64_t>::max();

struct Word {
  std::string_view text;
  std::uint64_t column = 0;  ///< from 1
};

/// One line's words. A word ends at a blank; a `#` that starts a word starts a comment; a word
/// that starts with a double quote ends at the next one without a backslash.
class Line {
 public:
  Line(std::string_view text, std::uint64_t number, std::string_view name);

  std::span<const Word> words() const { return words_; }
  /// Throws FormatError at `word`.
  [[noreturn]] void fail(const Word& word, std::string_view problem) const;
  /// A word's place just after the last one, for what is missing.
  Word end() const { return {{}, end_column_}; }

  /// An unsigned or negative number, decimal or 0x; fails unless it is in [lowest, highest].
  std::uint64_t number(const Word& word, std::string_view what, std::uint64_t highest) const;
  std::int64_t signed_number(const Word& word, std::string_view what, std::int64_t lowest,
                             std::int64_t highest) const;
  /// The index of `word` in `names`; fails with the nearest or all of them.
  std::size_t one_of(const Word& word, std::string_view what,
                     std::span<const std::string_view> names) const;
  /// The string that a quoted word means.
  std::string unquoted(const Word& word) const;
  /// Appends the bytes that a word of hex digit pairs means.
  void append_hex(const Word& word, std::vector<std::uint8_t>& bytes) const;

 private:
  std::vector<Word> words_;
  std::uint64_t number_;
  std::string_view name_;
  std::uint64_t end_column_ = 1;
};

/// `text` in double quotes, with escapes for quotes, backslashes and what is not printable ASCII.
std::string quoted(std::string_view text);

/// `word` as a message shows it: in single quotes, printable, cut where it is long.
std::string shown(std::string_view word);

/// " (nearest: 'x')" if one of `names` is near `word`, otherwise " (known: a, b, c)".
std::string suggestion(std::string_view word, std::span<const std::string_view> names);

}  // namespace systol::isa
