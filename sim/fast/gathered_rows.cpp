#include "sim/fast/gathered_rows.h"

#include <algorithm>
#include <cstring>

namespace systol {
namespace {

constexpr std::size_t kMostBytes = std::size_t{64} << 20U;
constexpr std::size_t kMostCopies = 1024;

}  // namespace

MatrixView GatheredRows::rows(const isa::Matmul& matmul, const std::int8_t* buffer,
                              isa::PeType pe) {
  const std::size_t places = isa::fed_values(matmul.depth, matmul.segments, pe);
  const std::size_t row_bytes = places * isa::value_bytes(pe);
  const auto same = [&](const Copy& copy) {
    return copy.walk == matmul.buffer && copy.depth == matmul.depth &&
           copy.segments == matmul.segments;
  };
  auto found = std::ranges::find_if(copies_, same);
  if (found == copies_.end()) {
    const std::size_t bytes = matmul.rows() * row_bytes;
    if (copies_.size() == kMostCopies || bytes_ + bytes > kMostBytes) {
      changed(0, UINT64_MAX);
    }
    const std::uint64_t piece = isa::segment_bytes(matmul.depth, matmul.segments, pe);
    Copy copy{matmul.buffer, matmul.depth, matmul.segments, matmul.buffer.end(piece), {}};
    copy.values.resize(bytes);
    std::int8_t* to = copy.values.data();
    matmul.buffer.for_each([&](std::uint64_t address) {
      std::memcpy(to, buffer + address, piece);
      to += row_bytes / matmul.segments;
    });
    bytes_ += bytes;
    found = copies_.insert(copies_.end(), std::move(copy));
  }
  return {found->values.data(), row_bytes, matmul.rows(), places};
}

void GatheredRows::changed(std::uint64_t first, std::uint64_t end) {
  std::erase_if(copies_, [&](const Copy& copy) {
    const bool goes = copy.walk.base < end && first < copy.end;
    if (goes) {
      forget(copy);
    }
    return goes;
  });
}

/// Another copy may come to lie where this one was.
void GatheredRows::forget(const Copy& copy) {
  counted_.changed(copy.values.data(), copy.values.data() + copy.values.size());
  bytes_ -= copy.values.size();
}

}  // namespace systol
