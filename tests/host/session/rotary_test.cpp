// Rotary angles of a decoder whose samples are steps, against attention in double that is written
// here: each token has its own position.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <filesystem>

#include "host/import/network_input.h"
#include "host/import/synthetic.h"
#include "host/import/workload.h"
#include "host/reference/float_network.h"
#include "host/session/run.h"
#include "sim/config/array_file.h"

namespace systol {
namespace {

constexpr std::string_view kDecoder = R"(
name: decoder
input: {shape: [1, 4], range: [-1, 1]}
layers:
  - attention: {heads: 2, kv_heads: 1, head_size: 4, causal: true, cached: 3, rotary: 100,
                bias: false, name: a}
)";
constexpr std::size_t kSize = 4;
constexpr std::size_t kHeads = 2;
constexpr std::size_t kCached = 3;
constexpr std::size_t kSteps = 5;

using Vector = std::array<double, kSize>;

class Decoder {
 public:
  explicit Decoder(const Graph& graph) : graph_(graph) {
    for (std::size_t token = 0; token < kCached; ++token) {
      keys_.push_back(cached(0, token));
      values_.push_back(cached(1, token));
    }
  }

  /// The next token's output.
  Vector step(const Vector& x) {
    const auto position = static_cast<double>(keys_.size());
    keys_.push_back(rotated(product(x, "a.key.weights", 0), position));
    values_.push_back(product(x, "a.value.weights", 0));
    Vector result{};
    for (std::size_t head = 0; head < kHeads; ++head) {
      const Vector context =
          attended(rotated(product(x, "a.query.weights", head * kSize), position));
      const std::vector<float>& out = weights("a.weights");
      for (std::size_t i = 0; i < kSize; ++i) {
        for (std::size_t n = 0; n < kSize; ++n) {
          result[n] += context[i] * double{out[(head * kSize + i) * kSize + n]};
        }
      }
    }
    return result;
  }

 private:
  const std::vector<float>& weights(const std::string& name) const {
    for (const Constant& constant : graph_.constants) {
      if (graph_.tensor(constant.tensor).name == name) {
        return constant.values;
      }
    }
    throw std::out_of_range(name);
  }

  Vector cached(std::size_t state, std::size_t token) const {
    Vector row{};
    for (std::size_t i = 0; i < kSize; ++i) {
      row[i] = double{graph_.states[state].initial[token * kSize + i]};
    }
    return row;
  }

  /// Four columns, from `first` on.
  Vector product(const Vector& x, const std::string& name, std::size_t first) const {
    const std::vector<float>& values = weights(name);
    const std::size_t columns = values.size() / kSize;
    Vector result{};
    for (std::size_t n = 0; n < kSize; ++n) {
      for (std::size_t k = 0; k < kSize; ++k) {
        result[n] += x[k] * double{values[k * columns + first + n]};
      }
    }
    return result;
  }

  /// Values 0 and 2 turn by the position, 1 and 3 by a tenth of it: 100^(2/4) is 10.
  static Vector rotated(const Vector& x, double position) {
    Vector result{};
    for (const std::size_t i : {0U, 1U}) {
      const double angle = i == 0 ? position : position / 10;
      result[i] = x[i] * std::cos(angle) - x[i + 2] * std::sin(angle);
      result[i + 2] = x[i + 2] * std::cos(angle) + x[i] * std::sin(angle);
    }
    return result;
  }

  /// The mean of the values, weighed by softmax(query . key / 2).
  Vector attended(const Vector& query) const {
    Vector sum{};
    double all = 0;
    for (std::size_t token = 0; token < keys_.size(); ++token) {
      double score = 0;
      for (std::size_t i = 0; i < kSize; ++i) {
        score += query[i] * keys_[token][i] / 2;
      }
      all += std::exp(score);
      for (std::size_t i = 0; i < kSize; ++i) {
        sum[i] += std::exp(score) * values_[token][i];
      }
    }
    for (double& value : sum) {
      value /= all;
    }
    return sum;
  }

  const Graph& graph_;
  std::vector<Vector> keys_;
  std::vector<Vector> values_;
};

class Rotary : public ::testing::Test {
 protected:
  Rotary() {
    fill_constants(graph_);
    for (std::size_t i = 0; i < kSteps * kSize; ++i) {
      tokens_.push_back(std::sin(1.7F * static_cast<float>(i)));
    }
    SampleFile file;
    file.name = "tokens.npy";
    file.shape = {4};
    file.count = kSteps;
    file.values = tokens_;
    inputs_ = network_input(file, graph_).values;
    Decoder decoder(graph_);
    for (std::size_t step = 0; step < kSteps; ++step) {
      Vector x{};
      std::copy_n(&tokens_[step * kSize], kSize, x.begin());
      for (const double value : decoder.step(x)) {
        expected_.push_back(value);
      }
    }
  }

  Graph graph_ = parse_workload(kDecoder, "decoder.yaml");
  std::vector<float> tokens_;
  std::vector<float> inputs_;
  std::vector<double> expected_;
};

TEST_F(Rotary, AFileHoldsTheTokensAlone) {
  EXPECT_EQ(graph_.input_size(), 4U + 4 + 4);
  ASSERT_EQ(inputs_.size(), kSteps * 12);
  EXPECT_EQ(inputs_[12], tokens_[4]);
  EXPECT_FLOAT_EQ(inputs_[12 + 4], std::cos(4.0F));
}

TEST_F(Rotary, EachStepHasItsOwnPosition) {
  const std::vector<float> outputs = run_float(graph_, inputs_, kSteps).outputs.front();
  ASSERT_EQ(outputs.size(), expected_.size());
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    EXPECT_NEAR(outputs[i], expected_[i], 2e-6) << i;
  }
}

TEST_F(Rotary, TheMachineComputesTheSameInInt8) {
  Samples samples;
  samples.count = kSteps;
  samples.values = inputs_;
  samples.calibrate_with = kSteps;
  const Prepared prepared = prepare(graph_, std::move(samples));
  const RunReport report = run(
      prepared,
      load_array_config(std::filesystem::path(SYSTOL_SOURCE_DIR) / "configs" / "edge_8x8.yaml"));
  EXPECT_TRUE(report.check.passed());
  for (std::size_t i = 0; i < expected_.size(); ++i) {
    EXPECT_NEAR(report.outputs.front().values[i], expected_[i], 0.05) << i;
  }
}

}  // namespace
}  // namespace systol
