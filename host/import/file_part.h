// Bytes of a file that are read when somebody needs them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>

#include "sim/base/input_file.h"

namespace systol {

struct FilePart {
  std::shared_ptr<const InputFile> file;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;

  /// Gives `take` all of them in order, in pieces that start at multiples of kPiece. Throws
  /// InputError where the file was changed since it was opened, or cannot be read.
  void read(const std::function<void(std::span<const std::byte>)>& take) const;

  static constexpr std::size_t kPiece = std::size_t{1} << 16;
};

/// By the names of what they hold.
using FileParts = std::map<std::string, FilePart>;

}  // namespace systol
