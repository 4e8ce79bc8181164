#include "sim/gates/energy_fit.h"

#include <gtest/gtest.h>

namespace systol::gates {
namespace {

/// Sets whose energy is exactly 2 pJ an activation bit and 0.5 a sum bit.
std::vector<DataSet> exact_sets() {
  std::vector<DataSet> sets;
  for (std::uint64_t i = 1; i < 9; ++i) {
    PeActivity a;
    a.waves = 100;
    a.activation_toggles = 10 * i;
    a.product_toggles = 7 * (i * i % 5);
    a.sign_toggles = i % 3;
    a.weight_toggles = i % 2;
    a.sum_toggles = 20 + (i * i * i) % 11;
    a.weight_bus_toggles = (i * 5) % 7;
    a.clock_energy = 30.0;
    a.data_energy =
        2.0 * static_cast<double>(a.activation_toggles) + 0.5 * static_cast<double>(a.sum_toggles);
    sets.push_back({"set", a});
  }
  return sets;
}

TEST(EnergyFit, FindsWhatTheEnergyWasMadeOf) {
  const std::vector<DataSet> sets = exact_sets();
  const Terms terms = fit_terms(sets);
  const Terms expected = {0.0, 2.0, 0.0, 0.0, 0.0, 0.5, 0.0};
  for (std::size_t i = 0; i < terms.size(); ++i) {
    EXPECT_NEAR(terms[i], expected[i], 1e-9) << kTerms[i];
  }
  EXPECT_NEAR(error_of(terms, sets).worst, 0.0, 1e-9);
}

TEST(EnergyFit, AnErrorIsOfTheWholeEnergyClocksIncluded) {
  PeActivity a;
  a.activation_toggles = 10;
  a.data_energy = 10.0;
  a.clock_energy = 30.0;
  Terms terms{};
  terms[1] = 1.4;
  EXPECT_NEAR(relative_error(terms, a), 0.1, 1e-12);
  PeActivity right = a;
  right.data_energy = 14.0;
  const FitError error = error_of(terms, std::vector<DataSet>{{"right", right}, {"wrong", a}});
  EXPECT_NEAR(error.mean, 0.05, 1e-12);
  EXPECT_NEAR(error.worst, 0.1, 1e-12);
}

TEST(EnergyFit, ASetThatUsedNothingChangesNothing) {
  std::vector<DataSet> sets = exact_sets();
  const Terms without = fit_terms(sets);
  sets.push_back({"nothing", {}});
  EXPECT_EQ(fit_terms(sets), without);
  EXPECT_EQ(relative_error(without, {}), 0.0);
  EXPECT_EQ(fit_terms(std::vector<DataSet>{{"nothing", {}}}), Terms{});
}

TEST(EnergyFit, NoTermIsNegative) {
  std::vector<DataSet> sets = exact_sets();
  for (DataSet& set : sets) {
    set.activity.data_energy -= 0.3 * static_cast<double>(set.activity.sum_toggles) * 2;
  }
  for (const double term : fit_terms(sets)) {
    EXPECT_GE(term, 0.0);
  }
}

}  // namespace
}  // namespace systol::gates
