// What is wrong with a program's text or binary form, and where.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <stdexcept>
#include <string_view>

namespace systol::isa {

/// The message starts with the place: "name:line:column: " in a text (both count from 1),
/// "name: byte N: " in a binary, where `line` is 0 and `column` is N.
struct FormatError : std::runtime_error {
  FormatError(std::string_view name, std::uint64_t line_number, std::uint64_t column_number,
              std::string_view problem)
      : std::runtime_error(
            line_number == 0
                ? fmt::format("{}: byte {}: {}", name, column_number, problem)
                : fmt::format("{}:{}:{}: {}", name, line_number, column_number, problem)),
        line(line_number),
        column(column_number) {}

  std::uint64_t line;
  std::uint64_t column;
};

}  // namespace systol::isa
