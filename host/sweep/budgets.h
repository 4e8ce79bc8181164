// What a file of budgets allows: cycles and energy of runs and of their layers.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace systol {

/// One number of the file.
struct Budget {
  std::string place;       ///< "file:line:column"
  std::string layer;       ///< empty: the whole run
  bool is_energy = false;  ///< of cycles without
  double amount = 0;       ///< in `unit`; cycles are whole numbers below 2^53
  std::string unit;        ///< "cycles", or the unit of energy that the file has
  double picojoules = 1;   ///< of the unit, if it is one of energy
  int decimals = 0;        ///< that the file gives: measurements are rounded to them
};

/// A run and what it may use.
struct BudgetedRun {
  std::string place;
  std::string model;  ///< a file, or sizes of dense layers
  std::filesystem::path array;
  std::vector<std::string> overrides;  ///< "array.rows=8"
  std::optional<std::uint32_t> batch;
  bool data = false;   ///< values are computed and checked, and energy is that of their bits
  bool exact = false;  ///< less than a budget fails, too
  std::vector<Budget> budgets;  ///< at least one
};

/// Reads and checks a file of budgets. Paths in it are relative to it. Throws InputError.
std::vector<BudgetedRun> load_budgets(const std::filesystem::path& path);

}  // namespace systol
