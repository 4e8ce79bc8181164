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
  std::vector<isa::Command> commands;
  Schedule schedule{commands};

  CommandId add(Unit unit, const std::vector<std::optional<CommandId>>& after = {}) {
    return schedule.append(operation_of(unit), {}, after);
  }
  UnitSet wait(CommandId id) const { return commands.at(id).wait; }
  UnitSet signal(CommandId id) const { return commands.at(id).signal; }
  int tokens() const {
    int count = 0;
    for (const isa::Command& command : commands) {
      for (int unit = 0; unit < isa::kUnits; ++unit) {
        count += command.signal.has(static_cast<Unit>(unit)) ? 1 : 0;
      }
    }
    return count;
  }
};

TEST(Schedule, AppendsInOrderWithTheOrigin) {
  Commands program;
  EXPECT_EQ(program.schedule.append(isa::Matmul{}, {1, 2, 3, 4}), 0U);
  EXPECT_EQ(program.schedule.append(isa::SetTable{5}, {6, 7, 8, 9}), 1U);
  EXPECT_EQ(program.commands.at(0).origin, (isa::Origin{1, 2, 3, 4}));
  EXPECT_EQ(program.commands.at(1).operation, isa::Operation(isa::SetTable{5}));
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
  using Edge = std::pair<CommandId, CommandId>;

  explicit Order(const std::vector<isa::Command>& commands) : successors_(commands.size()) {
    std::map<Unit, CommandId> last;
    std::map<std::pair<Unit, Unit>, std::deque<CommandId>> tokens;
    for (CommandId id = 0; id < commands.size(); ++id) {
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
  bool holds(CommandId before, CommandId after, const Edge* without = nullptr) const {
    std::set<CommandId> reached{before};
    visit(before, after, without, reached);
    return reached.contains(after);
  }

 private:
  void visit(CommandId at, CommandId last, const Edge* without,
             std::set<CommandId>& reached) const {
    for (const CommandId next : successors_[at]) {
      const bool left_out = without != nullptr && *without == Edge{at, next};
      if (next <= last && !left_out && reached.insert(next).second) {
        visit(next, last, without, reached);
      }
    }
  }

  std::vector<std::set<CommandId>> successors_;
  std::vector<Edge> edges_;
};

TEST(Schedule, RandomProgramsAreOrderedAsAskedAndSpendNoTokenTooMuch) {
  std::mt19937 random(11);
  int tokens = 0;
  int asked = 0;
  for (int round = 0; round < 200; ++round) {
    Commands program;
    std::vector<Order::Edge> required;
    const auto share = 2 + random() % 6;
    for (CommandId id = 0; id < 50; ++id) {
      std::vector<std::optional<CommandId>> after{std::nullopt};
      for (CommandId earlier = 0; earlier < id; ++earlier) {
        if (random() % (share * 8) == 0) {
          after.push_back(earlier);
          required.emplace_back(earlier, id);
        }
      }
      std::shuffle(after.begin(), after.end(), random);
      EXPECT_EQ(program.add(static_cast<Unit>(random() % isa::kUnits), after), id);
    }
    const Order order(program.commands);
    for (const auto& [before, after] : required) {
      ASSERT_TRUE(order.holds(before, after)) << before << " before " << after;
    }
    for (const Order::Edge& token : order.tokens()) {
      ASSERT_FALSE(order.holds(token.first, token.second, &token))
          << "the token from " << token.first << " to " << token.second << " is not needed";
    }
    tokens += static_cast<int>(order.tokens().size());
    asked += static_cast<int>(required.size());
  }
  EXPECT_GT(tokens, 1'000) << "the programs are too simple to say anything";
  EXPECT_GT(asked, 2 * tokens);
}

}  // namespace
}  // namespace systol
