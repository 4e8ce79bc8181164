#include "sim/rtl/verilated_unit.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include "sim/base/error.h"
#include "sim/rtl/unit_abi.h"

namespace systol {
namespace {

const UnitLibraryFunctions& load(const std::filesystem::path& library) {
  // The library stays loaded: its runtime has thread-local state, and another unit may follow.
  void* handle = dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (handle == nullptr) {
    throw EnvironmentError(fmt::format("cannot load the matrix unit's library: {}", dlerror()));
  }
  auto* entry = reinterpret_cast<UnitLibraryEntry*>(dlsym(handle, kUnitLibraryEntry));
  if (entry == nullptr) {
    throw EnvironmentError(fmt::format("{} is not a matrix unit's library: it has no '{}'",
                                       library.string(), kUnitLibraryEntry));
  }
  const UnitLibraryFunctions* functions = entry();
  if (functions->abi_version != kUnitAbiVersion) {
    throw EnvironmentError(
        fmt::format("{} has version {} of the library interface, this program has {}: build it "
                    "again with 'systol rtl build'",
                    library.string(), functions->abi_version, kUnitAbiVersion));
  }
  return *functions;
}

[[noreturn]] void throw_failed_assertion(const char* error) {
  throw HardwareError(fmt::format("assertion of the RTL failed: {}", error));
}

class VerilatedUnit : public MatrixUnit {
 public:
  VerilatedUnit(const UnitLibraryFunctions& functions, std::uint64_t seed)
      : functions_(functions), unit_(functions.create(seed), functions.destroy) {
    if (unit_ == nullptr) {
      throw EnvironmentError("not enough memory for the verilated matrix unit");
    }
  }

  const UnitOutputs& step(const UnitInputs& inputs) override {
    if (functions_.step(unit_.get(), &inputs, &outputs_) != 0) {
      throw_failed_assertion(functions_.error(unit_.get()));
    }
    return outputs_;
  }

  PeRegisters pe(std::uint32_t row, std::uint32_t column) const override {
    PeRegisters registers;
    functions_.pe(unit_.get(), row, column, &registers);
    return registers;
  }
  const std::int32_t* partial_sums() const override { return functions_.partial_sums(unit_.get()); }
  std::span<const std::int32_t> accumulators(std::uint32_t row) const override {
    return {functions_.accumulators(unit_.get(), row), functions_.shape.columns};
  }
  void restore(const UnitContents& contents) override {
    functions_.restore(unit_.get(), &contents);
  }

  void inject(const StuckBit& fault) override { functions_.inject(unit_.get(), &fault); }

 private:
  const UnitLibraryFunctions& functions_;
  std::unique_ptr<VerilatedInstance, void (*)(VerilatedInstance*)> unit_;
  UnitOutputs outputs_;
};

class VerilatedVectorUnit : public VectorUnit {
 public:
  VerilatedVectorUnit(const VectorUnitFunctions& functions, std::uint64_t seed)
      : functions_(functions), unit_(functions.create(seed), functions.destroy) {
    if (unit_ == nullptr) {
      throw EnvironmentError("not enough memory for the verilated vector unit");
    }
  }

  const VectorOutputs& step(const VectorInputs& inputs) override {
    if (functions_.step(unit_.get(), &inputs, &outputs_) != 0) {
      throw_failed_assertion(functions_.error(unit_.get()));
    }
    return outputs_;
  }

 private:
  const VectorUnitFunctions& functions_;
  std::unique_ptr<VerilatedVectorInstance, void (*)(VerilatedVectorInstance*)> unit_;
  VectorOutputs outputs_;
};

const UnitLibraryFunctions& load_shape(const std::filesystem::path& library,
                                       const UnitShape& shape) {
  const UnitLibraryFunctions& functions = load(library);
  if (functions.shape != shape) {
    const auto text = [](const UnitShape& s) {
      return fmt::format("{}x{} with {} accumulator rows", s.rows, s.columns, s.accumulator_rows);
    };
    throw EnvironmentError(fmt::format("{} is a matrix unit of {}, not of {}", library.string(),
                                       text(functions.shape), text(shape)));
  }
  return functions;
}

}  // namespace

std::unique_ptr<MatrixUnit> make_verilated_unit(const std::filesystem::path& library,
                                                const UnitShape& shape, std::uint64_t seed) {
  return std::make_unique<VerilatedUnit>(load_shape(library, shape), seed);
}

std::unique_ptr<VectorUnit> make_verilated_vector_unit(const std::filesystem::path& library,
                                                       const UnitShape& shape, std::uint64_t seed) {
  return std::make_unique<VerilatedVectorUnit>(load_shape(library, shape).vector, seed);
}

}  // namespace systol
