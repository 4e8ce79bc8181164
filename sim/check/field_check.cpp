#include "sim/check/field_check.h"

#include <fmt/format.h>

#include <algorithm>

#include "hw/isa/accesses.h"
#include "sim/check/access_history.h"
#include "sim/check/area.h"
#include "sim/check/size_check.h"
#include "sim/check/vector_check.h"
#include "sim/config/array_file.h"

namespace systol {
namespace {

/// The sizes of one operation.
struct CheckSizes {
  const ArrayConfig& config;

  std::string columns(std::uint64_t value) const {
    return check_size("columns", value, config.columns, "the array's number of columns");
  }

  std::string operator()(const isa::Transfer& op) const {
    return first_of({check_pieces(op.memory), check_pieces(op.buffer),
                     check_same_count("memory", op.memory, "buffer", op.buffer),
                     check_size("piece_bytes", op.piece_bytes, kNoLimit, "the limit")});
  }
  std::string array_rows(const char* what, std::uint64_t value) const {
    return check_size(what, value, config.rows, "the array's number of rows");
  }
  /// What an output-stationary array can do, another cannot, and the other way round.
  std::string dataflow(bool output_stationary) const {
    return output_stationary == (config.dataflow == Dataflow::OutputStationary)
               ? ""
               : fmt::format("the array is {}, which needs {}", name_of(config.dataflow),
                             output_stationary ? "matmul" : "matmul_output_stationary");
  }
  /// The buffer's values are activations.
  std::string whole_weights() const {
    const isa::PeDescription& pe = isa::describe(config.pe);
    return isa::is_packed(config.pe)
               ? fmt::format(
                     "a tile from the buffer has values of {} bits, and the weights of "
                     "'pe: {}' have {}; only load_weights brings them",
                     pe.operand_bits, pe.name,
                     isa::is_sparse(config.pe) ? "indices" : std::to_string(pe.weight_bits))
               : "";
  }
  /// Rows of `depth` values in so many segments.
  static std::string segments(const isa::Walk& walk, std::uint32_t depth, std::uint32_t segments) {
    if (segments == 0) {
      return "segments is 0; at least 1 is needed";
    }
    if (depth % segments != 0) {
      return fmt::format("{} segments do not divide a depth of {}", segments, depth);
    }
    return walk.count() % segments == 0
               ? ""
               : fmt::format("{} segments do not divide the {} pieces of the walk {}", segments,
                             walk.count(), to_text(walk));
  }

  std::string operator()(const isa::LoadWeights& op) const {
    return first_of({array_rows("rows", op.rows), paired_rows(op.rows), columns(op.columns)});
  }
  /// Two rows share a group of activations.
  std::string paired_rows(std::uint32_t rows) const {
    return isa::is_sparse(config.pe) && rows % isa::kGroupRows != 0
               ? fmt::format("rows is {}; a tile of '{}' weights has two rows for each group", rows,
                             isa::describe(config.pe).name)
               : "";
  }
  /// The PE rows that a row of activations takes; the segments are known to divide it.
  std::string fed_depth(std::uint32_t depth, std::uint32_t segments) const {
    const std::uint64_t rows = isa::fed_depth(depth, segments, config.pe);
    return isa::is_sparse(config.pe) && rows > config.rows
               ? fmt::format("depth is {}, which takes {} PE rows; the array has {}", depth, rows,
                             config.rows)
               : array_rows("depth",
                            isa::is_sparse(config.pe) ? std::min<std::uint64_t>(depth, 1) : depth);
  }
  std::string operator()(const isa::LoadTile& op) const {
    return first_of({whole_weights(), check_pieces(op.buffer),
                     segments(op.buffer, op.depth, op.segments), array_rows("rows", op.rows()),
                     columns(op.columns())});
  }
  std::string operator()(const isa::Matmul& op) const {
    return first_of({dataflow(false), check_pieces(op.buffer), fed_depth(op.depth, op.segments),
                     columns(op.columns), segments(op.buffer, op.depth, op.segments)});
  }
  std::string operator()(const isa::MatmulOutputStationary& op) const {
    return first_of({dataflow(true), check_pieces(op.buffer),
                     segments(op.buffer, op.depth, op.segments), array_rows("rows", op.rows()),
                     array_rows("depth", op.depth), columns(op.columns)});
  }
  std::string operator()(const isa::SetChannels& op) const { return columns(op.columns); }
  std::string operator()(const isa::SetTable&) const { return ""; }
  static std::string clamp(const isa::Requantisation& op) {
    return op.minimum <= op.maximum
               ? ""
               : fmt::format("minimum {} is above maximum {}", op.minimum, op.maximum);
  }
  std::string operator()(const isa::Activate& op) const {
    return first_of({check_pieces(op.buffer), columns(op.columns), clamp(op.requantisation)});
  }
  std::string operator()(const isa::ActivateSigns& op) const {
    return first_of(
        {check_pieces(op.buffer), columns(op.columns), clamp(op.requantisation),
         isa::is_signs(config.pe)
             ? ""
             : fmt::format("it packs signs, and the array's PEs are {}; allowed: {}",
                           isa::describe(config.pe).name, isa::describe(isa::PeType::Xnor).name)});
  }
  std::string operator()(const isa::ActivateAdd& op) const {
    return first_of({check_pieces(op.buffer), check_pieces(op.residual),
                     check_same_count("buffer", op.buffer, "residual", op.residual),
                     columns(op.columns), clamp(op.addition.sums()), clamp(op.requantisation),
                     check_addition(op.addition)});
  }
  std::string operator()(const isa::ActivateFloat& op) const {
    return first_of({check_pieces(op.buffer), columns(op.columns)});
  }
  std::string operator()(const isa::ActivateTransposed& op) const {
    return first_of({check_pieces(op.buffer), check_size("rows", op.rows, kNoLimit, "the limit"),
                     columns(op.columns()), clamp(op.requantisation)});
  }
  std::string operator()(const isa::Softmax& op) const {
    return first_of({check_pieces(op.source), check_pieces(op.destination),
                     check_same_count("source", op.source, "destination", op.destination),
                     check_size("columns", op.columns, kNoLimit, "the limit")});
  }
  std::string operator()(const isa::SoftmaxPart& op) const {
    return check_size("columns", op.columns, kNoLimit, "the limit");
  }
  std::string operator()(const isa::Vector& op) const { return check_vector(op); }
  std::string operator()(const isa::Normalise& op) const { return check_normalise(op); }
};

/// What works on int8 values has none on an array of floating-point numbers, and the other way
/// round.
std::string check_type(const isa::Operation& operation, isa::PeType pe) {
  const isa::Unit unit = isa::unit_of(operation);
  const bool of_floats = std::holds_alternative<isa::ActivateFloat>(operation);
  const bool of_bytes = !of_floats && !std::holds_alternative<isa::SetChannels>(operation) &&
                        (unit == isa::Unit::Activate || unit == isa::Unit::Vector);
  if (isa::is_float(pe) ? !of_bytes : !of_floats) {
    return "";
  }
  return fmt::format("it works on {} values, and the array's PEs are {}",
                     of_floats ? "bf16" : "int8", isa::describe(pe).name);
}

/// Pieces that are written do not overlap: each loop steps over all that those with smaller strides
/// walk. A memory's size is known to hold the walk, so that nothing overflows.
bool overlaps_itself(const isa::Pieces& pieces) {
  std::array<isa::Walk::Loop, isa::Walk::kLoops> loops = pieces.walk.loops;
  std::ranges::sort(loops, {}, &isa::Walk::Loop::stride);
  std::uint64_t span = pieces.bytes;
  for (const isa::Walk::Loop& loop : loops) {
    if (loop.count > 1) {
      if (loop.stride < span) {
        return true;
      }
      span += (loop.count - 1) * loop.stride;
    }
  }
  return false;
}

std::string check_access(const isa::Access& access, std::uint64_t size) {
  const isa::Walk& walk = access.pieces.walk;
  if (access.end() > size || access.end() == UINT64_MAX) {
    if (access.region == isa::Region::Accumulators) {
      return fmt::format("{} accumulator rows from row {} on do not fit; the array has {}",
                         walk.count(), walk.base, size);
    }
    constexpr std::array<const char*, isa::kRegions> kNames = {
        "unified buffer", "", "weights memory", "activations memory"};
    return fmt::format("pieces of {} bytes at {} do not fit; the {} has {} bytes",
                       access.pieces.bytes, to_text(walk),
                       kNames[static_cast<std::size_t>(access.region)], size);
  }
  if (access.write && overlaps_itself(access.pieces)) {
    return fmt::format(
        "the pieces it writes overlap: {} bytes each at {}; a stride must not be less than what "
        "the loops with smaller strides walk",
        access.pieces.bytes, to_text(walk));
  }
  return "";
}

/// Engines read and write a command's pieces in their own order.
std::string check_own_overlap(const isa::Accesses& accesses) {
  for (const isa::Access& written : accesses) {
    for (const isa::Access& read : accesses) {
      if (!written.write || read.write || read.region != written.region) {
        continue;
      }
      StepsLeft steps{AccessHistory::kMostSteps};
      try {
        if (const auto first = first_shared(Area(written.pieces), Area(read.pieces), steps)) {
          return fmt::format("it writes {}, which it also reads",
                             isa::describe_range(written.region, *first, *first));
        }
      } catch (const TooManySteps&) {
        return kTooInterleaved;
      }
    }
  }
  return "";
}

}  // namespace

std::string check_fields(const isa::Operation& operation, const ArrayConfig& config,
                         const std::array<std::uint64_t, isa::kSpaces>& space_bytes) {
  std::string problem =
      first_of({check_type(operation, config.pe), std::visit(CheckSizes{config}, operation)});
  const std::array<std::uint64_t, isa::kRegions> sizes = {
      config.unified_buffer.count(), config.accumulator_rows, space_bytes[0], space_bytes[1]};
  if (!problem.empty()) {
    return problem;
  }
  const isa::Accesses accesses = isa::accesses_of(operation, config.pe);
  for (const isa::Access& access : accesses) {
    problem = check_access(access, sizes[static_cast<std::size_t>(access.region)]);
    if (!problem.empty()) {
      return problem;
    }
  }
  return check_own_overlap(accesses);
}

}  // namespace systol
