#include "host/compile/schedule.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <map>
#include <random>
#include <set>

namespace systol {
namespace {

using isa::Unit;
using isa::UnitSet;

isa::Operation operation_of(Unit unit) {
  switch (unit) {
    case Unit::Weights:
      return isa::LoadWeights{};
    case Unit::Load:
      return isa::Load{};
    case Unit::Store:
      return isa::Store{};
    case Unit::Matrix:
      return isa::Matmul{};
    default:
      return isa::SetTable{};
  }
}

struct Commands {
  explicit Commands(std::size_t window = Schedule::kWindow)
      : schedule([this](isa::Command&& command) { commands.push_back(std::move(command)); },
                 window) {}

  std::vector<isa::Command> commands;
  Schedule schedule;

  CommandId add(Unit unit, const std::vector<std::optional<CommandId>>& after = {}) {
    return schedule.append(operation_of(unit), {}, after);
  }
  const std::vector<isa::Command>& all() {
    schedule.finish();
    return commands;
  }
  UnitSet wait(CommandId id) { return all().at(id.index).wait; }
  UnitSet signal(CommandId id) { return all().at(id.index).signal; }
  int tokens() {
    int count = 0;
    for (const isa::Command& command : all()) {
      for (int unit = 0; unit < isa::kUnits; ++unit) {
        count += command.signal.has(static_cast<Unit>(unit)) ? 1 : 0;
      }
    }
    return count;
  }
};

TEST(Schedule, AppendsInOrderWithTheOrigin) {
  Commands program;
  EXPECT_EQ(program.schedule.append(isa::Matmul{}, {1, 2, 3, 4}), (CommandId{0, Unit::Matrix}));
  EXPECT_EQ(program.schedule.append(isa::SetTable{5}, {6, 7, 8, 9}),
            (CommandId{1, Unit::Activate}));
  EXPECT_EQ(program.all().at(0).origin, (isa::Origin{1, 2, 3, 4}));
  EXPECT_EQ(program.all().at(1).operation, isa::Operation(isa::SetTable{5}));
}

TEST(Schedule, ACommandThatMustFollowAnotherUnitTakesAToken) {
  Commands program;
  const CommandId load = program.add(Unit::Load);
  const CommandId matmul = program.add(Unit::Matrix, {load});
  EXPECT_EQ(program.signal(load), (UnitSet{Unit::Matrix}));
  EXPECT_EQ(program.wait(matmul), (UnitSet{Unit::Load}));
}

TEST(Schedule, AUnitsOwnOrderNeedsNoToken) {
  Commands program;
  const CommandId first = program.add(Unit::Load);
  program.add(Unit::Load, {first, std::nullopt});
  EXPECT_EQ(program.tokens(), 0);
}

TEST(Schedule, TheLaterOfTwoCommandsOfAUnitStandsForBoth) {
  Commands program;
  const CommandId first = program.add(Unit::Load);
  const CommandId second = program.add(Unit::Load);
  const CommandId matmul = program.add(Unit::Matrix, {first, second});
  EXPECT_TRUE(program.signal(first).empty());
  EXPECT_EQ(program.signal(second), (UnitSet{Unit::Matrix}));
  EXPECT_EQ(program.wait(matmul), (UnitSet{Unit::Load}));
}

TEST(Schedule, WhatATokenBeforeImpliedIsNotPaidAgain) {
  Commands program;
  const CommandId load = program.add(Unit::Load);
  program.add(Unit::Matrix, {load});
  program.add(Unit::Matrix, {load});
  EXPECT_EQ(program.tokens(), 1);
}

TEST(Schedule, OrderThatFollowsThroughAThirdUnitIsNotPaid) {
  Commands program;
  const CommandId load = program.add(Unit::Load);
  const CommandId matmul = program.add(Unit::Matrix, {load});
  const CommandId activate = program.add(Unit::Activate, {load, matmul});
  EXPECT_EQ(program.wait(activate), (UnitSet{Unit::Matrix}));
  EXPECT_EQ(program.tokens(), 2);
}

TEST(Schedule, OneCommandMaySignalSeveralUnits) {
  Commands program;
  const CommandId load = program.add(Unit::Load);
  program.add(Unit::Matrix, {load});
  program.add(Unit::Store, {load});
  EXPECT_EQ(program.signal(load), (UnitSet{Unit::Matrix, Unit::Store}));
}

///////////////////////////////////////////////////////////////////////////////////////////////////
// Any program

/// What must be complete before what, by the units' own order and by tokens as the machine takes
/// them: the k-th wait of a unit for another takes the k-th token between the two.
class Order {
 public:
  using Index = std::uint64_t;
  using Edge = std::pair<Index, Index>;

  explicit Order(const std::vector<isa::Command>& commands) : successors_(commands.size()) {
    std::map<Unit, Index> last;
    std::map<std::pair<Unit, Unit>, std::deque<Index>> tokens;
    for (Index id = 0; id < commands.size(); ++id) {
      const Unit unit = isa::unit_of(commands[id]);
      if (const auto before = last.find(unit); before != last.end()) {
        successors_[before->second].insert(id);
      }
      last[unit] = id;
      for (int i = 0; i < isa::kUnits; ++i) {
        const auto other = static_cast<Unit>(i);
        if (commands[id].wait.has(other)) {
          auto& queue = tokens[{other, unit}];
          EXPECT_FALSE(queue.empty()) << "command " << id << " waits for a token nobody gave";
          if (!queue.empty()) {
            edges_.emplace_back(queue.front(), id);
            queue.pop_front();
          }
        }
      }
      // A token is there for commands after this one only.
      for (int i = 0; i < isa::kUnits; ++i) {
        if (commands[id].signal.has(static_cast<Unit>(i))) {
          tokens[{unit, static_cast<Unit>(i)}].push_back(id);
        }
      }
    }
    for (const auto& [units, queue] : tokens) {
      EXPECT_TRUE(queue.empty()) << "a token of command " << queue.front() << " is left over";
    }
    for (const Edge& edge : edges_) {
      successors_[edge.first].insert(edge.second);
    }
  }

  const std::vector<Edge>& tokens() const { return edges_; }

  /// Whether `before` comes before `after`, without one of the tokens.
  bool holds(Index before, Index after, const Edge* without = nullptr) const {
    std::set<Index> reached{before};
    visit(before, after, without, reached);
    return reached.contains(after);
  }

 private:
  void visit(Index at, Index last, const Edge* without, std::set<Index>& reached) const {
    for (const Index next : successors_[at]) {
      const bool left_out = without != nullptr && *without == Edge{at, next};
      if (next <= last && !left_out && reached.insert(next).second) {
        visit(next, last, without, reached);
      }
    }
  }

  std::vector<std::set<Index>> successors_;
  std::vector<Edge> edges_;
};

struct Random {
  std::vector<isa::Command> commands;
  std::vector<Order::Edge> required;
};

/// Commands of random units that must follow random earlier ones.
Random random_program(std::mt19937& random, std::size_t window) {
  Commands program(window);
  Random drawn;
  std::vector<CommandId> ids;
  const auto share = 2 + random() % 6;
  const auto units = 2 + random() % (isa::kUnits - 1);
  for (std::uint64_t i = 0; i < 50; ++i) {
    std::vector<std::optional<CommandId>> after{std::nullopt};
    for (const CommandId earlier : ids) {
      if (random() % (share * 8) == 0) {
        after.push_back(earlier);
        drawn.required.emplace_back(earlier.index, i);
      }
    }
    std::shuffle(after.begin(), after.end(), random);
    ids.push_back(program.add(static_cast<Unit>(random() % units), after));
    EXPECT_EQ(ids.back().index, i);
    EXPECT_LE(i + 1 - program.commands.size(), window);
  }
  drawn.commands = program.all();
  return drawn;
}

void expect_ordered(const Random& drawn, const Order& order) {
  for (const auto& [before, after] : drawn.required) {
    ASSERT_TRUE(order.holds(before, after)) << before << " before " << after;
  }
}

TEST(Schedule, RandomProgramsAreOrderedAsAskedAndSpendNoTokenTooMuch) {
  std::mt19937 random(11);
  int tokens = 0;
  int asked = 0;
  for (int round = 0; round < 200; ++round) {
    const Random drawn = random_program(random, Schedule::kWindow);
    const Order order(drawn.commands);
    expect_ordered(drawn, order);
    for (const Order::Edge& token : order.tokens()) {
      ASSERT_FALSE(order.holds(token.first, token.second, &token))
          << "the token from " << token.first << " to " << token.second << " is not needed";
    }
    tokens += static_cast<int>(order.tokens().size());
    asked += static_cast<int>(drawn.required.size());
  }
  EXPECT_GT(tokens, 1'000) << "the programs are too simple to say anything";
  EXPECT_GT(asked, 2 * tokens);
}

TEST(Schedule, AnyWindowKeepsTheOrderThatWasAskedFor) {
  std::mt19937 random(12);
  for (int round = 0; round < 600; ++round) {
    const Random drawn = random_program(random, 1 + random() % 20);
    expect_ordered(drawn, Order(drawn.commands));
    ASSERT_FALSE(HasFailure()) << "round " << round;
  }
}

TEST(Schedule, AWindowThatNeverFillsChangesNothing) {
  std::mt19937 random(13);
  std::mt19937 again = random;
  for (int round = 0; round < 50; ++round) {
    EXPECT_EQ(random_program(random, 50).commands,
              random_program(again, Schedule::kWindow).commands);
  }
}

TEST(Schedule, ALaterCommandOfTheUnitStandsInForOneThatLeftTheWindow) {
  Commands program(2);
  const CommandId first = program.add(Unit::Load);
  const CommandId second = program.add(Unit::Load);
  const CommandId third = program.add(Unit::Load);  // `first` leaves
  const CommandId matmul = program.add(Unit::Matrix, {first});
  EXPECT_TRUE(program.signal(first).empty());
  EXPECT_EQ(program.signal(second), (UnitSet{Unit::Matrix}));
  EXPECT_TRUE(program.signal(third).empty());
  EXPECT_EQ(program.wait(matmul), (UnitSet{Unit::Load}));
}

TEST(Schedule, WhatNobodyElseKnowsIsFollowedBeforeItLeaves) {
  Commands program(3);
  const CommandId load = program.add(Unit::Load);
  program.add(Unit::Matrix);
  program.add(Unit::Matrix);
  const CommandId third = program.add(Unit::Matrix);
  EXPECT_EQ(program.wait(third), (UnitSet{Unit::Load}));
  EXPECT_EQ(program.signal(load), (UnitSet{Unit::Matrix}));
}

}  // namespace
}  // namespace systol
