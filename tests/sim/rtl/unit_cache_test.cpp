// clean_unit_cache: what goes, and what never does.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "sim/base/error.h"
#include "sim/rtl/unit_library.h"
#include "sim/rtl/work_folder.h"
#include "tests/sim/config/temp_files.h"

namespace systol {
namespace {

namespace fs = std::filesystem;

const std::string kUnit = "unit-int8-3x5x64-0123456789abcdef";

class UnitCache : public ::testing::Test {
 protected:
  UnitCache() {
    fs::create_directories(files_.path("cache/" + kUnit + ".build"));
    fs::create_directory(files_.path("built"));
  }

  std::vector<std::string> names() const {
    std::vector<std::string> found;
    for (const auto& entry : fs::recursive_directory_iterator(paths_.cache)) {
      found.push_back(entry.path().filename().string());
    }
    std::sort(found.begin(), found.end());
    return found;
  }

  TempFiles files_;
  UnitLibraryPaths paths_{SYSTOL_SOURCE_DIR, files_.path("built"), files_.path("cache")};
};

TEST_F(UnitCache, LosesWhatBuildsMadeAndNothingElse) {
  files_.write("cache/" + kUnit + "-fedcba9876543210.so", "12345");
  files_.write("cache/" + kUnit + ".log", "123");
  files_.write("cache/" + kUnit + ".build/whole.cpp", "1234567");
  files_.write("cache/runtime-0123456789abcdef-0123456789abcdef.a", "12");
  files_.write("cache/" + kUnit + ".lock", "");
  files_.write("cache/notes.txt", "mine");
  files_.write("cache/unit-of-mine.so", "mine");
  files_.write("built/" + kUnit + "-fedcba9876543210.so", "12345");
  const CleanedCache cleaned = clean_unit_cache(paths_);
  EXPECT_EQ(cleaned.folder, paths_.cache);
  EXPECT_EQ(cleaned.libraries, 1U);
  EXPECT_EQ(cleaned.bytes, 5U + 3 + 7 + 2);
  EXPECT_EQ(names(), (std::vector<std::string>{"notes.txt", kUnit + ".lock", "unit-of-mine.so"}));
  EXPECT_TRUE(fs::exists(files_.path("built/" + kUnit + "-fedcba9876543210.so")));
}

TEST_F(UnitCache, IsLeftAloneWhileABuildGoesOn) {
  files_.write("cache/" + kUnit + "-fedcba9876543210.so", "12345");
  const FileLock building(paths_.cache / (kUnit + ".lock"), [] {});
  try {
    clean_unit_cache(paths_);
    FAIL() << "nothing is said";
  } catch (const EnvironmentError& error) {
    EXPECT_EQ(std::string(error.what()), "the cache " + paths_.cache.string() +
                                             " is in use: another process builds " + kUnit +
                                             "; try again when it is done");
  }
  EXPECT_TRUE(fs::exists(paths_.cache / (kUnit + "-fedcba9876543210.so")));
}

TEST_F(UnitCache, ThatIsNotThereIsClean) {
  paths_.cache = files_.path("none");
  EXPECT_EQ(clean_unit_cache(paths_).libraries, 0U);
  EXPECT_FALSE(fs::exists(paths_.cache));
  paths_.cache.clear();
  EXPECT_THROW(clean_unit_cache(paths_), EnvironmentError);
}

}  // namespace
}  // namespace systol
