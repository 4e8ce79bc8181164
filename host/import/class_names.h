// Names of the classes that a network tells apart.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace systol {

/// A name a line, in the order of the network's outputs; blanks around it and blank lines at the
/// end do not count. Throws InputError for a blank line before the last name, and unless there are
/// `classes` names.
std::vector<std::string> read_class_names(const std::filesystem::path& path, std::uint32_t classes);

}  // namespace systol
