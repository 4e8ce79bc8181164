// Text in less space.
#pragma once

#include <string>

namespace systol {

/// The text as a gzip file.
std::string gzip(const std::string& text);

}  // namespace systol
