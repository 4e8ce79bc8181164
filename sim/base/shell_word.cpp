#include "sim/base/shell_word.h"

namespace systol {

std::string in_shell_quotes(std::string_view text) {
  std::string result = "'";
  for (const char letter : text) {
    result += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
  }
  return result + "'";
}

}  // namespace systol
