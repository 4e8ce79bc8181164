#include "host/cli/terminal.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <system_error>

namespace systol {
namespace {

constexpr std::size_t kWidth = 80;
constexpr std::size_t kNarrowest = 20;

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view() : std::string_view(value);
}

bool has_styles(std::FILE* stream) {
  return is_terminal(stream) && environment("NO_COLOR").empty() && environment("TERM") != "dumb";
}

/// Zeros where it is no terminal.
::winsize size_of(std::FILE* stream) {
  ::winsize size{};
  return ::ioctl(::fileno(stream), TIOCGWINSZ, &size) == 0 ? size : ::winsize{};
}

/// Parameters of the control sequence that ends in m (ECMA-48, "select graphic rendition").
int code_of(Style style) {
  switch (style) {
    case Style::Bold:
      return 1;
    case Style::Red:
      return 31;
    case Style::Green:
      return 32;
  }
  return 0;
}

}  // namespace

bool is_terminal(std::FILE* stream) { return ::isatty(::fileno(stream)) == 1; }

std::size_t terminal_rows(std::FILE* stream) { return size_of(stream).ws_row; }

std::optional<std::size_t> known_width(std::FILE* stream) {
  if (const ::winsize size = size_of(stream); size.ws_col > 0) {
    return size.ws_col;
  }
  const std::string_view columns = environment("COLUMNS");
  std::size_t width = 0;
  const auto [end, error] = std::from_chars(columns.data(), columns.data() + columns.size(), width);
  const bool whole = error == std::errc() && end == columns.data() + columns.size();
  return whole && width >= kNarrowest ? std::optional(width) : std::nullopt;
}

std::size_t text_width(std::FILE* stream) { return known_width(stream).value_or(kWidth); }

std::string styled(std::string_view text, Style style, std::FILE* stream) {
  return has_styles(stream) ? fmt::format("\x1b[{}m{}\x1b[0m", code_of(style), text)
                            : std::string(text);
}

}  // namespace systol
