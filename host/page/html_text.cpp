#include "host/page/html_text.h"

#include "sim/base/text.h"

namespace systol {

std::string html_text(std::string_view text) {
  std::string safe;
  for (const char character : printable_lines(text)) {
    switch (character) {
      case '&':
        safe += "&amp;";
        break;
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '"':
        safe += "&quot;";
        break;
      default:
        safe += character;
    }
  }
  return safe;
}

std::string script_json(const nlohmann::ordered_json& json) {
  std::string safe;
  // In JSON '<' is only in strings, where it may be written as its number.
  for (const char character :
       json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace)) {
    if (character == '<') {
      safe += "\\u003c";
    } else {
      safe += character;
    }
  }
  return safe;
}

}  // namespace systol
