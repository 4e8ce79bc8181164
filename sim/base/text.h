// Text from outside that reports and terminals can show.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace systol {

/// Where the first byte that is not part of a UTF-8 character stands; text.size() if there is none.
/// Overlong forms, surrogates and numbers beyond U+10FFFF are no characters.
std::size_t first_not_utf8(std::string_view text);

/// UTF-8 without control characters: each byte that is none, and each byte of a control character
/// (U+0000 to U+001F, U+007F to U+009F), becomes \xNN. Other text stays as it is.
std::string printable(std::string_view text);

/// Whether a name can stand in a report, a program and an error: UTF-8 without control characters.
bool is_printable(std::string_view name);

/// The same, but lines stay lines and tabs tabs.
std::string printable_lines(std::string_view text);

}  // namespace systol
