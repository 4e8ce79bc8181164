// What the settings of a design point must meet, such as "array.rows * array.columns <= 4096".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "host/report/result_row.h"

namespace systol {

/// Two products of keys and numbers, compared. A setting counts as the number that it begins with:
/// values of one key are written in one unit.
struct Condition {
  struct Factor {
    std::string key;  ///< of a setting; empty: the number
    double number = 1;
  };
  std::string text;
  std::vector<Factor> left;
  std::string comparison;  ///< "<", "<=", ">", ">=", "==" or "!="
  std::vector<Factor> right;

  /// Settings have all keys, and their values begin with numbers.
  bool holds(const std::vector<Setting>& settings) const;
};

/// Throws InputError, which begins with `where`, for other text and for keys not in `keys`.
Condition parse_condition(std::string_view text, const std::vector<std::string>& keys,
                          std::string_view where);

}  // namespace systol
