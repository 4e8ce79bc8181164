#include "host/import/byte_reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/error.h"

namespace systol {
namespace {

constexpr std::size_t kFirstPiece = std::size_t{1} << 16;

}  // namespace

void ByteReader::fail(std::string_view what) const {
  throw InputError(fmt::format("{}: {}", name(), what));
}

std::string read_rest(ByteReader& reader, std::size_t most, std::string_view kind) {
  std::string bytes;
  while (bytes.size() <= most) {
    const std::size_t at = bytes.size();
    const std::size_t wanted = std::min(std::max(at, kFirstPiece), most + 1 - at);
    bytes.resize(at + wanted);
    const std::size_t got = reader.read(reinterpret_cast<std::uint8_t*>(bytes.data() + at), wanted);
    if (got < wanted) {
      bytes.resize(at + got);
      return bytes;
    }
  }
  reader.fail(fmt::format("larger than {} bytes, the limit for {}", most, kind));
}

}  // namespace systol
