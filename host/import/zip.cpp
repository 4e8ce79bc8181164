#include "host/import/zip.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <limits>
#include <new>
#include <optional>
#include <utility>

#include "sim/base/text.h"

namespace systol {
namespace {

constexpr std::uint16_t kStored = 0;
constexpr std::uint16_t kDeflated = 8;
constexpr std::uint16_t kEncrypted = 1;  ///< a flag
constexpr std::uint32_t kIn64Bits = 0xFFFFFFFF;
constexpr std::uint16_t kZip64Field = 1;
constexpr std::size_t kLongestComment = 0xFFFF;
constexpr std::size_t kMostUnpackedAtOnce = std::size_t{1} << 20;

constexpr std::string_view kLocalMark = "PK\x03\x04";
constexpr std::string_view kEntryMark = "PK\x01\x02";
constexpr std::string_view kEndMark = "PK\x05\x06";
constexpr std::string_view kEnd64Mark = "PK\x06\x06";
constexpr std::string_view kEnd64PlaceMark = "PK\x06\x07";
constexpr std::size_t kLocalBytes = 30;
constexpr std::size_t kEntryBytes = 46;
constexpr std::size_t kEndBytes = 22;
constexpr std::size_t kEnd64Bytes = 56;
constexpr std::size_t kEnd64PlaceBytes = 20;

/// A record of an archive; little endian.
struct Record {
  std::string_view bytes;

  std::uint64_t number(std::size_t at, std::size_t size) const {
    std::uint64_t value = 0;
    for (std::size_t i = size; i-- > 0;) {
      value = value << 8 | static_cast<std::uint8_t>(bytes[at + i]);
    }
    return value;
  }
  std::uint16_t u16(std::size_t at) const { return static_cast<std::uint16_t>(number(at, 2)); }
  std::uint32_t u32(std::size_t at) const { return static_cast<std::uint32_t>(number(at, 4)); }
  std::uint64_t u64(std::size_t at) const { return number(at, 8); }
};

/// The record of `size` bytes that begins with `mark` there; nothing if there is none.
std::optional<Record> record_at(std::string_view bytes, std::uint64_t at, std::string_view mark,
                                std::size_t size) {
  if (at > bytes.size() || size > bytes.size() - at || !bytes.substr(at).starts_with(mark)) {
    return std::nullopt;
  }
  return Record{bytes.substr(at, size)};
}

/// Replaces the numbers that say 0xFFFFFFFF by those that follow in 64 bits, in their order.
void read_zip64_field(std::string_view extra, ZipEntry& entry) {
  while (extra.size() >= 4) {
    const Record head{extra};
    const std::size_t size = std::min<std::size_t>(head.u16(2), extra.size() - 4);
    if (head.u16(0) == kZip64Field) {
      const Record field{extra.substr(4, size)};
      std::size_t at = 0;
      for (std::uint64_t* number : {&entry.size, &entry.packed, &entry.address}) {
        if (*number == kIn64Bits && at + 8 <= size) {
          *number = field.u64(at);
          at += 8;
        }
      }
    }
    extra.remove_prefix(4 + size);
  }
}

/// Where the list of files is.
struct Directory {
  std::uint64_t address = 0;
  std::uint64_t entries = 0;
};

std::optional<Directory> find_directory(std::string_view bytes) {
  const std::size_t earliest = bytes.size() - std::min(bytes.size(), kEndBytes + kLongestComment);
  const std::size_t at = bytes.rfind(kEndMark);
  const auto end = at == std::string_view::npos || at < earliest
                       ? std::nullopt
                       : record_at(bytes, at, kEndMark, kEndBytes);
  if (!end) {
    return std::nullopt;
  }
  if (const auto place = at < kEnd64PlaceBytes ? std::nullopt
                                               : record_at(bytes, at - kEnd64PlaceBytes,
                                                           kEnd64PlaceMark, kEnd64PlaceBytes)) {
    const auto end64 = record_at(bytes, place->u64(8), kEnd64Mark, kEnd64Bytes);
    return end64 ? std::optional(Directory{end64->u64(48), end64->u64(32)}) : std::nullopt;
  }
  return Directory{end->u32(16), end->u16(10)};
}

/// The unpacked bytes of one entry.
class ZipEntryReader : public ByteReader {
 public:
  ZipEntryReader(std::string_view packed, const ZipEntry& entry, std::string name)
      : packed_(packed), entry_(entry), name_(std::move(name)) {
    if (entry_.method == kDeflated && inflateInit2(&stream_, -MAX_WBITS) != Z_OK) {
      throw std::bad_alloc();
    }
  }
  ~ZipEntryReader() override {
    if (entry_.method == kDeflated) {
      inflateEnd(&stream_);
    }
  }
  ZipEntryReader(const ZipEntryReader&) = delete;
  ZipEntryReader& operator=(const ZipEntryReader&) = delete;

  std::size_t read(std::uint8_t* to, std::size_t size) override {
    std::size_t got = 0;
    while (got < size) {
      const std::size_t wanted = std::min(size - got, kMostUnpackedAtOnce);
      const std::size_t more =
          entry_.method == kStored ? copy(to + got, wanted) : unpack(to + got, wanted);
      if (more == 0) {
        check_end();
        break;
      }
      crc_ = static_cast<std::uint32_t>(crc32(crc_, to + got, static_cast<uInt>(more)));
      unpacked_ += more;
      got += more;
    }
    return got;
  }

  std::string name() const override { return name_; }

 private:
  std::size_t copy(std::uint8_t* to, std::size_t size) {
    const std::size_t more = std::min(size, packed_.size());
    std::copy_n(packed_.begin(), more, to);
    packed_.remove_prefix(more);
    return more;
  }

  std::size_t unpack(std::uint8_t* to, std::size_t size) {
    stream_.next_out = to;
    stream_.avail_out = static_cast<uInt>(size);
    int result = Z_OK;
    while (stream_.avail_out > 0 && result == Z_OK) {
      const auto given = static_cast<uInt>(
          std::min<std::size_t>(packed_.size(), std::numeric_limits<uInt>::max()));
      // zlib reads through a pointer to what it does not change.
      stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed_.data()));
      stream_.avail_in = given;
      result = inflate(&stream_, Z_NO_FLUSH);
      packed_.remove_prefix(given - stream_.avail_in);
    }
    if (result != Z_OK && result != Z_STREAM_END) {
      fail("its ZIP data are damaged");
    }
    return size - stream_.avail_out;
  }

  void check_end() const {
    if (crc_ != entry_.crc || unpacked_ != entry_.size) {
      fail("its ZIP data are damaged");
    }
  }

  std::string_view packed_;
  ZipEntry entry_;
  std::string name_;
  z_stream stream_{};
  std::uint32_t crc_ = 0;
  std::uint64_t unpacked_ = 0;
};

}  // namespace

bool is_zip(std::string_view start) {
  return start.starts_with(kLocalMark) || start.starts_with(kEndMark);
}

ZipArchive::ZipArchive(std::string bytes, const ByteReader& place)
    : bytes_(std::move(bytes)), place_(place) {
  const auto damaged = [&] { place_.fail("the ZIP archive is damaged or cut short"); };
  const auto directory = find_directory(bytes_);
  if (!directory) {
    damaged();
  }
  std::uint64_t at = directory->address;
  for (std::uint64_t i = 0; i < directory->entries; ++i) {
    const auto record = record_at(bytes_, at, kEntryMark, kEntryBytes);
    if (!record) {
      damaged();
    }
    const std::size_t name = record->u16(28);
    const std::size_t extra = record->u16(30);
    const std::string_view rest = std::string_view(bytes_).substr(at + kEntryBytes);
    if (name + extra > rest.size()) {
      damaged();
    }
    ZipEntry entry{std::string(rest.substr(0, name)),
                   (record->u16(8) & kEncrypted) != 0,
                   record->u16(10),
                   record->u32(16),
                   record->u32(20),
                   record->u32(24),
                   record->u32(42)};
    read_zip64_field(rest.substr(name, extra), entry);
    entries_.push_back(std::move(entry));
    at += kEntryBytes + name + extra + record->u16(32);
  }
}

std::unique_ptr<ByteReader> ZipArchive::open(const ZipEntry& entry, std::string name) const {
  if (entry.encrypted || (entry.method != kStored && entry.method != kDeflated)) {
    place_.fail(fmt::format(
        "'{}' is {}; allowed: stored or deflated, as NumPy writes it", printable(entry.name),
        entry.encrypted ? std::string("encrypted")
                        : fmt::format("packed by method {} of ZIP", entry.method)));
  }
  const auto local = record_at(bytes_, entry.address, kLocalMark, kLocalBytes);
  const std::uint64_t first =
      local ? entry.address + kLocalBytes + local->u16(26) + local->u16(28) : bytes_.size();
  if (!local || first > bytes_.size() || entry.packed > bytes_.size() - first) {
    place_.fail("the ZIP archive is damaged or cut short");
  }
  return std::make_unique<ZipEntryReader>(std::string_view(bytes_).substr(first, entry.packed),
                                          entry, std::move(name));
}

}  // namespace systol
