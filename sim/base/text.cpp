#include "sim/base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace systol {
namespace {

/// The characters of each length: how their first byte looks, and the smallest that needs so many.
struct Form {
  unsigned char mask;
  unsigned char lead;
  std::size_t length;
  std::uint32_t smallest;
};
constexpr std::array<Form, 4> kForms = {
    {{0x80, 0x00, 1, 0}, {0xE0, 0xC0, 2, 0x80}, {0xF0, 0xE0, 3, 0x800}, {0xF8, 0xF0, 4, 0x10000}}};
constexpr std::uint32_t kLargest = 0x10FFFF;

/// The character that text begins with; its length is 0 if there is none.
struct Character {
  std::size_t length = 0;
  std::uint32_t number = 0;
};

bool is_surrogate(std::uint32_t number) { return number >= 0xD800 && number <= 0xDFFF; }

Character first_of(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  for (const Form& form : kForms) {
    if ((lead & form.mask) != form.lead || text.size() < form.length) {
      continue;
    }
    std::uint32_t number = lead & static_cast<unsigned char>(~form.mask);
    for (const char next : text.substr(1, form.length - 1)) {
      const auto byte = static_cast<unsigned char>(next);
      if ((byte & 0xC0) != 0x80) {
        return {};
      }
      number = number << 6 | (byte & 0x3F);
    }
    const bool good = number >= form.smallest && number <= kLargest && !is_surrogate(number);
    return good ? Character{form.length, number} : Character{};
  }
  return {};
}

bool is_control(std::uint32_t number) {
  return number < 0x20 || (number >= 0x7F && number <= 0x9F);
}

std::string escaped(std::string_view text, std::string_view kept) {
  std::string result;
  while (!text.empty()) {
    const Character character = first_of(text);
    const std::string_view bytes = text.substr(0, std::max<std::size_t>(character.length, 1));
    const bool keep = character.length > 0 &&
                      (!is_control(character.number) || kept.find(bytes) != std::string_view::npos);
    if (keep) {
      result += bytes;
    } else {
      for (const char byte : bytes) {
        result += fmt::format("\\x{:02x}", static_cast<unsigned char>(byte));
      }
    }
    text.remove_prefix(bytes.size());
  }
  return result;
}

}  // namespace

std::size_t first_not_utf8(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t length = first_of(text.substr(at)).length;
    if (length == 0) {
      break;
    }
    at += length;
  }
  return at;
}

std::string printable(std::string_view text) { return escaped(text, ""); }

bool is_printable(std::string_view name) { return printable(name) == name; }

std::string printable_lines(std::string_view text) { return escaped(text, "\n\t"); }

}  // namespace systol
