#include "host/train/checksum.h"

#include <zlib.h>

namespace systol {

std::uint32_t checksum(const void* bytes, std::size_t count, std::uint32_t before) {
  if (count == 0) {  // zlib takes a null pointer for the first value
    return before;
  }
  return static_cast<std::uint32_t>(::crc32_z(before, static_cast<const Bytef*>(bytes), count));
}

}  // namespace systol
