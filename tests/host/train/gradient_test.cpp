// Gradients against finite differences, and against derivatives written out in double.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <random>
#include <vector>

#include "host/import/workload.h"
#include "host/train/batch_graph.h"
#include "host/train/initialise.h"
#include "host/train/loss.h"
#include "host/train/trainer.h"
#include "tests/sanitized.h"

namespace systol {
namespace {

using Doubles = std::vector<double>;

Graph network_of(const std::string& input, const std::string& layers) {
  Graph network =
      parse_workload("name: net\ninput: {shape: " + input + "}\nlayers:\n" + layers, "net.yaml");
  initialise(network, Initialiser::Lecun, 5);
  return network;
}

TrainingData data_of(const Graph& network, std::size_t count, bool labels) {
  std::mt19937 random(3);
  std::uniform_real_distribution<float> uniform(-1, 1);
  TrainingData data;
  data.count = count;
  for (std::size_t i = 0; i < count * network.input_size(); ++i) {
    data.inputs.push_back(uniform(random));
  }
  for (std::size_t i = 0; i < count; ++i) {
    if (labels) {
      data.labels.push_back(static_cast<std::uint32_t>(random() % network.output_size()));
    } else {
      for (std::size_t j = 0; j < network.output_size(); ++j) {
        data.targets.push_back(uniform(random));
      }
    }
  }
  return data;
}

TrainingSettings settings_of(Loss loss, std::size_t batch) {
  TrainingSettings settings;
  settings.loss = loss;
  settings.batch = batch;
  settings.shuffle = false;
  settings.precision = Precision::Float32;
  settings.schedule.rate = 1e-30;  // nothing moves
  return settings;
}

double loss_with(const Graph& network, Loss loss, const TrainingData& data) {
  Trainer trainer(network, settings_of(loss, data.count), data);
  trainer.step();
  return trainer.history().steps.front().loss;
}

/// The slope by a parameter's value: of two widths, from which the error that both have of their
/// width's square is taken out. The loss is of float32, so that its noise is some 1e-7.
double slope(const Graph& network, TensorId parameter, std::size_t place, Loss loss,
             const TrainingData& data) {
  const auto of_width = [&](float step) {
    Graph moved = network;
    float& value = moved.constant(parameter)->values[place];
    const float middle = value;
    value = middle + step;
    const double above = loss_with(moved, loss, data);
    value = middle - step;
    return (above - loss_with(moved, loss, data)) / static_cast<double>(2 * step);
  };
  return (4 * of_width(1.0F / 128) - of_width(1.0F / 64)) / 3;
}

/// Of a parameter's values so many have their slope compared.
constexpr std::size_t kPlaces = test::kSanitized ? 2 : 6;

void expect_gradients(const Graph& network, Loss loss, bool labels) {
  const TrainingData data = data_of(network, 3, labels);
  Trainer trainer(network, settings_of(loss, data.count), data);
  trainer.step();
  const std::vector<TensorId> parameters = parameters_of(network);
  for (std::size_t p = 0; p < parameters.size(); ++p) {
    const std::size_t count = trainer.gradient(p).size();
    for (std::size_t i = 0; i < count; i += 1 + count / kPlaces) {
      EXPECT_NEAR(trainer.gradient(p)[i], slope(network, parameters[p], i, loss, data), 1e-4)
          << network.tensor(parameters[p]).name << "[" << i << "]";
    }
  }
}

TEST(Gradient, OfDenseLayersAndEveryFunctionIsTheSlope) {
  for (const char* function : {"sigmoid", "tanh", "softplus", "gelu", "silu", "elu"}) {
    SCOPED_TRACE(function);
    expect_gradients(network_of("[5]", std::string("  - dense: {units: 4, activation: ") +
                                           function + "}\n  - dense: {units: 3}\n"),
                     Loss::MeanSquaredError, false);
  }
}

TEST(Gradient, OfFunctionsWithKinksIsTheSlopeBesideThem) {
  for (const char* function : {"relu", "leaky_relu", "hard_sigmoid", "hard_swish", "relu6"}) {
    SCOPED_TRACE(function);
    // One layer of one input each: no value lies near a kink.
    Graph network = network_of("[1]", std::string("  - dense: {units: 4, weights: [[1, -1, 4, 7]], "
                                                  "bias: [1.7, 0.4, -0.3, 0.1], activation: ") +
                                          function + "}\n");
    TrainingData data{2, {0.5F, -0.5F}, {}, {0, 1, 2, 3, 3, 2, 1, 0}};
    Trainer trainer(network, settings_of(Loss::MeanSquaredError, 2), data);
    trainer.step();
    for (std::size_t i = 0; i < 4; ++i) {
      EXPECT_NEAR(trainer.gradient(0)[i],
                  slope(network, network.constants[0].tensor, i, Loss::MeanSquaredError, data),
                  1e-4)
          << i;
    }
  }
}

TEST(Gradient, OfBothCrossEntropiesIsTheSlope) {
  expect_gradients(network_of("[4]", "  - dense: {units: 5, activation: softmax}\n"),
                   Loss::CrossEntropy, true);
  expect_gradients(network_of("[4]", "  - dense: {units: 5}\n"), Loss::CrossEntropy, true);
  expect_gradients(network_of("[4]", "  - dense: {units: 1, activation: sigmoid}\n"),
                   Loss::CrossEntropy, true);
}

TEST(Gradient, OfASoftmaxInTheMiddleIsTheSlope) {
  expect_gradients(network_of("[4]",
                              "  - dense: {units: 5, activation: softmax}\n"
                              "  - dense: {units: 2}\n"),
                   Loss::MeanSquaredError, false);
}

TEST(Gradient, OfConvolutionsAndPoolsIsTheSlope) {
  expect_gradients(
      network_of(
          "[6, 7, 2]",
          "  - conv: {filters: 4, kernel: 3, stride: 2, padding: same, activation: tanh}\n"
          "  - average_pool: {kernel: 2, stride: 1, padding: same}\n"
          "  - conv: {filters: 6, kernel: [1, 2], dilation: 2, groups: 2, activation: sigmoid}\n"
          "  - flatten: {}\n  - dense: {units: 2}\n"),
      Loss::MeanSquaredError, false);
  expect_gradients(network_of("[6, 6, 1]",
                              "  - conv: {filters: 3, kernel: 3}\n"
                              "  - max_pool: {kernel: 2}\n"
                              "  - flatten: {}\n  - dense: {units: 3, activation: softmax}\n"),
                   Loss::CrossEntropy, true);
}

TEST(Gradient, OfBranchesAndSequencesIsTheSlope) {
  expect_gradients(network_of("[3, 4]",
                              "  - dense: {units: 4, activation: tanh, name: first}\n"
                              "  - residual: {layers: [dense: {units: 4, activation: sigmoid}]}\n"
                              "  - layer_norm: {}\n"
                              "  - attention: {heads: 2}\n"
                              "  - flatten: {}\n  - dense: {units: 2}\n"),
                   Loss::MeanSquaredError, false);
}

/// A dense layer in double: y = x w + b, and back.
struct Dense {
  Doubles w;
  Doubles b;
  Doubles forward(const Doubles& x) const {
    Doubles y = b;
    for (std::size_t i = 0; i < x.size(); ++i) {
      for (std::size_t j = 0; j < y.size(); ++j) {
        y[j] += x[i] * w[i * y.size() + j];
      }
    }
    return y;
  }
};

TEST(Gradient, IsThatOfAnIndependentBackpropagation) {
  // 6-5-3, sigmoid, softmax and cross-entropy, 4 samples: dz = (p - t) / 4.
  const Graph network = network_of("[6]",
                                   "  - dense: {units: 5, activation: sigmoid}\n"
                                   "  - dense: {units: 3, activation: softmax}\n");
  const TrainingData data = data_of(network, 4, true);
  Trainer trainer(network, settings_of(Loss::CrossEntropy, 4), data);
  trainer.step();
  const std::vector<TensorId> ids = parameters_of(network);
  const auto values = [&](std::size_t i) {
    const std::vector<float>& from = network.constant(ids[i])->values;
    return Doubles(from.begin(), from.end());
  };
  const Dense first{values(0), values(1)};
  const Dense second{values(2), values(3)};
  Doubles dw1(30);
  Doubles db1(5);
  Doubles dw2(15);
  Doubles db2(3);
  double loss = 0;
  for (std::size_t sample = 0; sample < 4; ++sample) {
    const Doubles x(data.inputs.begin() + static_cast<std::ptrdiff_t>(6 * sample),
                    data.inputs.begin() + static_cast<std::ptrdiff_t>(6 * sample + 6));
    Doubles h = first.forward(x);
    for (double& value : h) {
      value = 1 / (1 + std::exp(-value));
    }
    Doubles p = second.forward(h);
    double sum = 0;
    for (double& value : p) {
      value = std::exp(value);
      sum += value;
    }
    for (std::size_t j = 0; j < 3; ++j) {
      p[j] /= sum;
      const bool wanted = data.labels[sample] == j;
      loss -= wanted ? std::log(p[j]) / 4 : 0;
      const double dz = (p[j] - (wanted ? 1 : 0)) / 4;
      db2[j] += dz;
      for (std::size_t i = 0; i < 5; ++i) {
        dw2[i * 3 + j] += h[i] * dz;
        const double dh = dz * second.w[i * 3 + j] * h[i] * (1 - h[i]);
        db1[i] += dh;
        for (std::size_t k = 0; k < 6; ++k) {
          dw1[k * 5 + i] += x[k] * dh;
        }
      }
    }
  }
  EXPECT_NEAR(trainer.history().steps[0].loss, loss, 1e-6);
  const std::vector<Doubles> expected{dw1, db1, dw2, db2};
  for (std::size_t parameter = 0; parameter < 4; ++parameter) {
    for (std::size_t i = 0; i < expected[parameter].size(); ++i) {
      EXPECT_NEAR(trainer.gradient(parameter)[i], expected[parameter][i], 1e-7)
          << parameter << "[" << i << "]";
    }
  }
}

TEST(Gradient, OfTheLargestOfEqualValuesGoesToTheFirst) {
  // A filter of one value 1: the image's values 2 2 / 1 2 go into one maximum.
  Graph network = network_of("[2, 2, 1]",
                             "  - conv: {filters: 1, kernel: 1, bias: false}\n"
                             "  - max_pool: {kernel: 2}\n");
  network.constants[0].values = {1};
  Trainer trainer(network, settings_of(Loss::MeanSquaredError, 1), {1, {2, 2, 1, 2}, {}, {0}});
  trainer.step();
  EXPECT_EQ(trainer.gradient(0)[0], 8) << "2 (2 - 0) times one value of 2, not three";
}

}  // namespace
}  // namespace systol
