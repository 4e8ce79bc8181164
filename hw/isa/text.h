// The text form of a program: what people read, write and diff. docs/command-set.md describes it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "hw/isa/command.h"
#include "hw/isa/format_error.h"
#include "hw/isa/reading.h"

namespace systol::isa {

/// The most bytes that one `data` or `more` line holds.
inline constexpr std::size_t kTextBytesPerLine = 32;

/// One line without a line end, as `to_text(program)` writes it; also for messages.
std::string to_text(const Command& command);

/// The mnemonic and the fields only: no tokens, no origin.
std::string to_text(const Operation& operation);

/// A field's value as commands have it: 0x100:4x16, the outermost loop first.
std::string to_text(const Walk& walk);

/// The whole program; from_text gives it back exactly.
std::string to_text(const Program& program);

/// `name` is what the errors call the text, a file's path as a rule. Throws FormatError.
Program from_text(std::string_view text, std::string_view name, const Reading& reading = {});

}  // namespace systol::isa
