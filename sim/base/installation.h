// Where the project's own files are when a program runs: the configs and the RTL's sources.
#pragma once

#include <filesystem>

namespace systol {

/// The folder that has configs/ and hw/rtl/ in it: $SYSTOL_SOURCES where it is set; or, if there is
/// one, ../share/systol beside the folder of `program`, where `cmake --install` puts it; or the
/// folder that the program was built from.
std::filesystem::path shared_folder(const std::filesystem::path& program = "/proc/self/exe");

/// From now on the shared folder is `folder`, unless $SYSTOL_SOURCES is set: for a library whose
/// program is somebody else's. To be called before there are other threads.
void set_shared_folder(std::filesystem::path folder);

/// `path` itself if there is such a file; otherwise, for a relative path, the file of that name in
/// the shared folder if there is one; otherwise `path`.
std::filesystem::path find_shared_file(const std::filesystem::path& path);

}  // namespace systol
