// What a stream is connected to, and how it wants its text.
#pragma once

#include <cstddef>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>

namespace systol {

bool is_terminal(std::FILE* stream);

/// Lines of the terminal that `stream` is; 0 where it is none, or does not say.
std::size_t terminal_rows(std::FILE* stream);

/// Columns of the terminal that `stream` is; where it is none, or does not say, $COLUMNS.
std::optional<std::size_t> known_width(std::FILE* stream);

/// That, or 80.
std::size_t text_width(std::FILE* stream);

enum class Style { Bold, Red, Green };

/// `text` in that style where `stream` is a terminal that has styles and $NO_COLOR is empty or not
/// set (https://no-color.org); otherwise `text` itself.
std::string styled(std::string_view text, Style style, std::FILE* stream);

}  // namespace systol
