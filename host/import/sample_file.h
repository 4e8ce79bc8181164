// Files of samples, whatever their format: arrays, tables, pictures.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "host/graph/shape.h"

namespace systol {

/// A file, and the array in it where it is an archive of several: "mnist.npz:x_train".
struct FilePlace {
  std::filesystem::path path;
  std::string member;  ///< empty: the only one
};

/// The place that a text means: what is before its last colon is the file, unless the whole text
/// is one.
FilePlace file_place(const std::string& text);

/// The samples of a file, in its own shape and numbers.
struct SampleFile {
  std::string name;           ///< of the file, for errors and people
  std::size_t count = 0;      ///< samples in the file
  Shape shape;                ///< of one: [K], [H, W], of pictures [H, W] or [H, W, C], ...
  std::vector<float> values;  ///< [kept][shape]: of the first samples
  /// Of pixels the number that is white, as black is 0; nothing for numbers of other things.
  std::optional<float> white;
  bool channels_last = false;  ///< known to be [H, W, C], as pictures are
  std::string how;             ///< the layout, and what there is to say of it, for people

  std::size_t kept() const { return values.size() / elements(shape); }
};

/// "28x28", "13"; a single value is "1".
std::string size_text(const Shape& shape);

/// Reads the first `most` samples of a file, and checks the others as far as its format needs it.
/// By the first bytes it is IDX, .npy, .npz, PNG, PGM, PPM or PBM, plain or in gzip; by its name,
/// or from a pipe, a table; or a folder of pictures. Arrays of uint8 are pixels. Throws InputError.
SampleFile read_sample_file(const FilePlace& place, std::size_t most);

/// Throws the InputError of all formats for more values than are held.
void check_kept(const std::string& name, std::uint64_t samples, const Shape& shape);

}  // namespace systol
