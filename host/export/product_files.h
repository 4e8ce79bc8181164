// The products that an array of bf16 ran, each a program of its own in a folder.
#pragma once

#include <cstddef>
#include <filesystem>

#include "hw/isa/command.h"
#include "sim/base/unfinished_folder.h"

namespace systol {

/// Writes 000.tpu, 001.tpu and so on, as text. Throws EnvironmentError.
class ProductFiles {
 public:
  explicit ProductFiles(const std::filesystem::path& folder) : files_(folder) {}

  void operator()(const isa::Program& product);
  /// The folder gets its name.
  void finish() { files_.finish(); }

 private:
  UnfinishedFolder files_;
  std::size_t written_ = 0;
};

}  // namespace systol
