// A field of a table as text.
#pragma once

#include <string>

namespace systol {

/// Quoted, as RFC 4180 does it, where the text would break its row.
std::string csv_field(const std::string& text);

}  // namespace systol
