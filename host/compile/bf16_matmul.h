// One matrix multiplication in bf16 as a program: what training needs of an array.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "hw/isa/command.h"
#include "sim/base/bf16.h"
#include "sim/config/array_config.h"
#include "sim/device.h"

namespace systol {

/// c = a b, of `rows` x `depth` and `depth` x `columns` values. All are row-major; a transposed
/// operand lies in memory as [depth][rows], or as [columns][depth].
struct Bf16MatmulShape {
  std::uint32_t rows = 0;
  std::uint32_t depth = 0;
  std::uint32_t columns = 0;
  bool a_transposed = false;
  bool b_transposed = false;
  auto operator<=>(const Bf16MatmulShape&) const = default;
};

/// Where the program expects its operands and leaves its result: `b` in the weights' space, the
/// others in the activations'. Operands are bf16, the result is fp32 [rows][columns].
struct Bf16MatmulPlaces {
  std::uint64_t a = 0;
  std::uint64_t b = 0;
  std::uint64_t c = 0;
};
Bf16MatmulPlaces bf16_matmul_places(const Bf16MatmulShape& shape);

/// The program, without values in its memory; its one node is `node`. A block of rows that the
/// accumulators hold is multiplied by one column tile after another, and each of these depth tile
/// by depth tile, so that each sum is that of the depth's pieces of the array's rows, in order. Of
/// `a` a block is loaded once where the buffer holds it, otherwise once for each column tile; `b`
/// is loaded once for each block.
///
/// Throws InputError for an array whose PEs are not bf16, a side of 0, or a buffer that does not
/// hold two tiles of each matrix for a single row.
isa::Program bf16_matmul_program(const Bf16MatmulShape& shape, const ArrayConfig& config,
                                 const std::string& node = "matmul");

/// The program with its memory, to run again and again with other values.
class Bf16Matmul {
 public:
  /// Throws as bf16_matmul_program does.
  Bf16Matmul(const Bf16MatmulShape& shape, const ArrayConfig& config);

  /// `a` and `b` as the shape says, `c` [rows][columns], of just these sizes: throws
  /// std::invalid_argument for others. `observer` may be null.
  RunResult run(Device& device, std::span<const Bf16> a, std::span<const Bf16> b,
                std::span<float> c, Observer* observer = nullptr);

  const isa::Program& program() const { return program_; }

 private:
  Bf16MatmulShape shape_;
  Bf16MatmulPlaces places_;
  isa::Program program_;
  MemoryImage memory_;
};

}  // namespace systol
