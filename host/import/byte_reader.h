// Bytes that are read from front to end, wherever they come from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace systol {

class ByteReader {
 public:
  virtual ~ByteReader() = default;
  /// Up to `size` bytes; fewer only at the end. Throws InputError where the bytes are damaged.
  virtual std::size_t read(std::uint8_t* to, std::size_t size) = 0;
  /// What errors begin with: the file, and the place in it where it has several.
  virtual std::string name() const = 0;
  /// Throws the InputError "name: what".
  [[noreturn]] void fail(std::string_view what) const;
};

/// All that is left. Throws InputError for more than `most` bytes, of which `kind` has at most so
/// many, as in "a PNG file".
std::string read_rest(ByteReader& reader, std::size_t most, std::string_view kind);

}  // namespace systol
