// Files of samples, byte by byte, as their formats' descriptions have them.
#pragma once

#include <gtest/gtest.h>
#include <zlib.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "host/import/byte_reader.h"
#include "sim/base/error.h"

namespace systol::test {

/// Reads a text, as if it were the file "f".
class TextReader : public ByteReader {
 public:
  explicit TextReader(std::string text) : text_(std::move(text)) {}
  std::string name() const override { return "f"; }
  std::size_t read(std::uint8_t* to, std::size_t size) override {
    const std::size_t got = text_.copy(reinterpret_cast<char*>(to), size, at_);
    at_ += got;
    return got;
  }

 private:
  std::string text_;
  std::size_t at_ = 0;
};

/// The InputError that `action` throws.
template <class Action>
std::string input_error(Action action) {
  try {
    action();
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

/// The low `size` bytes of a number, the least significant first.
inline std::string little(std::uint64_t number, int size) {
  std::string bytes;
  for (int i = 0; i < size; ++i) {
    bytes += static_cast<char>(number);
    number >>= 8;
  }
  return bytes;
}
inline std::string big(std::uint64_t number, int size) {
  const std::string bytes = little(number, size);
  return {bytes.rbegin(), bytes.rend()};
}

/// Numbers as they lie in memory: little endian.
template <class Number>
std::string bytes_of_numbers(const std::vector<Number>& numbers) {
  return {reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(Number)};
}

/// An IDX file: type, extents, body.
inline std::string idx(int type, const std::vector<std::uint32_t>& extents,
                       const std::string& body) {
  std::string bytes = big(static_cast<std::uint64_t>(type), 3) + little(extents.size(), 1);
  for (const std::uint32_t extent : extents) {
    bytes += big(extent, 4);
  }
  return bytes + body;
}

/// A .npy file with this header text.
inline std::string npy_with(const std::string& header, const std::string& body, int version = 1) {
  return "\x93NUMPY" + little(static_cast<std::uint64_t>(version), 2) +
         little(header.size(), version == 1 ? 2 : 4) + header + body;
}
inline std::string npy(const std::string& type, const std::string& shape, const std::string& body,
                       int version = 1) {
  return npy_with("{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }  \n",
                  body, version);
}

/// A file in a ZIP archive.
struct ZipPart {
  std::string name;
  std::string content;
  bool deflated = false;
  bool zip64 = false;  ///< its sizes are in the extra field
  int flags = 0;
};

/// As gzip's data without its header.
inline std::string deflate_text(const std::string& text) {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY);
  std::string packed(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

inline std::string zip(const std::vector<ZipPart>& parts) {
  std::string bytes;
  std::string directory;
  for (const ZipPart& part : parts) {
    const std::string packed = part.deflated ? deflate_text(part.content) : part.content;
    const auto crc = crc32(0, reinterpret_cast<const Bytef*>(part.content.data()),
                           static_cast<uInt>(part.content.size()));
    const std::uint64_t in_field = 0xFFFFFFFF;
    const std::string extra = part.zip64
                                  ? little(1, 2) + little(16, 2) + little(part.content.size(), 8) +
                                        little(packed.size(), 8)
                                  : "";
    const std::string common = little(20, 2) + little(static_cast<std::uint64_t>(part.flags), 2) +
                               little(part.deflated ? 8 : 0, 2) + little(0, 4) + little(crc, 4) +
                               little(part.zip64 ? in_field : packed.size(), 4) +
                               little(part.zip64 ? in_field : part.content.size(), 4) +
                               little(part.name.size(), 2) + little(extra.size(), 2);
    directory += "PK\x01\x02" + little(20, 2) + common + little(0, 10) + little(bytes.size(), 4) +
                 part.name + extra;
    bytes += "PK\x03\x04" + common + part.name + extra + packed;
  }
  return bytes + directory + "PK\x05\x06" + little(0, 4) + little(parts.size(), 2) +
         little(parts.size(), 2) + little(directory.size(), 4) + little(bytes.size(), 4) +
         little(0, 2);
}

}  // namespace systol::test
