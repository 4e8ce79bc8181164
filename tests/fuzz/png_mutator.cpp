// Changed PNG files with right checksums, so that what the fuzzer changes is looked at.
#include <zlib.h>

#include <cstddef>
#include <cstdint>

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

namespace {

constexpr std::size_t kSignature = 8;
constexpr std::size_t kLength = 4;    ///< of a chunk, before its type of as many bytes
constexpr std::size_t kChecksum = 4;  ///< of type and data, after them

std::size_t big_endian(const std::uint8_t* bytes) {
  return std::size_t{bytes[0]} << 24U | std::size_t{bytes[1]} << 16U | std::size_t{bytes[2]} << 8U |
         std::size_t{bytes[3]};
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned seed) {
  size = LLVMFuzzerMutate(data, size, most);
  if (seed % 8 == 0) {
    return size;  // some stay as they are: wrong checksums must be seen
  }
  std::size_t chunk = kSignature;
  while (chunk + 2 * kLength + kChecksum <= size) {
    const std::size_t length = big_endian(data + chunk);
    if (length > size - chunk - 2 * kLength - kChecksum) {
      break;
    }
    std::uint8_t* const end = data + chunk + 2 * kLength + length;
    const auto sum = static_cast<std::uint32_t>(
        crc32(0, data + chunk + kLength, static_cast<uInt>(kLength + length)));
    for (std::size_t i = 0; i < kChecksum; ++i) {
      end[i] = static_cast<std::uint8_t>(sum >> (24U - 8U * i));
    }
    chunk += 2 * kLength + length + kChecksum;
  }
  return size;
}
