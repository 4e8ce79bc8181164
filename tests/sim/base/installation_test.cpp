#include "sim/base/installation.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <string>

namespace systol {
namespace {

namespace fs = std::filesystem;

/// A prefix with a program in bin/, and with or without the files that an installation has.
class Installation : public ::testing::Test {
 protected:
  void SetUp() override {
    ::unsetenv("SYSTOL_SOURCES");
    std::string pattern = (fs::temp_directory_path() / "systol-installation-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    prefix_ = fs::canonical(pattern);
    fs::create_directories(prefix_ / "bin");
    std::ofstream(program()) << "a program";
  }
  void TearDown() override {
    ::unsetenv("SYSTOL_SOURCES");
    fs::remove_all(prefix_);
  }
  fs::path program() const { return prefix_ / "bin/systol"; }
  fs::path shared() const { return prefix_ / "share/systol"; }

  fs::path prefix_;
};

TEST_F(Installation, IsBesideTheProgram) {
  fs::create_directories(shared() / "hw/rtl");
  EXPECT_EQ(shared_folder(program()), shared());
}

TEST_F(Installation, IsFoundThroughALinkToTheProgram) {
  fs::create_directories(shared() / "hw/rtl");
  fs::create_symlink(program(), prefix_ / "link");
  EXPECT_EQ(shared_folder(prefix_ / "link"), shared());
}

TEST_F(Installation, WithoutOneTheSourcesAreTaken) {
  EXPECT_EQ(shared_folder(program()), fs::path(SYSTOL_TEST_SOURCES));
  EXPECT_EQ(shared_folder(prefix_ / "no such program"), fs::path(SYSTOL_TEST_SOURCES));
}

TEST_F(Installation, FollowsTheEnvironment) {
  fs::create_directories(shared() / "hw/rtl");
  ::setenv("SYSTOL_SOURCES", "/elsewhere", 1);
  EXPECT_EQ(shared_folder(program()), fs::path("/elsewhere"));
}

TEST_F(Installation, IsWhereALibraryWasToldThatItIs) {
  fs::create_directories(shared() / "hw/rtl");
  set_shared_folder("/told");
  EXPECT_EQ(shared_folder(program()), fs::path("/told"));
  ::setenv("SYSTOL_SOURCES", "/elsewhere", 1);
  EXPECT_EQ(shared_folder(program()), fs::path("/elsewhere"));
  set_shared_folder({});
}

TEST_F(Installation, HasAFileThatIsNotInTheWorkingFolder) {
  ::setenv("SYSTOL_SOURCES", shared().c_str(), 1);
  fs::create_directories(shared() / "configs");
  std::ofstream(shared() / "configs/no_such_array.yaml") << "text";
  EXPECT_EQ(find_shared_file("configs/no_such_array.yaml"),
            shared() / "configs/no_such_array.yaml");
  EXPECT_EQ(find_shared_file("configs/other.yaml"), "configs/other.yaml");
  EXPECT_EQ(find_shared_file("configs"), "configs") << "a folder is no file";
  EXPECT_EQ(find_shared_file("/configs/no_such_array.yaml"), "/configs/no_such_array.yaml");
}

TEST_F(Installation, YieldsToAFileInTheWorkingFolder) {
  ::setenv("SYSTOL_SOURCES", shared().c_str(), 1);
  fs::create_directories(shared() / "bin");
  std::ofstream(shared() / "bin/systol") << "text";
  const fs::path before = fs::current_path();
  fs::current_path(prefix_);
  EXPECT_EQ(find_shared_file("bin/systol"), "bin/systol");
  fs::current_path(before);
}

}  // namespace
}  // namespace systol
