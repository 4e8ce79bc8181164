#include "sim/gates/liberty_tree.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "sim/base/error.h"

namespace systol::gates {
namespace {

constexpr int kDeepest = 16;

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
         std::string_view("_.+-*/!'^&|").find(c) != std::string_view::npos;
}

class LibertyParser {
 public:
  LibertyParser(std::string_view text, std::string_view name) : text_(text), name_(name) {}

  LibertyGroup whole() {
    LibertyGroup root;
    statement(root, 0);
    if (root.groups.size() != 1) {
      fail("allowed: one group, library (NAME) {...}");
    }
    return std::move(root.groups.front());
  }

 private:
  [[noreturn]] void fail(std::string_view what) const {
    const auto line =
        1 + std::count(text_.begin(),
                       text_.begin() + static_cast<std::ptrdiff_t>(std::min(at_, text_.size())),
                       '\n');
    throw InputError(fmt::format("{}:{}: {}", name_, line, what));
  }

  /// Past blanks, comments and the backslashes at the ends of lines.
  void skip() {
    while (at_ < text_.size()) {
      if (text_.substr(at_, 2) == "/*") {
        const std::size_t end = text_.find("*/", at_ + 2);
        at_ = end == std::string_view::npos ? text_.size() : end + 2;
      } else if (std::isspace(static_cast<unsigned char>(text_[at_])) != 0 || text_[at_] == '\\') {
        ++at_;
      } else {
        return;
      }
    }
  }

  char peek() {
    skip();
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  bool take(char c) {
    const bool there = peek() == c;
    at_ += there ? 1 : 0;
    return there;
  }

  std::string word() {
    if (take('"')) {
      const std::size_t end = text_.find('"', at_);
      if (end == std::string_view::npos) {
        fail("a text without its closing quote");
      }
      const std::string value(text_.substr(at_, end - at_));
      at_ = end + 1;
      return value;
    }
    skip();
    const std::size_t begin = at_;
    while (at_ < text_.size() && is_word(text_[at_])) {
      ++at_;
    }
    if (at_ == begin) {
      fail("found no name or value");
    }
    return std::string(text_.substr(begin, at_ - begin));
  }

  /// The rest of an attribute without quotes: `1 * 2`.
  std::string value() {
    std::string text = word();
    while (peek() != ';' && peek() != '}' && peek() != '\0') {
      text += ' ' + word();
    }
    return text;
  }

  /// Up to the closing parenthesis, joined by commas.
  std::string arguments() {
    std::string all;
    while (!take(')')) {
      if (take(',')) {
        continue;
      }
      all += (all.empty() ? "" : ",") + word();
    }
    return all;
  }

  void statement(LibertyGroup& parent, int depth) {
    if (depth > kDeepest) {
      fail(fmt::format("groups are nested deeper than {}", kDeepest));
    }
    std::string name = word();
    if (take(':')) {
      parent.attributes.emplace_back(std::move(name), value());
      take(';');
      return;
    }
    if (!take('(')) {
      fail("found neither ':' nor '(' after a name");
    }
    std::string argument = arguments();
    if (!take('{')) {
      parent.attributes.emplace_back(std::move(name), std::move(argument));
      take(';');
      return;
    }
    LibertyGroup group{std::move(name), std::move(argument), {}, {}};
    while (!take('}')) {
      statement(group, depth + 1);
    }
    parent.groups.push_back(std::move(group));
  }

  std::string_view text_;
  std::string_view name_;
  std::size_t at_ = 0;
};

}  // namespace

std::string LibertyGroup::attribute(std::string_view name) const {
  const auto found = std::find_if(attributes.begin(), attributes.end(),
                                  [&](const auto& entry) { return entry.first == name; });
  return found == attributes.end() ? std::string() : found->second;
}

const LibertyGroup* LibertyGroup::group(std::string_view wanted) const {
  const auto found = std::find_if(groups.begin(), groups.end(),
                                  [&](const LibertyGroup& each) { return each.kind == wanted; });
  return found == groups.end() ? nullptr : &*found;
}

LibertyGroup parse_liberty(std::string_view text, std::string_view name) {
  return LibertyParser(text, name).whole();
}

}  // namespace systol::gates
