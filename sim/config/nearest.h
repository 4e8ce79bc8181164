// "Did you mean": the known name that a mistyped one is closest to.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace systol {

/// The name with the fewest edits to `given`, ignoring case, if they are few enough for a typing
/// mistake; otherwise empty.
std::string_view nearest_name(std::string_view given, std::span<const std::string_view> names);

/// " (did you mean 'rows'?)", or nothing.
std::string did_you_mean(std::string_view given, std::span<const std::string_view> names);

/// "rows, columns".
std::string join_names(std::span<const std::string_view> names);

/// The text in single quotes, made printable and cut to a length that fits a message.
std::string in_quotes(std::string_view text);

}  // namespace systol
