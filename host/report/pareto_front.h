// Which of many points no other beats, found as they come.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

namespace systol {

/// A value for each objective; less is better. None is NaN.
using ObjectiveValues = std::vector<double>;

/// By point: whether no other is at most as large in all values and smaller in one. All have the
/// same number of values, and no two are equal. Of n points with d values it takes about
/// n log(n)^(d-1) steps.
std::vector<bool> unbeaten(std::span<const ObjectiveValues* const> points);

/// Points that are equal in all values are on the front together.
class ParetoFront {
 public:
  struct Member {
    std::uint64_t place = 0;  ///< how many rows were added before it, on the front or not
    std::uint64_t number = 0;
    bool operator==(const Member&) const = default;
  };

  void add(ObjectiveValues values, const Member& member);
  /// In the order of their places.
  std::vector<Member> members() const;

 private:
  /// By point: whether it is on the front.
  std::vector<bool> kept_points() const;

  /// What may be on the front; what is not goes whenever they have doubled.
  std::map<ObjectiveValues, std::vector<Member>> points_;
  std::size_t most_ = 1024;
};

}  // namespace systol
