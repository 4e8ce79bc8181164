// Backward through time and through a decoder, against both written out in double, forward only:
// their gradients are central differences of double values.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <map>
#include <numbers>
#include <string>
#include <vector>

#include "host/import/workload.h"
#include "host/train/batch_graph.h"
#include "host/train/initialise.h"
#include "host/train/one_hot.h"
#include "host/train/trainer.h"

namespace systol {
namespace {

using Doubles = std::vector<double>;
using Rows = std::vector<Doubles>;
using Parameters = std::map<std::string, Doubles>;

TrainingSettings still(std::size_t batch) {
  TrainingSettings settings;
  settings.batch = batch;
  settings.shuffle = false;
  settings.precision = Precision::Float32;
  settings.schedule.rate = 1e-30;  // nothing moves
  return settings;
}

/// x w + b; without a bias 0.
Doubles dense(const Parameters& parameters, const std::string& name, const Doubles& x) {
  const Doubles& w = parameters.at(name + ".weights");
  const std::size_t units = w.size() / x.size();
  const auto bias = parameters.find(name + ".bias");
  Doubles y = bias == parameters.end() ? Doubles(units) : bias->second;
  for (std::size_t i = 0; i < x.size(); ++i) {
    for (std::size_t j = 0; j < units; ++j) {
      y[j] += x[i] * w[i * units + j];
    }
  }
  return y;
}

double entropy(const Doubles& scores, std::size_t wanted) {
  double sum = 0;
  for (const double score : scores) {
    sum += std::exp(score);
  }
  return std::log(sum) - scores[wanted];
}

double logistic(double x) { return 1 / (1 + std::exp(-x)); }

/// Every parameter's gradient is the slope of `loss`, and the loss is the same.
void expect_slopes(const Graph& network, const TrainingData& data,
                   const std::function<double(const Parameters&)>& loss) {
  Trainer trainer(network, still(data.count), data);
  trainer.step();
  Parameters parameters;
  for (const TensorId id : parameters_of(network)) {
    const std::vector<float>& values = network.constant(id)->values;
    parameters[network.tensor(id).name] = Doubles(values.begin(), values.end());
  }
  EXPECT_NEAR(trainer.history().steps[0].loss, loss(parameters), 1e-6);
  const std::vector<TensorId> ids = parameters_of(network);
  for (std::size_t p = 0; p < ids.size(); ++p) {
    const std::string& name = network.tensor(ids[p]).name;
    for (std::size_t i = 0; i < parameters[name].size(); ++i) {
      constexpr double kStep = 1e-5;
      double& value = parameters[name][i];
      const double middle = value;
      value = middle + kStep;
      const double above = loss(parameters);
      value = middle - kStep;
      const double below = loss(parameters);
      value = middle;
      EXPECT_NEAR(static_cast<double>(trainer.gradient(p)[i]), (above - below) / (2 * kStep), 3e-6)
          << name << "[" << i << "]";
    }
  }
}

TEST(SequenceGradient, OfAnLstmIsThatOfItsEquations) {
  constexpr std::size_t kUnits = 3;
  Graph network = parse_workload(
      "name: net\ninput: {shape: [4, 2]}\nlayers:\n"
      "  - lstm: {units: 3, return: last, name: lstm}\n"
      "  - flatten: {}\n  - dense: {units: 2, name: out}\n",
      "net.yaml");
  initialise(network, Initialiser::Lecun, 5);
  network.constant(parameters_of(network)[1])->values = {0.1F, -0.2F, 0.3F, 1.0F, 0.9F, 0.8F,
                                                         0.0F, 0.1F,  0.2F, 0.3F, 0.4F, 0.5F};
  const TrainingData data{2,
                          {0.3F, -0.5F, 0.8F, 0.1F, -0.7F, 0.6F, 0.9F, -0.2F, -0.4F, 0.2F, 0.5F,
                           -0.9F, 0.7F, 0.4F, -0.1F, 0.8F},
                          {1, 0},
                          {},
                          {},
                          0};
  expect_slopes(network, data, [&](const Parameters& parameters) {
    double sum = 0;
    for (std::size_t sample = 0; sample < 2; ++sample) {
      Doubles h(kUnits);
      Doubles c(kUnits);
      for (std::size_t step = 0; step < 4; ++step) {
        const float* x = &data.inputs[(sample * 4 + step) * 2];
        Doubles gates = dense(parameters, "lstm.input", {x[0], x[1]});
        const Doubles& u = parameters.at("lstm.recurrent");
        for (std::size_t j = 0; j < 4 * kUnits; ++j) {
          for (std::size_t i = 0; i < kUnits; ++i) {
            gates[j] += h[i] * u[i * 4 * kUnits + j];
          }
        }
        for (std::size_t i = 0; i < kUnits; ++i) {  // input, forget, output, candidate
          c[i] = logistic(gates[kUnits + i]) * c[i] +
                 logistic(gates[i]) * std::tanh(gates[3 * kUnits + i]);
          h[i] = logistic(gates[2 * kUnits + i]) * std::tanh(c[i]);
        }
      }
      sum += entropy(dense(parameters, "out", h), data.labels[sample]);
    }
    return sum / 2;
  });
}

Doubles normalised(const Parameters& parameters, const std::string& name, Doubles x) {
  double mean = 0;
  for (const double value : x) {
    mean += value / static_cast<double>(x.size());
  }
  double variance = 0;
  for (const double value : x) {
    variance += (value - mean) * (value - mean) / static_cast<double>(x.size());
  }
  for (std::size_t i = 0; i < x.size(); ++i) {
    x[i] = (x[i] - mean) / std::sqrt(variance + 1e-5) * parameters.at(name + ".gamma")[i] +
           parameters.at(name + ".beta")[i];
  }
  return x;
}

constexpr std::size_t kHeads = 2;
constexpr std::size_t kHead = 2;

/// Of heads of two values, which are turned by the position.
Doubles turned(Doubles x, std::size_t position) {
  const double angle = static_cast<double>(position);
  for (std::size_t i = 0; i < x.size(); i += kHead) {
    const double low = x[i];
    x[i] = low * std::cos(angle) - x[i + 1] * std::sin(angle);
    x[i + 1] = x[i + 1] * std::cos(angle) + low * std::sin(angle);
  }
  return x;
}

Rows attended(const Parameters& parameters, const Rows& x) {
  Rows keys;
  Rows values;
  Rows result;
  for (std::size_t t = 0; t < x.size(); ++t) {
    const Doubles query = turned(dense(parameters, "attention.query", x[t]), t);
    keys.push_back(turned(dense(parameters, "attention.key", x[t]), t));
    values.push_back(dense(parameters, "attention.value", x[t]));
    Doubles context(kHeads * kHead);
    for (std::size_t head = 0; head < context.size(); head += kHead) {
      Doubles shares;
      double sum = 0;
      for (const Doubles& key : keys) {
        const double score = query[head] * key[head] + query[head + 1] * key[head + 1];
        shares.push_back(std::exp(score / std::numbers::sqrt2));
        sum += shares.back();
      }
      for (std::size_t s = 0; s < shares.size(); ++s) {
        context[head] += shares[s] / sum * values[s][head];
        context[head + 1] += shares[s] / sum * values[s][head + 1];
      }
    }
    result.push_back(dense(parameters, "attention", context));
  }
  return result;
}

double decoder_loss(const Parameters& parameters, const std::vector<std::uint32_t>& tokens) {
  Rows x;
  Rows normal;
  const Doubles& table = parameters.at("input.table");
  for (std::size_t t = 0; t + 1 < tokens.size(); ++t) {
    const auto row = table.begin() + 4 * static_cast<std::ptrdiff_t>(tokens[t]);
    x.emplace_back(row, row + 4);
    normal.push_back(normalised(parameters, "first", x.back()));
  }
  const Rows attention = attended(parameters, normal);
  double sum = 0;
  for (std::size_t t = 0; t < x.size(); ++t) {
    for (std::size_t i = 0; i < 4; ++i) {
      x[t][i] += attention[t][i];
    }
    Doubles wide = dense(parameters, "wide", normalised(parameters, "second", x[t]));
    for (double& value : wide) {
      value *= (1 + std::erf(value / std::numbers::sqrt2)) / 2;
    }
    const Doubles narrow = dense(parameters, "narrow", wide);
    for (std::size_t i = 0; i < 4; ++i) {
      x[t][i] += narrow[i];
    }
    sum += entropy(dense(parameters, "out", x[t]), tokens[t + 1]);
  }
  return sum / static_cast<double>(x.size());
}

TEST(SequenceGradient, OfADecoderIsThatOfItsEquations) {
  Graph network = with_one_hot_rows(parse_workload(
      "name: net\ninput: {shape: [4]}\nlayers:\n"
      "  - embedding: {rows: 5, size: 4}\n"
      "  - residual:\n      layers:\n"
      "        - layer_norm: {name: first}\n"
      "        - attention: {heads: 2, causal: true, rotary: 10000, name: attention}\n"
      "  - residual:\n      layers:\n"
      "        - layer_norm: {name: second}\n"
      "        - dense: {units: 6, activation: gelu, name: wide}\n"
      "        - dense: {units: 4, name: narrow}\n"
      "  - dense: {units: 5, name: out}\n",
      "net.yaml"));
  initialise(network, Initialiser::Lecun, 7);
  TrainingData data;
  data.count = 1;
  data.length = 4;
  data.tokens = {3, 1, 4, 1, 2};
  EXPECT_EQ(parameters_of(network).size(), 19U) << "a table, and 2 of 2 norms and 7 layers";
  expect_slopes(network, data, [&](const Parameters& parameters) {
    return decoder_loss(parameters, data.tokens);
  });
}

}  // namespace
}  // namespace systol
