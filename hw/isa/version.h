// The version of a program's two forms, text and binary: one number, raised when either changes.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>

namespace systol::isa {

inline constexpr std::uint32_t kProgramVersion = 4;

/// Why a program of version `found`, which is another one, is refused.
inline std::string version_problem(std::uint64_t found) {
  return fmt::format("the program is of version {}, which is {}; version {} can be read", found,
                     found < kProgramVersion ? "no longer read: its commands have other fields"
                                             : "newer than this build of systol",
                     kProgramVersion);
}

}  // namespace systol::isa
