// Liberty's Boolean functions as truth tables.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace systol::gates {

inline constexpr std::size_t kMostInputs = 6;

/// Bit i is the value where input k is bit k of i. Operators: ! and ' (not), * & and a blank (and),
/// ^ (exclusive or), + | (or), parentheses. Throws InputError for a function that is none, or of
/// other names than `inputs`, at most kMostInputs of them.
std::uint64_t truth_table(std::string_view function, std::span<const std::string> inputs);

}  // namespace systol::gates
