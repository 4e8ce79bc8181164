// A line of a graph's text, read word by word.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>

#include "host/graph/shape.h"
#include "sim/base/error.h"

namespace systol {

class TextLine {
 public:
  /// `place` is what errors begin with: "graph.txt:3". `#` begins a comment.
  TextLine(std::string_view text, std::string place) : place_(std::move(place)) {
    rest_ = trimmed(text.substr(0, text.find('#')));
  }

  [[noreturn]] void fail(const std::string& problem) const {
    throw InputError(fmt::format("{}: {}", place_, problem));
  }

  /// What is left.
  std::string_view rest() const { return trimmed(rest_); }
  bool begins_with(char letter) const { return rest().starts_with(letter); }

  /// The next characters up to a blank or one of ",()[]=", which stands alone; nothing at the end.
  std::string word() {
    rest_ = trimmed(rest_);
    constexpr std::string_view kEnds = " \t,()[]=";
    std::size_t length = std::min(rest_.find_first_of(kEnds), rest_.size());
    length = std::max<std::size_t>(length, rest_.empty() ? 0 : 1);
    std::string found(rest_.substr(0, length));
    rest_.remove_prefix(length);
    return found;
  }

  void expect(std::string_view wanted) {
    const std::string found = word();
    if (found != wanted) {
      fail(fmt::format("expected '{}', found '{}'", wanted, found));
    }
  }

  std::string name() {
    std::string found = word();
    if (found.empty()) {
      fail("expected a name, found the end of the line");
    }
    return found;
  }

  template <class Number>
  Number number_in(std::string_view text) const {
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) {
      fail(fmt::format("expected a number, found '{}'", text));
    }
    return value;
  }

  Shape shape() {
    expect("[");
    Shape extents;
    if (begins_with(']')) {
      expect("]");
      return extents;
    }
    std::string end = ",";
    while (end == ",") {
      extents.push_back(number_in<std::int64_t>(word()));
      end = word();
    }
    if (end != "]") {
      fail(fmt::format("expected ']', found '{}'", end));
    }
    return extents;
  }

 private:
  static std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t\r");
    return first == std::string_view::npos
               ? std::string_view()
               : text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
  }

  std::string_view rest_;
  std::string place_;
};

}  // namespace systol
