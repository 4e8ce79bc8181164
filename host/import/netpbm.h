// PBM, PGM and PPM, as text (P1 to P3) or as bytes (P4 to P6).
#pragma once

#include "host/import/picture.h"

namespace systol {

bool is_netpbm(std::string_view start);

/// Reads the file's picture. Throws InputError for one that is damaged, and for several in one
/// file.
Picture read_netpbm(ByteReader& reader);

}  // namespace systol
