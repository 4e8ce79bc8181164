// Option values with a form of their own.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "host/import/network_input.h"
#include "sim/unit/matrix_unit.h"
#include "sim/window/window_finder.h"

namespace systol {

/// "pe:3,5" or "pe:3,5:14" (the bit, 14 without). Throws InputError.
StuckBit parse_fault(std::string_view text);

/// "3", a tile's number, or "0,16,32", its first sample, output and input; nothing for no text.
/// Throws InputError.
std::optional<TileRequest> parse_tile(std::string_view text,
                                      std::string_view option = "--wave-tile");

/// "16x16", height first. Throws InputError.
ImageSize parse_image_size(std::string_view text);

/// For options whose value is a number of 64 bits: empty for decimal digits that fit, otherwise
/// what is wrong, as CLI::Option::check wants it. CLI11 itself takes -1 for the largest number.
std::string check_whole_number(const std::string& text);

}  // namespace systol
