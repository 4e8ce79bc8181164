// A file's bytes, unpacked where it is gzip.
#pragma once

#include <zlib.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

#include "sim/base/input_file.h"

namespace systol {

class ByteSource {
 public:
  /// Throws InputError for a file that cannot be read.
  explicit ByteSource(const std::filesystem::path& path);
  ~ByteSource();
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;

  /// Throws the InputError of this file.
  [[noreturn]] void fail(std::string_view what) const { file_.fail(what); }

  /// Up to `size` bytes; fewer only at the end. Throws InputError for a read error and for gzip
  /// data that are cut short or damaged, or that something else follows.
  std::size_t read(std::uint8_t* to, std::size_t size);

 private:
  void fill();
  std::size_t unpack(std::uint8_t* to, std::size_t size);
  void begin_next_member();

  InputFile file_;
  std::vector<std::uint8_t> packed_;  ///< a piece of the file; the stream knows how much is used
  z_stream stream_{};
  bool at_end_ = false;  ///< of the file: no more will come
  bool gzip_ = false;
  bool ended_ = false;  ///< a gzip member has ended
};

}  // namespace systol
