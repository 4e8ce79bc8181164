#include "host/import/byte_source.h"

#include <algorithm>
#include <new>

namespace systol {
namespace {

constexpr std::size_t kChunk = std::size_t{1} << 16;
constexpr std::size_t kStart = 512;
constexpr int kGzipOnly = 16 + MAX_WBITS;  ///< zlib's way of asking for a gzip header

bool is_gzip(const z_stream& stream) {
  return stream.avail_in >= 2 && stream.next_in[0] == 0x1F && stream.next_in[1] == 0x8B;
}

}  // namespace

ByteSource::ByteSource(const std::filesystem::path& path)
    : name_(path.string()), file_(path, "a file"), packed_(kChunk) {
  fill();
  gzip_ = is_gzip(stream_);
  if (gzip_ && inflateInit2(&stream_, kGzipOnly) != Z_OK) {
    throw std::bad_alloc();
  }
}

ByteSource::~ByteSource() {
  if (gzip_) {
    inflateEnd(&stream_);
  }
}

/// Puts more of the file after what is left of the last piece.
void ByteSource::fill() {
  const std::size_t left = stream_.avail_in;
  std::copy_n(stream_.next_in, left, packed_.begin());
  const std::size_t wanted = packed_.size() - left;
  const std::size_t got = file_.read(packed_.data() + left, wanted);
  at_end_ = got < wanted;
  stream_.next_in = packed_.data();
  stream_.avail_in = static_cast<uInt>(left + got);
}

std::string_view ByteSource::start() {
  if (start_.empty()) {
    start_.resize(kStart);
    start_.resize(read_on(reinterpret_cast<std::uint8_t*>(start_.data()), kStart));
  }
  return start_;
}

std::size_t ByteSource::read(std::uint8_t* to, std::size_t size) {
  const std::size_t again = start_.copy(reinterpret_cast<char*>(to), size, start_given_);
  start_given_ += again;
  return again + read_on(to + again, size - again);
}

std::size_t ByteSource::read_on(std::uint8_t* to, std::size_t size) {
  std::size_t got = 0;
  while (got < size) {
    if (stream_.avail_in < 2) {
      fill();
    }
    std::size_t more = 0;
    if (gzip_) {
      more = unpack(to + got, size - got);
    } else {
      more = std::min<std::size_t>(size - got, stream_.avail_in);
      std::copy_n(stream_.next_in, more, to + got);
      stream_.next_in += more;
      stream_.avail_in -= static_cast<uInt>(more);
    }
    if (more == 0 && stream_.avail_in == 0 && at_end_) {
      break;
    }
    got += more;
  }
  return got;
}

std::size_t ByteSource::unpack(std::uint8_t* to, std::size_t size) {
  if (ended_) {
    if (stream_.avail_in == 0) {
      return 0;
    }
    begin_next_member();
  }
  stream_.next_out = to;
  stream_.avail_out = static_cast<uInt>(std::min(size, kChunk));
  const uInt wanted = stream_.avail_out;
  const int result = inflate(&stream_, Z_NO_FLUSH);
  ended_ = result == Z_STREAM_END;
  if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) {
    fail("the gzip data are damaged");
  }
  const std::size_t got = wanted - stream_.avail_out;
  if (got == 0 && !ended_ && stream_.avail_in == 0 && at_end_) {
    fail("the gzip data are cut short");
  }
  return got;
}

/// gzip files put one after another are one file.
void ByteSource::begin_next_member() {
  if (!is_gzip(stream_)) {
    fail("the gzip data end, but more follows in the file");
  }
  inflateReset(&stream_);
  ended_ = false;
}

}  // namespace systol
