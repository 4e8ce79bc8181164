#include "host/report/pareto_front.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace systol {
namespace {

/// Divide and conquer, after Kung, Luccio and Preparata, "On finding the maxima of a set of
/// vectors", 1975.
class FrontSearch {
 public:
  explicit FrontSearch(std::span<const ObjectiveValues* const> points)
      : points_(points), unbeaten_(points.size(), true) {}

  std::vector<bool> run() {
    Numbers all(points_.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
      all[i] = i;
    }
    // What beats a point stands before it then.
    std::ranges::sort(all, [&](std::size_t a, std::size_t b) { return *points_[a] < *points_[b]; });
    if (!all.empty()) {
      front_of(all);
    }
    return std::move(unbeaten_);
  }

 private:
  using Numbers = std::vector<std::size_t>;

  double value(std::size_t point, std::size_t objective) const {
    return (*points_[point])[objective];
  }
  std::size_t objectives() const { return points_.front()->size(); }

  /// Those of the sorted `points` that no other of them beats.
  Numbers front_of(const Numbers& points) {
    if (points.size() == 1) {
      return points;
    }
    const auto middle = points.begin() + static_cast<std::ptrdiff_t>(points.size() / 2);
    Numbers front = front_of({points.begin(), middle});
    Numbers later = front_of({middle, points.end()});
    // The first objective is no worse in the first half.
    remove_beaten(front, later, 1);
    front.insert(front.end(), later.begin(), later.end());
    return front;
  }

  /// Takes out of `later` what some point of `front` is no worse than from `objective` on.
  void remove_beaten(const Numbers& front, Numbers& later, std::size_t objective) {
    constexpr std::size_t kFew = 64;
    if (front.empty() || later.empty()) {
      return;
    }
    if (objective + 2 >= objectives()) {
      sweep(front, later, objective);
    } else if (front.size() * later.size() <= kFew) {
      remove(later, [&](std::size_t point) {
        return std::ranges::any_of(
            front, [&](std::size_t one) { return no_worse(one, point, objective); });
      });
    } else {
      split(front, later, objective);
    }
  }

  bool no_worse(std::size_t a, std::size_t b, std::size_t objective) const {
    while (objective < objectives() && value(a, objective) <= value(b, objective)) {
      ++objective;
    }
    return objective == objectives();
  }

  template <class Beaten>
  void remove(Numbers& points, const Beaten& beaten) {
    Numbers kept;
    for (const std::size_t point : points) {
      if (beaten(point)) {
        unbeaten_[point] = false;
      } else {
        kept.push_back(point);
      }
    }
    points = std::move(kept);
  }

  /// Two objectives are left, or fewer: with rising values of the one, the least of the other.
  void sweep(Numbers front, Numbers& later, std::size_t objective) {
    const std::size_t last = objectives() - 1;
    const auto across = [&](std::size_t point) {
      return objective <= last ? value(point, objective) : 0;
    };
    const auto up = [&](std::size_t point) { return objective < last ? value(point, last) : 0; };
    std::ranges::sort(front, {}, across);
    std::ranges::sort(later, {}, across);
    double least = std::numeric_limits<double>::infinity();
    auto next = front.begin();
    bool any = false;
    remove(later, [&](std::size_t point) {
      for (; next != front.end() && across(*next) <= across(point); ++next) {
        least = std::min(least, up(*next));
        any = true;
      }
      return any && least <= up(point);
    });
  }

  /// About a value in the middle: what is below it on one side can only be beaten by what is below
  /// it on the other, and what is not below it is worse in this objective than all that is.
  void split(const Numbers& front, Numbers& later, std::size_t objective) {
    Numbers order = front;
    const auto middle = order.begin() + static_cast<std::ptrdiff_t>(order.size() / 2);
    std::ranges::nth_element(order, middle, {},
                             [&](std::size_t point) { return value(point, objective); });
    const double pivot = value(*middle, objective);
    Numbers low;
    Numbers low_or_equal;
    Numbers high;
    for (const std::size_t point : front) {
      const double here = value(point, objective);
      (here > pivot ? high : low_or_equal).push_back(point);
      if (here < pivot) {
        low.push_back(point);
      }
    }
    const auto is_low = [&](std::size_t point) { return value(point, objective) < pivot; };
    const auto bound = std::stable_partition(later.begin(), later.end(), is_low);
    Numbers later_low(later.begin(), bound);
    Numbers later_high(bound, later.end());
    remove_beaten(low, later_low, objective);
    remove_beaten(low_or_equal, later_high, objective + 1);
    remove_beaten(high, later_high, objective);
    later = std::move(later_low);
    later.insert(later.end(), later_high.begin(), later_high.end());
  }

  std::span<const ObjectiveValues* const> points_;
  std::vector<bool> unbeaten_;
};

}  // namespace

std::vector<bool> unbeaten(std::span<const ObjectiveValues* const> points) {
  return FrontSearch(points).run();
}

void ParetoFront::add(ObjectiveValues values, const Member& member) {
  points_[std::move(values)].push_back(member);
  if (points_.size() > most_) {
    const std::vector<bool> kept = kept_points();
    std::size_t i = 0;
    std::erase_if(points_, [&](const auto&) { return !kept[i++]; });
    most_ = std::max(most_, 2 * points_.size());
  }
}

std::vector<bool> ParetoFront::kept_points() const {
  std::vector<const ObjectiveValues*> points;
  points.reserve(points_.size());
  for (const auto& [values, members] : points_) {
    points.push_back(&values);
  }
  return unbeaten(points);
}

std::vector<ParetoFront::Member> ParetoFront::members() const {
  const std::vector<bool> kept = kept_points();
  std::vector<Member> all;
  std::size_t i = 0;
  for (const auto& [values, members] : points_) {
    if (kept[i++]) {
      all.insert(all.end(), members.begin(), members.end());
    }
  }
  std::ranges::sort(all, {}, &Member::place);
  return all;
}

}  // namespace systol
