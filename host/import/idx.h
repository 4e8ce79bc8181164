// Images and labels in the IDX format, the one MNIST comes in; plain or gzip.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

namespace systol {

/// 8-bit grey images.
struct IdxImages {
  std::size_t count = 0;
  std::size_t height = 0;  ///< 1 where the file holds [count][width]
  std::size_t width = 0;
  std::vector<std::uint8_t> pixels;  ///< [count][height][width]
};

/// A file may unpack to this much: 1 GiB.
inline constexpr std::uint64_t kMaxIdxBytes = std::uint64_t{1} << 30;

/// Reads a file of unsigned bytes with two or three dimensions. A file that does not hold exactly
/// what its header says is an InputError.
IdxImages read_idx_images(const std::filesystem::path& path);

/// Reads a file of unsigned bytes with one dimension.
std::vector<std::uint8_t> read_idx_labels(const std::filesystem::path& path);

/// Throws unless there is a label for every image and no more; `path` is the labels' file.
void check_labels(const IdxImages& images, const std::vector<std::uint8_t>& labels,
                  const std::filesystem::path& path);

}  // namespace systol
