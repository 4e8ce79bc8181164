// `systol validate` in a process of its own.
#include "tests/system/program.h"

namespace systol::test {
namespace {

class Validate : public ProgramTest {};

TEST_F(Validate, ASuiteHasToBeNamed) {
  const Ended none = systol({"validate"});
  EXPECT_EQ(none.status, kWrongInput);
  EXPECT_EQ(none.out, "");
  const Ended help = systol({"help", "validate", "gemmini"});
  EXPECT_EQ(help.status, kOk);
  EXPECT_NE(help.out.find("configs/validation/gemmini"), std::string::npos) << help.out;
}

TEST_F(Validate, AnArrayThatTheLayersDoNotFitIsRefused) {
  EXPECT_EQ(systol({"validate", "gemmini", "--set", "array.rows=64", "--set", "array.columns=64",
                    "--set", "weight_fifo.tiles=64", "--threads", "1"}),
            error(kWrongInput,
                  "weight_fifo.tiles: 64 tiles of 4096 bytes do not fit the 110592 bytes of "
                  "scratchpad of dense 128x768x768"));
}

}  // namespace
}  // namespace systol::test
