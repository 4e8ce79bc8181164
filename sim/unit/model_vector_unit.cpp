#include "sim/unit/model_vector_unit.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>
#include <vector>

#include "hw/isa/requantisation.h"
#include "hw/isa/vector_command.h"

namespace systol {
namespace {

using isa::LaneOperation;
using isa::WindowJoin;

/// A place of a window on its way: the pins that came with it, and what became of its values.
struct LaneStage {
  bool valid = false;
  VectorInputs pins;
  std::vector<std::int64_t> a;  ///< from the join on the window's value
  std::vector<std::int64_t> b;
};

/// Sums wrap, as those of an adder of 64 bits.
std::int64_t wrapping_sum(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

/// What the lanes make of both products.
std::int64_t operate(LaneOperation operation, std::int64_t left, std::int64_t right) {
  switch (operation) {
    case LaneOperation::Add:
      return left + right;
    case LaneOperation::Maximum:
      return std::max(left, right);
    case LaneOperation::Minimum:
      return std::min(left, right);
    default:
      return left;
  }
}

class ModelledVectorUnit : public VectorUnit {
 public:
  explicit ModelledVectorUnit(std::uint32_t lanes)
      : lanes_(lanes),
        joined_(lanes),
        planes_(std::size_t{isa::kChannelPlanes} * lanes),
        results_(lanes) {
    for (LaneStage& stage : stages_) {
      stage.a.resize(lanes);
      stage.b.resize(lanes);
    }
  }

  const VectorOutputs& step(const VectorInputs& inputs) override {
    // The last stage first: each takes what the one before it held until this edge.
    output_.result_valid = stages_[kRounded].valid;
    if (stages_[kRounded].valid) {
      look_up(stages_[kRounded]);
    }
    advance(kRounded, &ModelledVectorUnit::round_and_clamp);
    advance(kScaled, &ModelledVectorUnit::scale);
    advance(kBiased, &ModelledVectorUnit::add_bias);
    advance(kJoined, &ModelledVectorUnit::join);
    advance(kProducts, &ModelledVectorUnit::multiply);
    stages_[kDifferences].valid = inputs.operand_valid;
    if (inputs.operand_valid) {
      subtract_zero_points(inputs);
    }
    set_parameters(inputs);
    return output_;
  }

 private:
  /// Of the registers after each edge; the results are after the seventh.
  enum StageName : std::size_t { kDifferences, kProducts, kJoined, kBiased, kScaled, kRounded };

  using Work = void (ModelledVectorUnit::*)(LaneStage&);
  void advance(std::size_t to, Work work) {
    LaneStage& from = stages_[to - 1];
    stages_[to].valid = from.valid;
    if (from.valid) {
      std::swap(from, stages_[to]);
      from.valid = false;
      (this->*work)(stages_[to]);
    }
  }

  void subtract_zero_points(const VectorInputs& pins) {
    LaneStage& stage = stages_[kDifferences];
    stage.pins = pins;
    const auto subtract = [this](std::vector<std::int64_t>& to, WideLanes from,
                                 std::int64_t zero_point) {
      for (std::size_t i = 0; i < lanes_; ++i) {
        to[i] = (from == nullptr ? 0 : from[i]) - zero_point;
      }
    };
    subtract(stage.a, pins.operand_a, pins.operand_a_zero_point);
    subtract(stage.b, pins.operand_b, pins.operand_b_zero_point);
  }

  void multiply(LaneStage& stage) {
    const auto operation = static_cast<LaneOperation>(stage.pins.operand_operation);
    const std::int64_t factor = operation == LaneOperation::Fill ? 0
                                : operation == LaneOperation::Copy
                                    ? 1
                                    : stage.pins.operand_a_multiplier;
    const bool by_b = operation == LaneOperation::Multiply;
    for (std::size_t i = 0; i < lanes_; ++i) {
      stage.a[i] *= by_b ? stage.b[i] : factor;
      stage.b[i] *= stage.pins.operand_b_multiplier;
    }
  }

  /// Only a window's last place goes on.
  void join(LaneStage& stage) {
    const VectorInputs& pins = stage.pins;
    const auto operation = static_cast<LaneOperation>(pins.operand_operation);
    const auto how = static_cast<WindowJoin>(pins.operand_join);
    for (std::size_t i = 0; i < lanes_; ++i) {
      const std::int64_t value = operate(operation, stage.a[i], stage.b[i]);
      joined_[i] = pins.operand_first           ? value
                   : how == WindowJoin::Maximum ? std::max(joined_[i], value)
                                                : wrapping_sum(joined_[i], value);
    }
    stage.valid = pins.operand_last;
    if (stage.valid) {
      stage.a = joined_;
    }
  }

  void add_bias(LaneStage& stage) {
    // A sum so far out is saturated whatever the bias is, and a bias added to it cannot overflow.
    constexpr std::int64_t kFar = std::int64_t{1} << 33U;
    constexpr std::int64_t kLow = std::numeric_limits<std::int32_t>::min();
    constexpr std::int64_t kHigh = std::numeric_limits<std::int32_t>::max();
    for (std::size_t i = 0; i < lanes_; ++i) {
      const std::int64_t bias = stage.pins.operand_channels ? channel(i).bias : 0;
      stage.a[i] = std::clamp(std::clamp(stage.a[i], -kFar, kFar) + bias, kLow, kHigh);
    }
  }

  void scale(LaneStage& stage) {
    const VectorInputs& pins = stage.pins;
    for (std::size_t i = 0; i < lanes_; ++i) {
      stage.a[i] *=
          pins.operand_channels ? channel(i).multiplier : pins.operand_multiplier & 0x7fffffffU;
    }
  }

  void round_and_clamp(LaneStage& stage) {
    const VectorInputs& pins = stage.pins;
    for (std::size_t i = 0; i < lanes_; ++i) {
      const unsigned shift = pins.operand_channels ? channel(i).shift : pins.operand_shift & 63U;
      const std::int64_t half = shift == 0 ? 0 : std::int64_t{1} << (shift - 1);
      const std::int64_t rounded = (stage.a[i] + half) >> shift;
      stage.a[i] = std::clamp<std::int64_t>(rounded + pins.operand_zero_point, pins.operand_minimum,
                                            std::max(pins.operand_minimum, pins.operand_maximum));
    }
  }

  /// A value that is looked up is an int8.
  void look_up(const LaneStage& stage) {
    for (std::size_t i = 0; i < lanes_; ++i) {
      const std::int64_t value = stage.a[i];
      results_[i] = stage.pins.operand_table ? table_[static_cast<std::uint8_t>(value + 128)]
                                             : static_cast<std::int16_t>(value);
    }
    output_.result_data = results_.data();
  }

  void set_parameters(const VectorInputs& inputs) {
    if (inputs.channel_valid) {
      std::copy_n(inputs.channel_data, lanes_,
                  planes_.begin() + static_cast<std::ptrdiff_t>(inputs.channel_plane * lanes_));
    }
    if (inputs.table_valid) {
      const std::size_t first = inputs.table_row * lanes_;
      for (std::size_t i = 0; i < lanes_ && first + i < table_.size(); ++i) {
        table_[first + i] = static_cast<std::int8_t>(inputs.table_data[i]);
      }
    }
  }

  isa::Channel channel(std::size_t lane) const {
    return isa::read_channel(planes_.data(), lanes_, lane);
  }

  std::size_t lanes_;
  std::array<LaneStage, 6> stages_;
  std::vector<std::int64_t> joined_;
  std::vector<std::uint8_t> planes_;
  std::array<std::int8_t, 256> table_{};
  std::vector<std::int16_t> results_;
  VectorOutputs output_;
};

}  // namespace

std::unique_ptr<VectorUnit> make_model_vector_unit(std::uint32_t lanes) {
  return std::make_unique<ModelledVectorUnit>(lanes);
}

}  // namespace systol
