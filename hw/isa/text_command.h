// Reads one command's line of the text form; an implementation detail of from_text.
#pragma once

#include <cstddef>

#include "hw/isa/command.h"
#include "hw/isa/words.h"

namespace systol::isa {

/// `line` starts with the mnemonic of `opcode`. Throws FormatError.
Command read_command(const Line& line, std::size_t opcode);

}  // namespace systol::isa
