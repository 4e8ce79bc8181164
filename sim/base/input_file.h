// Files that are read, with every error of reading said.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace systol {

/// A file that is read from front to end. All errors are InputErrors that start with its path.
class InputFile {
 public:
  /// `kind` says what was expected where there is a directory, as "a topology".
  InputFile(const std::filesystem::path& path, std::string_view kind);
  ~InputFile();
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  /// Not a pipe or a device.
  bool is_regular() const { return regular_; }
  /// Bytes of a regular file, as its folder says; pipes, devices and the system's own files say 0.
  std::uint64_t size() const { return size_; }
  /// Up to `size` bytes; fewer only at the end.
  std::size_t read(void* to, std::size_t size);
  [[noreturn]] void fail(std::string_view what) const;

 private:
  std::string name_;
  int descriptor_;
  bool regular_ = false;
  std::uint64_t size_ = 0;
};

/// The whole file, which may have at most `most` bytes.
std::string read_whole_file(const std::filesystem::path& path, std::string_view kind,
                            std::size_t most);

}  // namespace systol
