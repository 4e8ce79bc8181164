// What the checks of all operations' sizes share. An answer says what is wrong, or is empty.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>

#include "hw/isa/text.h"

namespace systol {

inline constexpr std::uint64_t kNoLimit = UINT64_MAX;

/// `value` is 1 to `most`, or the answer says what it is.
inline std::string check_size(const char* what, std::uint64_t value, std::uint64_t most,
                              const char* limit) {
  if (value == 0) {
    return fmt::format("{} is 0; at least 1 is needed", what);
  }
  return value <= most ? "" : fmt::format("{} is {}; {} is {}", what, value, limit, most);
}

/// The first answer that says something.
inline std::string first_of(std::initializer_list<std::string> answers) {
  for (const std::string& answer : answers) {
    if (!answer.empty()) {
      return answer;
    }
  }
  return "";
}

inline std::string check_pieces(const isa::Walk& walk) {
  for (const isa::Walk::Loop& loop : walk.loops) {
    if (loop.count == 0) {
      return fmt::format("the walk {} has a count of 0; at least 1 is needed", to_text(walk));
    }
  }
  return "";
}

inline std::string check_same_count(const char* one, const isa::Walk& a, const char* other,
                                    const isa::Walk& b) {
  return a.count() == b.count()
             ? ""
             : fmt::format("{} has {} pieces and {} has {}; they must be as many", one, a.count(),
                           other, b.count());
}

}  // namespace systol
