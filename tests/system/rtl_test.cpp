// Building the RTL of a size on its first use.
#include "tests/system/program.h"

namespace systol::test {
namespace {

class Rtl : public ProgramTest {};

TEST_F(Rtl, BuildSaysWhereTheLibraryIsAndListShowsIt) {
  write_array();
  const Ended built = systol({"rtl", "build", "array.yaml"});
  ASSERT_EQ(built.status, kOk) << built.err;
  const std::string library = built.out.substr(0, built.out.find('\n'));
  EXPECT_TRUE(std::filesystem::exists(library)) << built.out;
  EXPECT_EQ(systol({"rtl", "build", "array.yaml"}), (Ended{kOk, built.out, ""}))
      << "the second time there is nothing to do and nothing to say";
  const Ended list = systol({"rtl", "list"});
  EXPECT_EQ(list.status, kOk);
  bool found = false;
  std::istringstream lines(list.out);
  for (std::string line; std::getline(lines, line);) {
    found |= line.rfind("3x5 ", 0) == 0 && line.find("current") != std::string::npos &&
             line.find(library) != std::string::npos;
  }
  EXPECT_TRUE(found) << list.out;
}

TEST_F(Rtl, WithoutVerilatorTheErrorSaysWhatToInstallOrUse) {
  write_array();
  write_workload();
  Setting setting;
  setting.environment = {"PATH=/nowhere", "SYSTOL_CACHE=" + folder_.path("cache").string()};
  EXPECT_EQ(systol({"run", "net.yaml", "-c", "array.yaml", "--engine", "rtl"}, setting),
            error(kWrongEnvironment,
                  "building the RTL of a new array size needs 'verilator': install the package "
                  "'verilator', or use the engine 'systemc'"));
  EXPECT_EQ(systol({"run", "net.yaml", "-c", "array.yaml", "--engine", "systemc"}, setting).status,
            kOk)
      << "other engines need no tool";
}

TEST_F(Rtl, ProgressIsOnStandardErrorAndNotInTheReport) {
  write_array();
  write_workload();
  const Ended ended =
      systol({"run", "net.yaml", "-c", "array.yaml", "--engine", "rtl", "--json", "-"});
  ASSERT_EQ(ended.status, kOk) << ended.err;
  EXPECT_EQ(nlohmann::json::parse(ended.out)["engine"], "rtl");
}

}  // namespace
}  // namespace systol::test
