// How gradients change parameters.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace systol {

enum class OptimiserKind : std::uint8_t {
  Sgd,      ///< v = momentum v + g; p -= rate v
  SignSgd,  ///< v = momentum v + (1 - momentum) g; p -= rate sign(v) (Bernstein et al., 2018)
  Adam,     ///< Kingma and Ba, 2015, algorithm 1, with both corrections of the bias
};
inline constexpr std::array<std::string_view, 3> kOptimiserNames = {"sgd", "signsgd", "adam"};

struct OptimiserSettings {
  OptimiserKind kind = OptimiserKind::Sgd;
  float momentum = 0.0F;  ///< of Sgd and SignSgd, 0 to below 1
  float beta1 = 0.9F;     ///< of Adam
  float beta2 = 0.999F;
  float epsilon = 1e-8F;
};

/// In float32, value after value, on the host.
class Optimiser {
 public:
  /// For parameters of so many values.
  Optimiser(const OptimiserSettings& settings, std::span<const std::size_t> sizes);

  /// Before the parameters of a step: counts it.
  void begin_step() { ++step_; }
  /// Changes parameter `number` by its gradient.
  void update(std::size_t number, float rate, std::span<const float> gradient,
              std::span<float> parameter);

  /// What it remembers: steps, and for each parameter the moving averages it keeps, none to two
  /// lists of as many values.
  struct State {
    std::uint64_t step = 0;
    std::vector<std::vector<float>> first;
    std::vector<std::vector<float>> second;
  };
  State state() const { return {step_, first_, second_}; }
  /// Throws std::logic_error for the state of other parameters or of another kind.
  void restore(State state);

 private:
  void adam(std::size_t number, float rate, std::span<const float> gradient,
            std::span<float> parameter);

  OptimiserSettings settings_;
  std::uint64_t step_ = 0;
  std::vector<std::vector<float>> first_;
  std::vector<std::vector<float>> second_;
};

}  // namespace systol
