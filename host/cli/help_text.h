// Help on a command, as wide as who reads it wants it.
#pragma once

#include <CLI/CLI.hpp>
#include <cstddef>
#include <string>
#include <string_view>

namespace systol {

/// `text` in lines of at most `width` columns, where words allow it, each line that this makes
/// begun by `indent` blanks. Lines that begin with a blank, such as examples, are not broken.
std::string wrapped(std::string_view text, std::size_t indent, std::size_t width);

/// The command's description, usage, arguments, options by group, commands by group, and footer.
std::string help_text(const CLI::App& command, std::size_t width);

/// As wide as standard output is, and at most 120 columns.
std::string help_text(const CLI::App& command);

/// Has `app` and all its commands, those that are added later too, print help_text.
void use_help_text(CLI::App& app);

}  // namespace systol
