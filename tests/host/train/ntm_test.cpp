// A Neural Turing Machine beside the formulas of its paper.
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "host/import/workload.h"
#include "host/train/batch_graph.h"
#include "host/train/copy_task.h"
#include "host/train/initialise.h"
#include "host/train/learner.h"
#include "host/train/trainer.h"
#include "sim/base/error.h"

namespace systol {
namespace {

constexpr std::size_t kSlots = 4;
constexpr std::size_t kWidth = 3;
constexpr std::size_t kController = 5;
constexpr std::size_t kSteps = 5;

Graph machine() {
  Graph network = parse_workload(
      "name: net\ninput: {shape: [5, 3]}\nlayers:\n"
      "  - ntm: {units: 2, controller: 5, slots: 4, width: 3, answers: 2, name: m}\n",
      "net.yaml");
  initialise(network, Initialiser::Automatic, 5);
  for (Constant& constant : network.constants) {  // biases that are not 0
    if (network.tensor(constant.tensor).name.ends_with("bias")) {
      for (std::size_t i = 0; i < constant.values.size(); ++i) {
        constant.values[i] = 0.3F * std::sin(static_cast<float>(i));
      }
    }
  }
  return network;
}

using Row = std::vector<double>;

/// Written from the paper, in double: equations 1 to 9, with the power of equation 9 as a power.
class Formulas {
 public:
  explicit Formulas(const Graph& network) {
    for (const Constant& constant : network.constants) {
      values_[network.tensor(constant.tensor).name] = constant.values;
    }
  }

  std::vector<Row> answers(const std::vector<float>& inputs) {
    std::vector<Row> memory(kSlots, Row(kWidth, 0.1));
    Row read;
    Row read_weights(kSlots);
    read_weights[0] = 1;
    Row write_weights = read_weights;
    std::vector<Row> outputs;
    for (std::size_t step = 0; step < kSteps; ++step) {
      Row hidden = times(Row(inputs.begin() + static_cast<std::ptrdiff_t>(3 * step),
                             inputs.begin() + static_cast<std::ptrdiff_t>(3 * step + 3)),
                         "m.input.weights", kController);
      const Row back =
          read.empty() ? Row(kController) : times(read, "m.recalled.weights", kController);
      for (std::size_t i = 0; i < kController; ++i) {
        hidden[i] = std::tanh(hidden[i] + back[i] + value("m.input.bias", i));
      }
      constexpr std::size_t kHead = kWidth + 6;
      Row told = times(hidden, "m.heads.weights", 2 * kHead + 2 * kWidth);
      for (std::size_t i = 0; i < told.size(); ++i) {
        told[i] += value("m.heads.bias", i);
      }
      write_weights = weights(told, kHead, memory, write_weights);
      for (std::size_t i = 0; i < kSlots; ++i) {
        for (std::size_t j = 0; j < kWidth; ++j) {
          const double erase = sigmoid(told[2 * kHead + j]);
          memory[i][j] = memory[i][j] * (1 - write_weights[i] * erase) +
                         write_weights[i] * std::tanh(told[2 * kHead + kWidth + j]);
        }
      }
      read_weights = weights(told, 0, memory, read_weights);
      read.assign(kWidth, 0);
      for (std::size_t i = 0; i < kSlots; ++i) {
        for (std::size_t j = 0; j < kWidth; ++j) {
          read[j] += read_weights[i] * memory[i][j];
        }
      }
      Row both = hidden;
      both.insert(both.end(), read.begin(), read.end());
      Row output = times(both, "m.weights", 2);
      output[0] += value("m.bias", 0);
      output[1] += value("m.bias", 1);
      outputs.push_back(output);
    }
    return {outputs.end() - 2, outputs.end()};
  }

 private:
  double value(const std::string& name, std::size_t i) {
    return static_cast<double>(values_.at(name).at(i));
  }
  static double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }
  static double over(double x) { return std::log(1 + std::exp(x)); }

  Row times(const Row& row, const std::string& name, std::size_t columns) {
    Row result(columns);
    for (std::size_t i = 0; i < row.size(); ++i) {
      for (std::size_t j = 0; j < columns; ++j) {
        result[j] += row[i] * value(name, i * columns + j);
      }
    }
    return result;
  }

  static void normalise(Row& row) {
    double sum = 0;
    for (const double x : row) {
      sum += x;
    }
    for (double& x : row) {
      x /= sum;
    }
  }

  static Row weights(const Row& told, std::size_t first, const std::vector<Row>& memory,
                     const Row& before) {
    Row key;
    double key_length = 0;
    for (std::size_t j = 0; j < kWidth; ++j) {
      key.push_back(std::tanh(told[first + j]));
      key_length += key[j] * key[j];
    }
    const double strength = over(told[first + kWidth]);
    const double gate = sigmoid(told[first + kWidth + 1]);
    Row shift;
    for (std::size_t i = 0; i < 3; ++i) {
      shift.push_back(std::exp(told[first + kWidth + 2 + i]));
    }
    normalise(shift);
    const double sharpness = 1 + over(told[first + kWidth + 5]);
    Row content;
    for (const Row& slot : memory) {
      double product = 0;
      double length = 0;
      for (std::size_t j = 0; j < kWidth; ++j) {
        product += slot[j] * key[j];
        length += slot[j] * slot[j];
      }
      content.push_back(std::exp(strength * product / std::sqrt(length * key_length)));
    }
    normalise(content);
    Row result(kSlots);
    for (std::size_t i = 0; i < kSlots; ++i) {
      for (std::size_t turn = 0; turn < 3; ++turn) {  // one slot back, none, one on
        const std::size_t from = (i + kSlots + 1 - turn) % kSlots;
        result[i] += shift[turn] * (gate * content[from] + (1 - gate) * before[from]);
      }
    }
    for (double& x : result) {
      x = std::pow(x, sharpness);
    }
    normalise(result);
    return result;
  }

  std::map<std::string, std::vector<float>> values_;
};

std::vector<float> inputs() {
  std::vector<float> values;
  for (std::size_t i = 0; i < 3 * kSteps; ++i) {
    values.push_back(std::cos(static_cast<float>(i * i)));
  }
  return values;
}

TrainingSettings settings_of() {
  TrainingSettings settings;
  settings.loss = Loss::MeanSquaredError;
  settings.precision = Precision::Float32;
  settings.schedule.rate = 1e-3;
  return settings;
}

TEST(Ntm, ComputesTheEquationsOfThePaper) {
  Graph network = machine();
  const std::vector<Row> expected = Formulas(network).answers(inputs());
  Learner learner(network, settings_of(), learned_parameters(network, {}));
  std::ranges::copy(inputs(), learner.inputs(1).begin());
  const std::span<const float> scores = learner.scores(1);
  ASSERT_EQ(scores.size(), 4U);
  for (std::size_t i = 0; i < 4; ++i) {
    // The logarithm of the sharpening is one of a power of 1/1024.
    EXPECT_NEAR(scores[i], expected[i / 2][i % 2], 2e-3) << i;
  }
}

/// The gradient of each parameter is the slope of the formulas' loss.
TEST(Ntm, LearnsByTheSlopesOfThePapersLoss) {
  const Graph network = machine();
  const std::vector<float> targets{0.5F, -0.5F, 1.0F, 0.0F};
  Trainer trainer(network, settings_of(), {1, inputs(), {}, targets});
  trainer.step();
  const auto loss = [&](const Graph& changed) {
    const std::vector<Row> answers = Formulas(changed).answers(inputs());
    double sum = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      const double away = answers[i / 2][i % 2] - static_cast<double>(targets[i]);
      sum += away * away / 4;
    }
    return sum;
  };
  EXPECT_NEAR(trainer.history().steps[0].loss, loss(network), 2e-3);
  const std::vector<TensorId> ids = parameters_of(network);
  for (std::size_t p = 0; p < ids.size(); ++p) {
    const std::size_t size = elements(network.shape(ids[p]));
    for (std::size_t i = 0; i < size; i += size / 3 + 1) {
      Graph above = network;
      Graph below = network;
      above.constant(ids[p])->values[i] += 1e-3F;
      below.constant(ids[p])->values[i] -= 1e-3F;
      const double slope = (loss(above) - loss(below)) / 2e-3;
      EXPECT_NEAR(trainer.gradient(p)[i], slope, 2e-3 + 0.02 * std::fabs(slope))
          << network.tensor(ids[p]).name << " " << i;
    }
  }
}

TEST(CopyTask, IsASequenceItsEndAndRoomForTheAnswer) {
  const TrainingData data = copy_sequences({2, 3}, 50, 7);
  ASSERT_EQ(data.inputs.size(), 50U * 5 * 4);
  ASSERT_EQ(data.targets.size(), 50U * 2 * 3);
  std::size_t ones = 0;
  for (std::size_t sample = 0; sample < 50; ++sample) {
    for (std::size_t row = 0; row < 5; ++row) {
      for (std::size_t bit = 0; bit < 4; ++bit) {
        const float value = data.inputs[(sample * 5 + row) * 4 + bit];
        const float wanted = row < 2 && bit < 3     ? data.targets[(sample * 2 + row) * 3 + bit]
                             : row == 2 && bit == 3 ? 1.0F
                                                    : 0.0F;
        EXPECT_EQ(value, wanted) << sample << " " << row << " " << bit;
        ones += row < 2 && value == 1.0F ? 1 : 0;
      }
    }
  }
  EXPECT_NEAR(static_cast<double>(ones), 150, 40) << "half of 300 bits";
  EXPECT_EQ(copy_sequences({2, 3}, 50, 7).inputs, data.inputs);
  EXPECT_NE(copy_sequences({2, 3}, 50, 8).inputs, data.inputs);
}

/// Always right about nothing: the sign of an output that is 0 says 0.
TEST(CopyTask, CountsTheBitsThatAreRight) {
  Graph network = parse_workload(
      "name: net\ninput: {shape: [3, 3]}\nlayers:\n"
      "  - ntm: {units: 2, controller: 4, slots: 4, width: 3, answers: 1, name: m}\n",
      "net.yaml");
  initialise(network, Initialiser::Automatic, 1);
  for (Constant& constant : network.constants) {
    if (network.tensor(constant.tensor).name == "m.weights") {
      std::ranges::fill(constant.values, 0.0F);
    }
  }
  TrainingSettings settings = settings_of();
  settings.loss = Loss::CrossEntropy;
  const Recall recall = recall_of(network, settings, 60, 9);
  const TrainingData data = copy_sequences({1, 2}, 60, 9);
  EXPECT_EQ(recall.bits, 120U);
  EXPECT_EQ(recall.right, static_cast<std::size_t>(std::ranges::count(data.targets, 0.0F)));
  const HeadWeights heads = head_weights(network, settings, 9);
  EXPECT_EQ(heads.slots, 4U);
  EXPECT_EQ(heads.steps, 3U);
  for (std::size_t step = 0; step < 3; ++step) {
    float sum = 0;
    for (std::size_t slot = 0; slot < 4; ++slot) {
      sum += heads.read[slot * 3 + step];
    }
    EXPECT_NEAR(sum, 1.0F, 1e-5F);
  }
}

TEST(CopyTask, IsRefusedByNetworksOfOtherShapes) {
  const Graph network = parse_workload(
      "name: net\ninput: {shape: [4, 3]}\nlayers:\n  - dense: {units: 2}\n", "net.yaml");
  try {
    copy_task_of(network);
    FAIL();
  } catch (const InputError& error) {
    EXPECT_EQ(std::string(error.what()),
              "net: it reads [4, 3] and answers [4, 2]; the copy task has [2 n + 1, bits + 1] "
              "and [n, bits]");
  }
}

}  // namespace
}  // namespace systol
