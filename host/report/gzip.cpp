#include "host/report/gzip.h"

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <new>

namespace systol {
namespace {

constexpr int kWindowOfGzip = 15 + 16;  // the largest window, with gzip's header
constexpr int kMemoryLevel = 8;         // zlib's default

}  // namespace

std::string gzip(const std::string& text) {
  z_stream stream{};
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kWindowOfGzip, kMemoryLevel,
                   Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::bad_alloc();
  }
  // zlib reads through a pointer to what it does not change.
  auto* next = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  std::size_t left = text.size();
  std::string compressed;
  std::string piece(std::size_t{1} << 16U, '\0');
  int status = Z_OK;
  while (status != Z_STREAM_END) {
    const auto taken =
        static_cast<uInt>(std::min<std::size_t>(left, std::numeric_limits<uInt>::max()));
    stream.next_in = next;
    stream.avail_in = taken;
    stream.next_out = reinterpret_cast<Bytef*>(piece.data());
    stream.avail_out = static_cast<uInt>(piece.size());
    status = deflate(&stream, taken == left ? Z_FINISH : Z_NO_FLUSH);
    next += taken - stream.avail_in;
    left -= taken - stream.avail_in;
    compressed.append(piece, 0, piece.size() - stream.avail_out);
  }
  deflateEnd(&stream);
  return compressed;
}

}  // namespace systol
