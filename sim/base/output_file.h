// Files that appear whole or not at all.
#pragma once

#include <filesystem>
#include <functional>
#include <string_view>

namespace systol {

/// Writes `text` under a temporary name beside `path` and renames it; a file that is replaced hands
/// on its mode. "-" is standard output. Throws EnvironmentError, naming the path and the reason,
/// and leaves no unfinished file.
void write_file(const std::filesystem::path& path, std::string_view text);

/// The same for text that need not be in memory as a whole: `make` is called once and hands the
/// parts, in their order, to the function that it is given.
using TextSink = std::function<void(std::string_view)>;
void write_file(const std::filesystem::path& path,
                const std::function<void(const TextSink&)>& make);

/// Writes all of `text` to an open file. Returns 0 or the error of the first write that failed.
int write_all(int descriptor, std::string_view text);

/// Throws what write_file would, where it can be known before: the folder is not there or may not
/// be written to, the path is a folder or a read-only file. Leaves everything as it was.
void require_writable(const std::filesystem::path& path);

/// Throws EnvironmentError for a path that is no regular file and cannot become one: for what
/// cannot be written from front to end, as into a device or a pipe.
void require_regular(const std::filesystem::path& path);

/// The EnvironmentError of everything that writes files; `error` is an errno.
[[noreturn]] void throw_cannot_write(const std::filesystem::path& path, int error);

}  // namespace systol
