// Words of a shell's command line.
#pragma once

#include <string>
#include <string_view>

namespace systol {

/// As one word, whatever is in it: 'it'\''s'.
std::string in_shell_quotes(std::string_view text);

}  // namespace systol
