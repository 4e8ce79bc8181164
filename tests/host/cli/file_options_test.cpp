#include "host/cli/file_options.h"

#include <gtest/gtest.h>

#include "tests/sim/config/temp_files.h"

namespace systol {
namespace {

class FileOptions : public ::testing::Test {
 protected:
  std::string path(const std::string& name) const { return files_.path(name).string(); }
  std::string error_of(const std::vector<FileOption>& inputs,
                       const std::vector<FileOption>& outputs) const {
    return files_.error_of([&] { check_files(inputs, outputs); });
  }
  TempFiles files_;
};

TEST_F(FileOptions, DifferentFilesAreFine) {
  files_.write("in", "x");
  EXPECT_EQ(error_of({{"MODEL", path("in")}},
                     {{"--json", path("a")}, {"--csv", path("b")}, {"--wave", ""}, {"--x", ""}}),
            "no error");
}

TEST_F(FileOptions, AnOutputMustNotBeAnInput) {
  files_.write("in", "x");
  const std::string message = "--json in: that is the file of MODEL, which would be lost";
  EXPECT_EQ(error_of({{"MODEL", path("in")}}, {{"--json", path("in")}}), message);
  std::filesystem::create_symlink("in", path("link"));
  EXPECT_EQ(error_of({{"MODEL", path("in")}}, {{"--json", path("link")}}),
            "--json link: that is the file of MODEL, which would be lost");
  EXPECT_EQ(error_of({{"MODEL", path("none/../in")}}, {{"--json", path("in")}}), "no error")
      << "no file is read there";
}

TEST_F(FileOptions, TwoOutputsMustNotBeOneFile) {
  EXPECT_EQ(error_of({}, {{"--json", path("a")}, {"--csv", path("./a")}}),
            "--csv ./a: --json writes the same file");
  EXPECT_EQ(error_of({}, {{"--json", "-"}, {"--csv", "-"}}),
            "--json and --csv both want standard output: give one of them a file");
  EXPECT_EQ(error_of({}, {{"--json", "/dev/null"}, {"--csv", "/dev/null"}}), "no error");
}

TEST_F(FileOptions, AnOutputThatCannotBeWrittenIsKnownBefore) {
  EXPECT_THROW(check_files({}, std::vector<FileOption>{{"--json", path("none/a")}}),
               EnvironmentError);
  EXPECT_FALSE(std::filesystem::exists(path("none")));
}

TEST_F(FileOptions, AFolderHasAPlaceOfItsOwn) {
  const auto folder_error = [&](const std::string& folder, const std::string& output) {
    return files_.error_of([&] {
      check_folder({"--save-tensors", path(folder)},
                   std::vector<FileOption>{{"--json", path(output)}});
    });
  };
  EXPECT_EQ(folder_error("d", "a"), "no error");
  EXPECT_EQ(folder_error("d", "dd"), "no error");
  EXPECT_EQ(folder_error("d", "d"), "--json d: --save-tensors writes to the same place");
  EXPECT_EQ(folder_error("d/", "none/../d/a"),
            "--json none/../d/a: --save-tensors writes to the same place");
  files_.write("full/a", "x");
  EXPECT_EQ(folder_error("full", "a"),
            "--save-tensors full: is there and not empty; allowed: a folder that is new or empty");
  EXPECT_NO_THROW(check_folder({"--save-tensors", ""}, {}));
  EXPECT_NO_THROW(check_folder({"--save-tensors", path("d")},
                               std::vector<FileOption>{{"--json", "-"}, {"--csv", ""}}));
}

}  // namespace
}  // namespace systol
