#include "sim/unit/model_unit.h"

#include <algorithm>
#include <array>
#include <limits>
#include <vector>

#include "hw/isa/command.h"
#include "sim/unit/array_output_stationary.h"
#include "sim/unit/array_weight_stationary.h"
#include "sim/unit/float_activation.h"
#include "sim/unit/pe_row.h"

namespace systol {
namespace {

/// Accumulators in two cycles: read the addressed row, then add (or overwrite) and write it.
class Accumulators {
 public:
  Accumulators(std::uint32_t rows, std::uint32_t columns, bool floats)
      : columns_(columns),
        floats_(floats),
        values_(static_cast<std::size_t>(rows) * columns),
        read_(columns),
        next_read_(columns),
        sums_(columns) {}

  std::int32_t* row(std::uint32_t address) {
    return &values_[static_cast<std::size_t>(address) * columns_];
  }
  std::span<const std::int32_t> row(std::uint32_t address) const {
    return {&values_[static_cast<std::size_t>(address) * columns_], columns_};
  }
  void restore(const std::int32_t* values) { std::copy_n(values, values_.size(), values_.begin()); }

  void step(const std::optional<ArrayModel::Row>& arrived) {
    // Sampled before the write below, as a registered read is.
    if (arrived) {
      std::copy_n(row(arrived->address), columns_, next_read_.begin());
    }
    if (pending_) {
      write();
    }
    pending_ = arrived.has_value();
    if (arrived) {
      read_.swap(next_read_);
      std::copy_n(arrived->sums, columns_, sums_.begin());
      address_ = arrived->address;
      add_ = arrived->add;
    }
  }

 private:
  void write() {
    std::int32_t* target = row(address_);
    if (floats_) {
      std::transform(sums_.begin(), sums_.end(), read_.begin(), target,
                     [this](std::int32_t sum, std::int32_t base) {
                       return add_ ? add_floats(base, sum) : sum;
                     });
      return;
    }
    for (std::size_t i = 0; i < columns_; ++i) {
      const auto base = static_cast<std::uint32_t>(add_ ? read_[i] : 0);
      target[i] = static_cast<std::int32_t>(base + static_cast<std::uint32_t>(sums_[i]));
    }
  }

  std::size_t columns_;
  bool floats_;
  std::vector<std::int32_t> values_;
  std::vector<std::int32_t> read_;
  std::vector<std::int32_t> next_read_;
  std::vector<std::int32_t> sums_;
  bool pending_ = false;
  bool add_ = false;
  std::uint32_t address_ = 0;
};

/// Bias, requantisation, clamp and table in the five stages of hw/TIMING.md, or seven where a
/// residual is added.
class ActivationPath {
 public:
  explicit ActivationPath(std::uint32_t columns)
      : columns_(columns), planes_(static_cast<std::size_t>(columns) * kPlanes), outputs_(columns) {
    for (Stage& stage : stages_) {
      stage.values.resize(columns);
      stage.residual.resize(columns);
    }
  }

  void step(const UnitInputs& inputs, const std::int32_t* accumulators) {
    // The last stage first: each takes what the one before it held until this edge.
    const bool passes = stages_[3].valid && !stages_[3].adds;
    output_.result_valid = stages_[5].valid || passes;
    if (output_.result_valid) {
      look_up(stages_[stages_[5].valid ? 5 : 3]);
    }
    advance(4, 5, [this](Stage& stage) { finish_sum(stage); });
    stages_[4].valid = false;
    if (stages_[3].adds) {
      advance(3, 4, [this](Stage& stage) { weigh(stage); });
    }
    advance(2, 3, [this](Stage& stage) { round_and_clamp(stage); });
    advance(1, 2, [this](Stage& stage) { multiply(stage); });
    advance(0, 1, [this](Stage& stage) { add_bias(stage); });
    stages_[0].valid = inputs.activate_valid;
    if (inputs.activate_valid) {
      read(inputs, accumulators);
    }
    set_parameters(inputs);
  }

  const UnitOutputs& output() const { return output_; }

 private:
  static constexpr std::size_t kPlanes = 9;

  struct Stage {
    bool valid = false;
    bool table = false;
    std::int8_t zero_point = 0;
    std::int8_t minimum = 0;
    std::int8_t maximum = 0;
    bool own = false;  ///< the row brings the three parameters that follow
    std::int32_t bias = 0;
    std::uint32_t multiplier = 0;
    std::uint8_t shift = 0;
    bool adds = false;  ///< the row is added to `residual`
    isa::Addition addition;
    isa::Requantisation sum;
    std::vector<std::int64_t> values;
    std::vector<std::int8_t> residual;
  };

  template <class Work>
  void advance(std::size_t from, std::size_t to, Work work) {
    stages_[to].valid = stages_[from].valid;
    if (stages_[from].valid) {
      std::swap(stages_[from], stages_[to]);
      stages_[from].valid = false;
      work(stages_[to]);
    }
  }

  void read(const UnitInputs& inputs, const std::int32_t* accumulators) {
    Stage& stage = stages_[0];
    stage.table = inputs.activate_table;
    stage.zero_point = inputs.activate_zero_point;
    stage.minimum = inputs.activate_minimum;
    stage.maximum = inputs.activate_maximum;
    stage.own = inputs.activate_own;
    stage.bias = inputs.activate_bias;
    stage.multiplier = inputs.activate_multiplier;
    stage.shift = inputs.activate_shift;
    std::copy_n(accumulators, columns_, stage.values.begin());
    stage.adds = inputs.residual_valid;
    if (stage.adds) {
      read_residual(inputs, stage);
    }
  }

  void read_residual(const UnitInputs& inputs, Stage& stage) const {
    stage.addition.zero_point = inputs.activate_zero_point;
    stage.addition.multiplier = inputs.residual_sums_multiplier;
    stage.addition.residual_zero_point = inputs.residual_zero_point;
    stage.addition.residual_multiplier = inputs.residual_multiplier;
    stage.addition.shift = inputs.residual_shift;
    stage.sum = {inputs.residual_sum_zero_point, inputs.residual_minimum, inputs.residual_maximum,
                 false};
    std::transform(inputs.residual_data, inputs.residual_data + columns_, stage.residual.begin(),
                   [](std::uint8_t value) { return static_cast<std::int8_t>(value); });
  }

  void add_bias(Stage& stage) const {
    for (std::size_t i = 0; i < columns_; ++i) {
      constexpr std::int64_t kLow = std::numeric_limits<std::int32_t>::min();
      constexpr std::int64_t kHigh = std::numeric_limits<std::int32_t>::max();
      const std::int32_t bias = stage.own ? stage.bias : static_cast<std::int32_t>(word(0, i));
      stage.values[i] = std::clamp(stage.values[i] + bias, kLow, kHigh);
    }
  }

  void multiply(Stage& stage) const {
    for (std::size_t i = 0; i < columns_; ++i) {
      const std::uint32_t multiplier = stage.own ? stage.multiplier : word(4, i);
      stage.values[i] *= static_cast<std::int64_t>(multiplier & 0x7fffffffU);
    }
  }

  void round_and_clamp(Stage& stage) const {
    for (std::size_t i = 0; i < columns_; ++i) {
      const unsigned plane = planes_[8 * columns_ + i];
      const unsigned shift = (stage.own ? stage.shift : plane) & 63U;
      const std::int64_t half = shift == 0 ? 0 : std::int64_t{1} << (shift - 1);
      const std::int64_t rounded = (stage.values[i] + half) >> shift;
      stage.values[i] = std::clamp<std::int64_t>(rounded + stage.zero_point, stage.minimum,
                                                 std::max(stage.minimum, stage.maximum));
    }
  }

  void weigh(Stage& stage) const {
    const isa::Addition& addition = stage.addition;
    for (std::size_t i = 0; i < columns_; ++i) {
      const std::int64_t residual = stage.residual[i] - addition.residual_zero_point;
      stage.values[i] = (stage.values[i] - addition.zero_point) * addition.multiplier +
                        residual * addition.residual_multiplier;
    }
  }

  void finish_sum(Stage& stage) const {
    const unsigned shift = stage.addition.shift;
    const std::int64_t half = shift == 0 ? 0 : std::int64_t{1} << (shift - 1);
    for (std::int64_t& value : stage.values) {
      value = std::clamp<std::int64_t>(((value + half) >> shift) + stage.sum.zero_point,
                                       stage.sum.minimum,
                                       std::max(stage.sum.minimum, stage.sum.maximum));
    }
  }

  void look_up(const Stage& stage) {
    for (std::size_t i = 0; i < columns_; ++i) {
      const auto value = static_cast<std::int8_t>(stage.values[i]);
      outputs_[i] = static_cast<std::uint8_t>(
          stage.table ? table_[static_cast<std::size_t>(value + 128)] : value);
    }
    output_.result_data = outputs_.data();
  }

  void set_parameters(const UnitInputs& inputs) {
    if (inputs.channel_valid) {
      std::copy_n(inputs.channel_data, columns_,
                  planes_.begin() + static_cast<std::ptrdiff_t>(inputs.channel_plane * columns_));
    }
    if (inputs.table_valid) {
      const std::size_t first = inputs.table_row * columns_;
      for (std::size_t i = 0; i < columns_ && first + i < table_.size(); ++i) {
        table_[first + i] = static_cast<std::int8_t>(inputs.table_data[i]);
      }
    }
  }

  std::uint32_t word(std::size_t plane, std::size_t column) const {
    std::uint32_t value = 0;
    for (std::size_t byte = 0; byte < 4; ++byte) {
      value |= std::uint32_t{planes_[(plane + byte) * columns_ + column]} << (8 * byte);
    }
    return value;
  }

  std::size_t columns_;
  std::array<Stage, 6> stages_;
  std::vector<std::uint8_t> planes_;
  std::array<std::int8_t, 256> table_{};
  std::vector<std::uint8_t> outputs_;
  UnitOutputs output_;
};

/// `Activation` is ActivationPath or FloatActivation.
template <class Activation>
class ModelledUnit : public MatrixUnit {
 public:
  explicit ModelledUnit(const UnitShape& shape)
      : array_(make_array(shape)),
        accumulators_(shape.accumulator_rows, shape.columns, isa::is_float(shape.pe)),
        activation_(shape.columns) {}

  const UnitOutputs& step(const UnitInputs& inputs) override {
    activation_.step(inputs,
                     inputs.activate_valid ? accumulators_.row(inputs.activate_address) : nullptr);
    // The row that the array completed at the last edge is read at this one.
    accumulators_.step(arriving_);
    arriving_ = array_->step(inputs);
    return activation_.output();
  }

  void watch() override { array_->watch(); }
  void watch_sums() override { array_->watch_sums(); }
  const std::int32_t* partial_sums() const override { return array_->partial_sums(); }
  PeRegisters pe(std::uint32_t row, std::uint32_t column) const override {
    return array_->pe(row, column);
  }
  std::span<const std::int32_t> accumulators(std::uint32_t row) const override {
    return accumulators_.row(row);
  }
  void restore(const UnitContents& contents) override {
    array_->restore(contents);
    if (contents.accumulators != nullptr) {
      accumulators_.restore(contents.accumulators);
    }
  }

  void inject(const StuckBit& fault) override { array_->inject(fault); }

 private:
  static std::unique_ptr<ArrayModel> make_array(const UnitShape& shape) {
    if (shape.output_stationary) {
      return std::make_unique<ArrayOutputStationary>(shape.rows, shape.columns, shape.pe);
    }
    if (isa::is_float(shape.pe)) {
      return std::make_unique<ArrayWeightStationary<Bf16>>(shape.rows, shape.columns, bf16_row());
    }
    if (isa::is_sparse(shape.pe)) {
      return std::make_unique<ArrayWeightStationary<ActivationGroup>>(shape.rows, shape.columns,
                                                                      sparse_row());
    }
    return std::make_unique<ArrayWeightStationary<std::int8_t>>(shape.rows, shape.columns,
                                                                pe_row(shape.pe));
  }

  std::unique_ptr<ArrayModel> array_;
  std::optional<ArrayModel::Row> arriving_;
  Accumulators accumulators_;
  Activation activation_;
};

}  // namespace

std::unique_ptr<MatrixUnit> make_model_unit(const UnitShape& shape) {
  if (isa::is_float(shape.pe)) {
    return std::make_unique<ModelledUnit<FloatActivation>>(shape);
  }
  return std::make_unique<ModelledUnit<ActivationPath>>(shape);
}

}  // namespace systol
