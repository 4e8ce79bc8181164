#include "hw/isa/accesses.h"

#include <gtest/gtest.h>

#include "hw/isa/fields.h"

namespace systol::isa {
namespace {

TEST(Accesses, EveryUnitThatTouchesARegionIsKnownToDoSo) {
  std::array<UnitSet, kRegions> readers;
  std::array<UnitSet, kRegions> writers;
  for (std::size_t opcode = 0; opcode < kOpcodes; ++opcode) {
    for (const Space space : {Space::Weights, Space::Activations}) {
      Operation operation = make_operation(opcode);
      std::visit(
          [&](auto& op) {
            visit_fields(op, [&](std::string_view, auto& field, Form) {
              using Field = std::remove_reference_t<decltype(field)>;
              if constexpr (std::is_same_v<Field, Space>) {
                field = space;
              } else if constexpr (std::is_same_v<Field, bool>) {
                field = true;
              }
            });
          },
          operation);
      for (const Access& access : accesses_of(operation)) {
        (access.write ? writers : readers)[static_cast<std::size_t>(access.region)].add(
            unit_of(operation));
      }
    }
  }
  for (std::size_t i = 0; i < kRegions; ++i) {
    EXPECT_EQ(readers[i], readers_of(static_cast<Region>(i))) << i;
    EXPECT_EQ(writers[i], writers_of(static_cast<Region>(i))) << i;
  }
}

TEST(Accesses, WalksAreReadAndWrittenAsTheyAre) {
  const Walk from(0x100, {{2, 50}, {3, 7}});
  const Walk to(0x200, {{3, 9}, {2, 40}});
  const Accesses accesses = accesses_of(Load{{Space::Weights, from, to, 5}});
  EXPECT_EQ(accesses.begin()->pieces, (Pieces{to, 5}));
  EXPECT_EQ((accesses.begin() + 1)->pieces, (Pieces{from, 5}));
}

}  // namespace
}  // namespace systol::isa
