// What a file of samples or labels is, and the array in it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "host/import/array_file.h"
#include "host/import/byte_source.h"
#include "host/import/zip.h"

namespace systol {

enum class FileFormat : std::uint8_t { Idx, Npy, Npz, Picture, Table, Unknown };

/// By the first bytes, or else a table where the name ends in .csv, .tsv or .txt (.gz may follow),
/// or where it is no file, but a pipe. Throws InputError for an empty file.
FileFormat format_of(ByteSource& source);

/// An array: of IDX, of .npy, or one of those in a .npz.
class ArraySource {
 public:
  /// `member` names the array of a .npz; without it there must be one only. Throws InputError for
  /// names that there are not, and for what is no array.
  ArraySource(ByteSource& source, FileFormat format, const std::string& member);

  const ArrayHeader& header() const { return header_; }
  /// What comes after the header.
  ByteReader& body() { return *body_; }

 private:
  void open_member(ByteSource& source, const std::string& member);

  std::optional<ZipArchive> archive_;
  std::unique_ptr<ByteReader> opened_;  ///< of the archive
  ByteReader* body_;
  ArrayHeader header_;
};

}  // namespace systol
