#include "sim/gates/boolean.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "sim/base/error.h"

namespace systol::gates {
namespace {

/// Values of all input combinations at once: an operator is one of machine words.
class FunctionParser {
 public:
  FunctionParser(std::string_view text, std::span<const std::string> inputs)
      : text_(text), inputs_(inputs) {}

  std::uint64_t whole() {
    const std::uint64_t value = sum();
    if (peek() != '\0') {
      fail();
    }
    return value;
  }

 private:
  [[noreturn]] void fail() const {
    throw InputError(fmt::format("liberty: found '{}' in the function \"{}\"",
                                 text_.substr(std::min(at_, text_.size())), text_));
  }

  char peek() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) {
      ++at_;
    }
    return at_ < text_.size() ? text_[at_] : '\0';
  }

  std::uint64_t sum() {
    std::uint64_t value = product();
    while (peek() == '+' || peek() == '|') {
      ++at_;
      value |= product();
    }
    return value;
  }

  /// Two factors side by side are a product, too.
  std::uint64_t product() {
    std::uint64_t value = exclusive_or();
    while (peek() != '\0' && peek() != '+' && peek() != '|' && peek() != ')') {
      at_ += peek() == '*' || peek() == '&' ? 1 : 0;
      value &= exclusive_or();
    }
    return value;
  }

  std::uint64_t exclusive_or() {
    std::uint64_t value = factor();
    while (peek() == '^') {
      ++at_;
      value ^= factor();
    }
    return value;
  }

  std::uint64_t factor() {
    if (peek() == '!') {
      ++at_;
      return ~factor();
    }
    std::uint64_t value = 0;
    if (peek() == '(') {
      ++at_;
      value = sum();
      if (peek() != ')') {
        fail();
      }
      ++at_;
    } else {
      value = input();
    }
    while (peek() == '\'') {
      ++at_;
      value = ~value;
    }
    return value;
  }

  std::uint64_t input() {
    const std::size_t begin = at_;
    while (at_ < text_.size() &&
           (std::isalnum(static_cast<unsigned char>(text_[at_])) != 0 || text_[at_] == '_')) {
      ++at_;
    }
    const auto found = std::find(inputs_.begin(), inputs_.end(), text_.substr(begin, at_ - begin));
    if (found == inputs_.end()) {
      at_ = begin;
      fail();
    }
    constexpr std::uint64_t kColumns[kMostInputs] = {0xAAAAAAAAAAAAAAAA, 0xCCCCCCCCCCCCCCCC,
                                                     0xF0F0F0F0F0F0F0F0, 0xFF00FF00FF00FF00,
                                                     0xFFFF0000FFFF0000, 0xFFFFFFFF00000000};
    return kColumns[found - inputs_.begin()];
  }

  std::string_view text_;
  std::span<const std::string> inputs_;
  std::size_t at_ = 0;
};

}  // namespace

std::uint64_t truth_table(std::string_view function, std::span<const std::string> inputs) {
  if (inputs.size() > kMostInputs) {
    throw InputError(fmt::format("liberty: a function of {} inputs; at most {} are allowed",
                                 inputs.size(), kMostInputs));
  }
  return FunctionParser(function, inputs).whole();
}

}  // namespace systol::gates
