// PNG.
#pragma once

#include "host/import/picture.h"

namespace systol {

bool is_png(std::string_view start);

/// Reads the pixels' numbers as the file has them, whatever gamma or colour profile it names:
/// palettes become colours, fewer than 8 bits become 8, and alpha shows the picture on black.
/// Throws InputError for a file that is damaged.
Picture read_png(ByteReader& reader);

}  // namespace systol
