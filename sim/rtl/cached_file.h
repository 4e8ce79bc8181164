// What may be believed of a file that was put away to be used again.
#pragma once

#include <filesystem>
#include <string>

namespace systol {

/// 16 hexadecimal digits that the file's content decides, for its name to say; empty for a file
/// that cannot be read. A library that is damaged would end the process that loads it.
std::string content_hash(const std::filesystem::path& path);

/// Whether nobody but this user and root can have written the file or folder.
bool is_private(const std::filesystem::path& path);

/// Makes the folder, for this user alone, if it is not there. Throws EnvironmentError for one that
/// others can write to, and what std::filesystem throws.
void make_private_folder(const std::filesystem::path& path);

}  // namespace systol
