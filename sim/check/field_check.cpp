#include "sim/check/field_check.h"

#include <fmt/format.h>

#include "sim/check/accesses.h"
#include "sim/check/area.h"
#include "sim/config/array_file.h"

namespace systol {
namespace {

/// `value` is 1 to `most`, or the answer says what it is.
std::string check_size(const char* what, std::uint64_t value, std::uint64_t most,
                       const char* limit) {
  if (value == 0) {
    return fmt::format("{} is 0; at least 1 is needed", what);
  }
  return value <= most ? "" : fmt::format("{} is {}; {} is {}", what, value, limit, most);
}

std::string first_of(const std::string& a, const std::string& b) { return a.empty() ? b : a; }

constexpr std::uint64_t kUnlimited = UINT64_MAX;

/// The sizes of one operation.
struct CheckSizes {
  const ArrayConfig& config;

  std::string rows(std::uint64_t value) const {
    return check_size("rows", value, kUnlimited, "the limit");
  }
  std::string columns(std::uint64_t value) const {
    return check_size("columns", value, config.columns, "the array's number of columns");
  }

  std::string operator()(const isa::Transfer& op) const {
    return first_of(rows(op.rows), check_size("row_bytes", op.row_bytes, kUnlimited, "the limit"));
  }
  std::string array_rows(const char* what, std::uint64_t value) const {
    return check_size(what, value, config.rows, "the array's number of rows");
  }
  /// What an output-stationary array can do, another cannot, and the other way round.
  std::string dataflow(bool in_place) const {
    return in_place == (config.dataflow == Dataflow::OutputStationary)
               ? ""
               : fmt::format("the array is {}, which needs {}", name_of(config.dataflow),
                             in_place ? "matmul" : "matmul_in_place");
  }

  std::string operator()(const isa::LoadWeights& op) const {
    return first_of(array_rows("rows", op.rows), columns(op.columns));
  }
  std::string operator()(const isa::LoadTile& op) const {
    return first_of(array_rows("rows", op.rows), columns(op.columns));
  }
  std::string operator()(const isa::Matmul& op) const {
    return first_of(dataflow(false), first_of(rows(op.rows), first_of(array_rows("depth", op.depth),
                                                                      columns(op.columns))));
  }
  std::string operator()(const isa::MatmulInPlace& op) const {
    return first_of(dataflow(true),
                    first_of(array_rows("rows", op.rows),
                             first_of(array_rows("depth", op.depth), columns(op.columns))));
  }
  std::string operator()(const isa::SetChannels& op) const { return columns(op.columns); }
  std::string operator()(const isa::SetTable&) const { return ""; }
  template <class Activation>
  std::string activation(const Activation& op) const {
    const std::string clamp =
        op.minimum <= op.maximum
            ? ""
            : fmt::format("minimum {} is above maximum {}", op.minimum, op.maximum);
    return first_of(first_of(rows(op.rows), columns(op.columns)), clamp);
  }
  std::string operator()(const isa::Activate& op) const { return activation(op); }
  std::string operator()(const isa::ActivateTransposed& op) const { return activation(op); }
  std::string operator()(const isa::Softmax& op) const {
    return first_of(rows(op.rows), check_size("columns", op.columns, kUnlimited, "the limit"));
  }
};

/// No sum or product here can overflow.
bool fits(const Access& access, std::uint64_t size) {
  if (access.row_size > size || access.address > size - access.row_size) {
    return false;
  }
  const std::uint64_t left = size - access.row_size - access.address;
  return access.rows == 1 || access.stride == 0 || access.rows - 1 <= left / access.stride;
}

std::string check_access(const Access& access, std::uint64_t size) {
  if (access.write && access.rows > 1 && access.stride < access.row_size) {
    return fmt::format("the rows it writes overlap: they are {} bytes long and {} bytes apart",
                       access.row_size, access.stride);
  }
  if (fits(access, size)) {
    return "";
  }
  if (access.region == Region::Accumulators) {
    return fmt::format("{} accumulator rows from row {} on do not fit; the array has {}",
                       access.rows, access.address, size);
  }
  constexpr std::array<const char*, kRegions> kNames = {"unified buffer", "", "weights memory",
                                                        "activations memory"};
  return fmt::format(
      "{} rows of {} bytes, {} apart, from 0x{:x} on do not fit; the {} has {} bytes", access.rows,
      access.row_size, access.stride, access.address,
      kNames[static_cast<std::size_t>(access.region)], size);
}

/// Engines read and write a command's rows in their own order.
std::string check_own_overlap(const Accesses& accesses) {
  for (const Access& written : accesses) {
    for (const Access& read : accesses) {
      if (!written.write || read.write || read.region != written.region) {
        continue;
      }
      const Area a(written.address, written.stride, written.rows, written.row_size);
      const Area b(read.address, read.stride, read.rows, read.row_size);
      if (shared_count(a, b) > 0) {
        const std::uint64_t first = first_shared(a, b);
        return fmt::format("it writes {}, which it also reads",
                           describe_range(written.region, first, first));
      }
    }
  }
  return "";
}

}  // namespace

std::string check_fields(const isa::Operation& operation, const ArrayConfig& config,
                         const std::array<std::uint64_t, isa::kSpaces>& space_bytes) {
  std::string problem = std::visit(CheckSizes{config}, operation);
  const std::array<std::uint64_t, kRegions> sizes = {
      config.unified_buffer.count(), config.accumulator_rows, space_bytes[0], space_bytes[1]};
  if (problem.empty()) {
    for (const Access& access : accesses_of(operation)) {
      problem =
          first_of(problem, check_access(access, sizes[static_cast<std::size_t>(access.region)]));
    }
  }
  if (problem.empty()) {
    problem = check_own_overlap(accesses_of(operation));
  }
  return problem;
}

}  // namespace systol
