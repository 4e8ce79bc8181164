// ZIP archives, as NumPy writes them for .npz.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "host/import/byte_reader.h"

namespace systol {

/// One file of an archive.
struct ZipEntry {
  std::string name;
  bool encrypted = false;
  std::uint16_t method = 0;  ///< 0: stored, 8: deflated
  std::uint32_t crc = 0;
  std::uint64_t packed = 0;   ///< bytes in the archive
  std::uint64_t size = 0;     ///< bytes that it unpacks to
  std::uint64_t address = 0;  ///< of its local header
};

bool is_zip(std::string_view start);

/// An archive in memory.
class ZipArchive {
 public:
  /// Reads the list of its files. Errors are those of `place`, which must outlive the archive.
  /// Throws InputError for an archive that is damaged or in several parts.
  ZipArchive(std::string bytes, const ByteReader& place);

  const std::vector<ZipEntry>& entries() const { return entries_; }
  /// The entry's bytes, unpacked as they are read, and its checksum compared at the end; the
  /// archive must outlive them. Their errors begin with `name`. Throws InputError for an entry that
  /// is encrypted or packed in another way.
  std::unique_ptr<ByteReader> open(const ZipEntry& entry, std::string name) const;

 private:
  std::string bytes_;
  const ByteReader& place_;
  std::vector<ZipEntry> entries_;
};

}  // namespace systol
