#include "sim/memory/memory_image.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/error.h"

namespace systol {
namespace {

constexpr std::size_t kPage = 4096;
constexpr std::uint64_t kLargestSpace = std::uint64_t{16} << 30;

}  // namespace

MemoryImage::MemoryImage(const isa::Program& program) {
  for (std::size_t i = 0; i < spaces_.size(); ++i) {
    if (program.space_bytes[i] > kLargestSpace) {
      throw InputError(
          fmt::format("the program asks for {} bytes of {} memory; at most {} are "
                      "simulated",
                      program.space_bytes[i], isa::kSpaceNames[i], kLargestSpace));
    }
    spaces_[i] = {program.space_bytes[i],
                  std::make_unique<ZeroedArray<std::uint8_t>>(program.space_bytes[i])};
  }
  for (const isa::Segment& segment : program.image) {
    const std::span<std::uint8_t> bytes = space(segment.space);
    if (segment.address > bytes.size() || segment.bytes.size() > bytes.size() - segment.address) {
      throw InputError(
          fmt::format("the program's data at {}:0x{:x} ends outside the {} bytes it "
                      "declares for that space",
                      isa::name_of(segment.space), segment.address, bytes.size()));
    }
    std::ranges::copy(segment.bytes, bytes.begin() + static_cast<std::ptrdiff_t>(segment.address));
  }
}

MemoryImage MemoryImage::copy() const {
  MemoryImage other;
  for (std::size_t i = 0; i < spaces_.size(); ++i) {
    const std::span<const std::uint8_t> bytes = spaces_[i].bytes();
    other.spaces_[i] = {bytes.size(), std::make_unique<ZeroedArray<std::uint8_t>>(bytes.size())};
    std::uint8_t* target = other.spaces_[i].zeroed->data();
    // Pages of zeros stay unused.
    for (std::size_t first = 0; first < bytes.size(); first += kPage) {
      const auto page = bytes.subspan(first, std::min(kPage, bytes.size() - first));
      if (std::ranges::any_of(page, [](std::uint8_t byte) { return byte != 0; })) {
        std::ranges::copy(page, target + first);
      }
    }
  }
  return other;
}

}  // namespace systol
