// Files that are read, with every error of reading said.
#pragma once

#include <cstddef>
#include <cstdint>
#include <ctime>
#include <filesystem>
#include <string>
#include <string_view>

namespace systol {

/// A file that is read from front to end, or here and there. All errors are InputErrors that start
/// with its path.
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
  /// The same from byte `offset` on, of a regular file. It does not change what read() gives next,
  /// and several threads may call it at once.
  std::size_t read_at(std::uint64_t offset, void* to, std::size_t size) const;
  /// Throws InputError where somebody has written the file since it was opened.
  void check_unchanged() const;
  [[noreturn]] void fail(std::string_view what) const;

 private:
  template <class More>
  std::size_t read_by(std::size_t size, const More& more) const;

  std::string name_;
  int descriptor_;
  bool regular_ = false;
  std::uint64_t size_ = 0;
  std::timespec written_{};  ///< when it was, as far as that is known
};

/// The whole file, which may have at most `most` bytes.
std::string read_whole_file(const std::filesystem::path& path, std::string_view kind,
                            std::size_t most);

}  // namespace systol
