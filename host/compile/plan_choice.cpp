#include "host/compile/plan_choice.h"

#include <algorithm>
#include <bit>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

#include "host/compile/channel.h"
#include "host/compile/plan_cost.h"
#include "sim/base/error.h"

namespace systol {
namespace {

/// Whether bands of the matrix unit were chosen.
bool has_choice(const Plan& plan) {
  return !plan.chain && plan.growing == nullptr &&
         std::ranges::any_of(plan.step_areas, [](const StepAreas& areas) {
           return areas.bands && !areas.bands->candidates.empty();
         });
}

/// Whether two plans of a network are the same commands.
bool are_equal(const Plan& a, const Plan& b) {
  const auto same_bands = [](const StepAreas& x, const StepAreas& y) {
    return x.bands && y.bands ? x.bands->are_as(*y.bands) : !x.bands && !y.bands;
  };
  return std::ranges::equal(a.places, b.places, {}, &Place::buffer, &Place::buffer) &&
         std::ranges::equal(a.areas, b.areas, {}, &BufferArea::buffer, &BufferArea::buffer) &&
         std::ranges::equal(a.step_areas, b.step_areas, same_bands);
}

/// What a network's plans are made of.
struct Network {
  const std::shared_ptr<const Graph>& graph;
  const std::shared_ptr<const QuantGraph>& quantised;
  std::uint32_t rows = 0;
  std::uint32_t batch = 0;

  /// Nothing where its tensors find no room, which depends on the bands that are chosen.
  std::optional<Plan> plan_for(const ArrayConfig& config) const {
    try {
      return make_plan(graph, quantised, config, rows, batch);
    } catch (const InputError&) {
      return std::nullopt;
    }
  }
};

/// The plans of a network for machines of any bandwidth that are otherwise alike.
class PlansOfAnyBandwidth {
 public:
  PlansOfAnyBandwidth(const Network& network, const ArrayConfig& config)
      : network_(network), machines_(machines_of_any_bandwidth(config)) {}

  /// Each once. Where two bandwidths have the same plan, so have those between them.
  std::vector<Plan> find() {
    const std::size_t last = machines_.size() - 1;
    const std::optional<std::size_t> of_first = add(0);
    add_between(0, of_first, last, add(last));
    return std::move(plans_);
  }

 private:
  /// The number of the machine's plan, if it has one.
  std::optional<std::size_t> add(std::size_t machine) {
    std::optional<Plan> plan = network_.plan_for(machines_[machine]);
    if (!plan) {
      return std::nullopt;
    }
    const auto known =
        std::ranges::find_if(plans_, [&](const Plan& other) { return are_equal(*plan, other); });
    const auto number = static_cast<std::size_t>(known - plans_.begin());
    if (known == plans_.end()) {
      plans_.push_back(*std::move(plan));
    }
    return number;
  }

  void add_between(std::size_t first, std::optional<std::size_t> of_first, std::size_t last,
                   std::optional<std::size_t> of_last) {
    if (last - first < 2 || of_first == of_last) {
      return;
    }
    const std::size_t middle = (first + last) / 2;
    const std::optional<std::size_t> of_middle = add(middle);
    add_between(first, of_first, middle, of_middle);
    add_between(middle, of_middle, last, of_last);
  }

  const Network& network_;
  std::vector<ArrayConfig> machines_;
  std::vector<Plan> plans_;
};

/// The largest of 4, 5, 6 and 7 times a power of two below `bytes`; 0 where there is none.
std::uint64_t round_size_below(std::uint64_t bytes) {
  const auto width = static_cast<unsigned>(std::bit_width(std::max<std::uint64_t>(bytes, 1) - 1));
  return width < 3 ? 0 : (bytes - 1) >> (width - 3) << (width - 3);
}

/// The next smaller buffer whose plans are compared: a round size, or the machine's own halved.
Bytes buffer_below(Bytes buffer, Bytes own) {
  std::uint64_t half = own.count();
  while (half >= buffer.count() && half > 0) {
    half /= 2;
  }
  return Bytes(std::max(round_size_below(buffer.count()), half));
}

/// Plans that a machine can follow, and which of them it does.
class Choice {
 public:
  Choice(const Network& network, const ArrayConfig& config)
      : network_(network), config_(config), machines_(machines_up_to(config)) {}

  /// Nothing where there are none, or one for this buffer takes too many commands.
  std::optional<Plan> choose() {
    const Bytes own = config_.unified_buffer;
    Bytes buffer = own;
    while (buffer > Bytes(0) && add_plans_for(buffer)) {
      buffer = buffer_below(buffer, own);
    }
    return candidates_.empty() ? std::nullopt : std::optional(chosen().plan);
  }

 private:
  struct Candidate {
    Plan plan;
    PlanCost cost;
    std::size_t size = 0;  ///< the number of the smallest buffer that it is a plan for
  };

  /// False where there are none, or one takes too many commands.
  bool add_plans_for(Bytes buffer) {
    ArrayConfig machine = config_;
    machine.unified_buffer = buffer;
    std::vector<Candidate> fresh;
    std::vector<Plan> plans = PlansOfAnyBandwidth(network_, machine).find();
    std::vector<Candidate*> known;
    for (Plan& plan : plans) {
      plan.config = config_;
      const auto same = std::ranges::find_if(
          candidates_, [&](const Candidate& other) { return are_equal(other.plan, plan); });
      if (same != candidates_.end()) {
        known.push_back(&*same);
        continue;
      }
      std::optional<PlanCost> cost = cost_of(plan, machines_);
      if (!cost) {
        return false;
      }
      fresh.push_back({std::move(plan), *std::move(cost), sizes_});
    }
    std::ranges::for_each(known, [this](Candidate* candidate) { candidate->size = sizes_; });
    std::ranges::move(fresh, std::back_inserter(candidates_));
    sizes_ += plans.empty() ? 0 : 1;
    return !plans.empty();
  }

  /// From the smallest buffer up, and for each from the least bandwidth up: the fastest that moves
  /// no more than what the same machine with the buffer before has, and no less than what it has
  /// with the bandwidth before. There always is one: the latter.
  const Candidate& chosen() {
    std::ranges::stable_sort(candidates_, {}, [](const Candidate& c) { return c.cost.bytes(); });
    std::vector<Bytes> most(machines_.size(), Bytes(UINT64_MAX));
    const Candidate* result = nullptr;
    for (std::size_t size = sizes_; size-- > 0;) {
      Bytes least(0);
      for (std::size_t machine = 0; machine < machines_.size(); ++machine) {
        result = &fastest(size, machine, least, most[machine]);
        least = most[machine] = result->cost.bytes();
      }
    }
    return *result;
  }

  /// Of the plans for buffers up to one; of equally fast ones the first, which moves the least.
  const Candidate& fastest(std::size_t size, std::size_t machine, Bytes least, Bytes most) {
    Candidate* result = nullptr;
    for (Candidate& candidate : candidates_) {
      const bool allowed = candidate.size >= size && least <= candidate.cost.bytes() &&
                           candidate.cost.bytes() <= most;
      if (allowed && (result == nullptr || is_faster(candidate.cost, result->cost, machine))) {
        result = &candidate;
      }
    }
    return *result;
  }

  static bool is_faster(PlanCost& a, PlanCost& b, std::size_t machine) {
    const Cycles time = b.time(machine);
    return a.least_time(machine) < time && a.time(machine) < time;
  }

  const Network& network_;
  const ArrayConfig& config_;
  std::vector<ArrayConfig> machines_;  ///< of less bandwidth, and the machine itself
  std::vector<Candidate> candidates_;
  std::size_t sizes_ = 0;  ///< buffers that plans are for, the largest first
};

}  // namespace

Plan choose_plan(const std::shared_ptr<const Graph>& graph,
                 const std::shared_ptr<const QuantGraph>& quantised, const ArrayConfig& config,
                 std::uint32_t rows, std::uint32_t batch) {
  Plan own = make_plan(graph, quantised, config, rows, batch);
  const std::vector<ArrayConfig> alone{config};
  if (!has_choice(own) || !cost_of(own, alone)) {
    return own;
  }
  const Network network{graph, quantised, rows, batch};
  return Choice(network, config).choose().value_or(std::move(own));
}

}  // namespace systol
