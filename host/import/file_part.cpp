#include "host/import/file_part.h"

#include <algorithm>
#include <vector>

namespace systol {

void FilePart::read(const std::function<void(std::span<const std::byte>)>& take) const {
  file->check_unchanged();
  std::vector<std::byte> piece(std::min<std::uint64_t>(size, kPiece));
  for (std::uint64_t at = 0; at < size; at += piece.size()) {
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(size - at, kPiece));
    if (file->read_at(offset + at, piece.data(), wanted) != wanted) {
      file->fail("became shorter while it was read");
    }
    take(std::span(piece).first(wanted));
  }
}

}  // namespace systol
