#include "sim/gates/energy_fit.h"

#include <algorithm>
#include <cmath>

namespace systol::gates {
namespace {

constexpr std::size_t kCount = kTerms.size();

/// Solves the symmetric system over the terms that are in use; the others are 0.
Terms solve(std::array<Terms, kCount> matrix, Terms right, const std::array<bool, kCount>& used) {
  for (std::size_t i = 0; i < kCount; ++i) {
    if (!used[i]) {
      matrix[i] = {};
      for (Terms& row : matrix) {
        row[i] = 0.0;
      }
      matrix[i][i] = 1.0;
      right[i] = 0.0;
    }
  }
  for (std::size_t i = 0; i < kCount; ++i) {
    std::size_t pivot = i;
    for (std::size_t r = i + 1; r < kCount; ++r) {
      pivot = std::abs(matrix[r][i]) > std::abs(matrix[pivot][i]) ? r : pivot;
    }
    std::swap(matrix[i], matrix[pivot]);
    std::swap(right[i], right[pivot]);
    for (std::size_t r = 0; r < kCount && matrix[i][i] != 0.0; ++r) {
      const double factor = r == i ? 0.0 : matrix[r][i] / matrix[i][i];
      for (std::size_t c = 0; c < kCount; ++c) {
        matrix[r][c] -= factor * matrix[i][c];
      }
      right[r] -= factor * right[i];
    }
  }
  Terms solution{};
  for (std::size_t i = 0; i < kCount; ++i) {
    solution[i] = matrix[i][i] == 0.0 ? 0.0 : right[i] / matrix[i][i];
  }
  return solution;
}

}  // namespace

Terms terms_of(const PeActivity& a) {
  return {static_cast<double>(a.waves),
          static_cast<double>(a.activation_toggles),
          static_cast<double>(a.product_toggles),
          static_cast<double>(a.sign_toggles),
          static_cast<double>(a.weight_toggles),
          static_cast<double>(a.sum_toggles),
          static_cast<double>(a.weight_bus_toggles),
          static_cast<double>(a.multiplications),
          static_cast<double>(a.exponent_changes),
          static_cast<double>(a.idle_exponent_toggles),
          static_cast<double>(a.sum_exponent_toggles),
          static_cast<double>(a.product_changes),
          static_cast<double>(a.met_weight_toggles),
          static_cast<double>(a.drains)};
}

double data_energy(const Terms& energies, const PeActivity& activity) {
  const Terms counts = terms_of(activity);
  double sum = 0.0;
  for (std::size_t i = 0; i < kCount; ++i) {
    sum += energies[i] * counts[i];
  }
  return sum;
}

/// A term that would be negative is left out, the most negative first.
Terms fit_terms(std::span<const DataSet> sets) {
  std::array<Terms, kCount> matrix{};
  Terms right{};
  for (const DataSet& set : sets) {
    const Terms counts = terms_of(set.activity);
    const double total = set.activity.data_energy + set.activity.clock_energy;
    if (total == 0.0) {
      continue;  // there is nothing that an error could be a part of
    }
    for (std::size_t i = 0; i < kCount; ++i) {
      for (std::size_t j = 0; j < kCount; ++j) {
        matrix[i][j] += counts[i] * counts[j] / (total * total);
      }
      right[i] += counts[i] * set.activity.data_energy / (total * total);
    }
  }
  std::array<bool, kCount> used{};
  used.fill(true);
  while (true) {
    const Terms solution = solve(matrix, right, used);
    const auto least = std::min_element(solution.begin(), solution.end());
    if (*least >= 0.0) {
      return solution;
    }
    used[static_cast<std::size_t>(least - solution.begin())] = false;
  }
}

double relative_error(const Terms& energies, const PeActivity& activity) {
  const double simulated = activity.data_energy + activity.clock_energy;
  return simulated == 0.0
             ? 0.0
             : (data_energy(energies, activity) + activity.clock_energy) / simulated - 1.0;
}

FitError error_of(const Terms& energies, std::span<const DataSet> sets) {
  FitError error;
  for (const DataSet& set : sets) {
    const double one = std::abs(relative_error(energies, set.activity));
    error.mean += one / static_cast<double>(sets.size());
    error.worst = std::max(error.worst, one);
  }
  return error;
}

}  // namespace systol::gates
