// A file's bytes, unpacked where it is gzip.
#pragma once

#include <zlib.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "host/import/byte_reader.h"
#include "sim/base/input_file.h"

namespace systol {

class ByteSource : public ByteReader {
 public:
  /// Opens a file, a pipe or a device. Throws InputError for what cannot be read.
  explicit ByteSource(const std::filesystem::path& path);
  ~ByteSource() override;
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;

  std::string name() const override { return name_; }
  /// Not a pipe or a device.
  bool is_regular() const { return file_.is_regular(); }
  /// The first bytes, some hundreds where there are so many: by them a format is known. To be asked
  /// before anything is read, and read then as if it had not been.
  std::string_view start();

  /// Up to `size` bytes; fewer only at the end. Throws InputError for a read error and for gzip
  /// data that are cut short or damaged, or that something else follows.
  std::size_t read(std::uint8_t* to, std::size_t size) override;

 private:
  std::size_t read_on(std::uint8_t* to, std::size_t size);
  void fill();
  std::size_t unpack(std::uint8_t* to, std::size_t size);
  void begin_next_member();

  std::string name_;
  InputFile file_;
  std::string start_;                 ///< what start() has read
  std::size_t start_given_ = 0;       ///< and read() has given again
  std::vector<std::uint8_t> packed_;  ///< a piece of the file; the stream knows how much is used
  z_stream stream_{};
  bool at_end_ = false;  ///< of the file: no more will come
  bool gzip_ = false;
  bool ended_ = false;  ///< a gzip member has ended
};

}  // namespace systol
