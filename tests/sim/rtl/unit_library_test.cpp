// Which library is found. Any file will do: it is not loaded.
#include "sim/rtl/unit_library.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "sim/rtl/cached_file.h"
#include "sim/rtl/unit_recipe.h"
#include "tests/sim/config/temp_files.h"

namespace systol {
namespace {

namespace fs = std::filesystem;

constexpr UnitShape kTiny{1, 2, 4};

class FoundLibrary : public ::testing::Test {
 protected:
  FoundLibrary() {
    make_private_folder(paths_.cache);
    fs::create_directory(paths_.build_time);
  }

  /// A file with the name that a library of `text` has.
  fs::path write(const fs::path& folder, const std::string& text) const {
    const fs::path unnamed = files_.write("unnamed", text);
    fs::path library =
        folder / unit_recipe::name_of(kTiny, unit_recipe::sources_hash(paths_.sources),
                                      content_hash(unnamed));
    fs::rename(unnamed, library);
    fs::permissions(library, fs::perms(0644));
    return library;
  }
  std::optional<fs::path> find() const { return find_unit_library(kTiny, paths_); }

  TempFiles files_;
  UnitLibraryPaths paths_{SYSTOL_SOURCE_DIR, files_.path("built"), files_.path("cache")};
};

TEST_F(FoundLibrary, IsTheProjectsAndElseTheUsers) {
  EXPECT_EQ(find(), std::nullopt);
  const fs::path users = write(paths_.cache, "a library");
  EXPECT_EQ(find(), users);
  const fs::path projects = write(paths_.build_time, "a library");
  EXPECT_EQ(find(), projects);
  EXPECT_EQ(list_unit_libraries(paths_).size(), 2U);
}

TEST_F(FoundLibrary, NeedsNoVerilator) {
  const fs::path library = write(paths_.cache, "a library");
  // PATH is this test's own: ctest gives every test its own process.
  setenv("PATH", files_.path("").c_str(), 1);
  const fs::path asked = files_.path("asked");
  files_.write("verilator", "#!/bin/sh\necho asked > '" + asked.string() + "'\n");
  fs::permissions(files_.path("verilator"), fs::perms::owner_all);
  EXPECT_EQ(build_unit_library(kTiny, {}, paths_), library);
  EXPECT_FALSE(fs::exists(asked));
}

TEST_F(FoundLibrary, HasTheContentThatItsNameSays) {
  const fs::path library = write(paths_.cache, "a library");
  for (const std::string text : {"a librarx", "a librar", "", "a library "}) {
    files_.write("cache/" + library.filename().string(), text);
    EXPECT_EQ(find(), std::nullopt) << text;
    EXPECT_FALSE(list_unit_libraries(paths_).at(0).current);
  }
}

TEST_F(FoundLibrary, IsNotOneThatOthersCanWrite) {
  const fs::path library = write(paths_.cache, "a library");
  fs::permissions(library, fs::perms(0664));
  EXPECT_EQ(find(), std::nullopt);
  fs::permissions(library, fs::perms(0644));
  fs::permissions(paths_.cache, fs::perms(0777));
  EXPECT_EQ(find(), std::nullopt);
  EXPECT_FALSE(list_unit_libraries(paths_).at(0).current);
}

TEST_F(FoundLibrary, WithoutAFolderForItTheErrorSaysWhatToSet) {
  for (const char* variable : {"SYSTOL_CACHE", "XDG_CACHE_HOME", "HOME"}) {
    unsetenv(variable);
  }
  paths_.cache = UnitLibraryPaths::standard().cache;
  EXPECT_EQ(paths_.cache, "");
  EXPECT_EQ(find(), std::nullopt);
  try {
    build_unit_library(kTiny, {}, paths_);
    ADD_FAILURE() << "no error";
  } catch (const EnvironmentError& error) {
    EXPECT_STREQ(error.what(),
                 "there is no folder to keep libraries of the RTL in: set SYSTOL_CACHE to one, or "
                 "HOME");
  }
}

TEST(UnitLibraryPaths, FollowTheEnvironment) {
  setenv("SYSTOL_CACHE", "/a", 1);
  setenv("XDG_CACHE_HOME", "/b", 1);
  setenv("HOME", "/c", 1);
  setenv("SYSTOL_RTL_DIR", "/d", 1);
  EXPECT_EQ(UnitLibraryPaths::standard().cache, "/a");
  EXPECT_EQ(UnitLibraryPaths::standard().build_time, "/d");
  unsetenv("SYSTOL_CACHE");
  EXPECT_EQ(UnitLibraryPaths::standard().cache, "/b/systol");
  unsetenv("XDG_CACHE_HOME");
  EXPECT_EQ(UnitLibraryPaths::standard().cache, "/c/.cache/systol");
}

}  // namespace
}  // namespace systol
