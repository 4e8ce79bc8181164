// Finding and building libraries: the cache, its key, two processes at once, and what goes wrong.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "sim/base/error.h"
#include "sim/rtl/cached_file.h"
#include "tests/hw/rtl/rtl_libraries.h"

namespace systol::test {
namespace {

namespace fs = std::filesystem;

constexpr UnitShape kTiny{1, 2, 4};

/// A folder of its own for each test, with a copy of the sources to spoil.
class UnitLibrary : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "systol-library-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    paths_ = {SYSTOL_TEST_SOURCES, folder_ / "built", folder_ / "cache"};
  }
  void TearDown() override {
    fs::permissions(folder_, fs::perms::owner_all);
    fs::remove_all(folder_);
  }

  void copy_sources() {
    for (const char* part : {"hw/isa", "hw/lint", "hw/rtl", "hw/unit", "sim/rtl", "sim/unit"}) {
      fs::create_directories(folder_ / "sources" / part);
      fs::copy(fs::path(SYSTOL_TEST_SOURCES) / part, folder_ / "sources" / part,
               fs::copy_options::recursive);
    }
    paths_.sources = folder_ / "sources";
  }
  /// Verilator's runtime from the libraries of other tests: it takes most of a build's time.
  void copy_runtime(const fs::path& to) const {
    build_unit_library({1, 1, 7}, {}, test_paths());
    make_private_folder(to);
    const UnitLibraryPaths others = test_paths();
    for (const fs::path& folder : {others.build_time, others.cache}) {
      std::error_code none;
      for (const auto& entry : fs::directory_iterator(folder, none)) {
        if (entry.path().extension() == ".a") {
          fs::copy_file(entry.path(), to / entry.path().filename(),
                        fs::copy_options::skip_existing);
        }
      }
    }
  }
  void append(const fs::path& file, const std::string& text) const {
    std::ofstream(folder_ / "sources" / file, std::ios::app) << text;
  }
  template <class Error>
  std::string error_of(const UnitShape& shape) {
    try {
      build_unit_library(shape, {}, paths_);
    } catch (const Error& problem) {
      return problem.what();
    }
    return "no error";
  }
  /// A library of which a part is missing or wrong would kill the process that loads it.
  void expect_damage_is_found(const fs::path& library) const {
    const fs::path whole = folder_ / "whole.so";
    fs::rename(library, whole);
    const std::uintmax_t size = fs::file_size(whole);
    for (const std::uintmax_t at : {std::uintmax_t{100}, size / 2, size - 1}) {
      fs::copy_file(whole, library, fs::copy_options::overwrite_existing);
      std::fstream file(library, std::ios::in | std::ios::out | std::ios::binary);
      file.seekg(static_cast<std::streamoff>(at));
      const char byte = static_cast<char>(file.get() ^ 1);
      file.seekp(static_cast<std::streamoff>(at));
      file.put(byte);
      file.close();
      EXPECT_EQ(find_unit_library(kTiny, paths_), std::nullopt) << "byte " << at;
    }
    for (const std::uintmax_t length : {std::uintmax_t{0}, std::uintmax_t{40}, std::uintmax_t{64},
                                        std::uintmax_t{4096}, size / 2, size - 1}) {
      fs::copy_file(whole, library, fs::copy_options::overwrite_existing);
      fs::resize_file(library, length);
      EXPECT_EQ(find_unit_library(kTiny, paths_), std::nullopt) << length << " bytes";
      EXPECT_FALSE(list_unit_libraries(paths_).at(0).current);
    }
    for (const auto& entry : fs::directory_iterator(paths_.cache)) {
      if (entry.path().extension() == ".a") {
        fs::resize_file(entry.path(), 100);  // Verilator's runtime heals, too
      }
    }
    std::vector<std::string> steps;
    const auto note = [&steps](std::string_view step) { steps.emplace_back(step); };
    const fs::path again = build_unit_library(kTiny, note, paths_);
    EXPECT_EQ(steps.at(0), "compiling Verilator's runtime, once");
    EXPECT_EQ(find_unit_library(kTiny, paths_), again);
    EXPECT_EQ(list_unit_libraries(paths_).size(), 1U) << "the cut one is gone";
    fs::rename(whole, library);
    fs::remove(again == library ? fs::path() : again);
  }
  std::vector<std::string> files_in_cache() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(paths_.cache)) {
      names.push_back(entry.path().extension().string());
    }
    std::sort(names.begin(), names.end());
    return names;
  }

  fs::path folder_;
  UnitLibraryPaths paths_;
};

TEST_F(UnitLibrary, IsBuiltOnceAndThenFound) {
  copy_runtime(paths_.cache);
  EXPECT_EQ(find_unit_library(kTiny, paths_), std::nullopt);
  std::vector<std::string> steps;
  const auto note = [&steps](std::string_view step) { steps.emplace_back(step); };
  const fs::path library = build_unit_library(kTiny, note, paths_);
  EXPECT_EQ(steps.size(), 2U);
  EXPECT_EQ(steps.at(0).substr(0, 27), "translating the RTL of 1x2 ");
  EXPECT_EQ(steps.at(1), "compiling the RTL of 1x2");
  EXPECT_EQ(find_unit_library(kTiny, paths_), library);
  EXPECT_EQ(build_unit_library(kTiny, note, paths_), library);
  EXPECT_EQ(steps.size(), 2U) << "built again";
  EXPECT_NE(make_verilated_unit(library, kTiny), nullptr);
  EXPECT_NE(make_verilated_vector_unit(library, kTiny), nullptr);
  expect_damage_is_found(library);
  std::vector<std::string> files = files_in_cache();
  std::erase(files, ".a");  // of runtimes as many as lay where this one was copied from
  EXPECT_EQ(files, (std::vector<std::string>{".lock", ".lock", ".so"}))
      << "no work folder and no log stay";

  // The same file in the project's folder is preferred.
  fs::create_directories(paths_.build_time);
  fs::copy(library, paths_.build_time / library.filename());
  EXPECT_EQ(find_unit_library(kTiny, paths_), paths_.build_time / library.filename());

  const auto all = list_unit_libraries(paths_);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].shape, kTiny);
  EXPECT_TRUE(all[0].current);

  // A change to any source makes another key.
  copy_sources();
  EXPECT_NE(find_unit_library(kTiny, paths_), std::nullopt) << "a copy is the same";
  for (const char* file : {"hw/rtl/tpu_array.sv", "hw/rtl/tpu_vector_lane.sv",
                           "sim/rtl/unit_shim.cpp", "sim/rtl/vector_shim.h", "sim/rtl/shim_model.h",
                           "sim/rtl/unit_abi.h", "hw/lint/verilator.vlt", "sim/unit/matrix_unit.h",
                           "hw/unit/pins.h", "hw/unit/vector_pins.h"}) {
    append(file, "\n");
    EXPECT_EQ(find_unit_library(kTiny, paths_), std::nullopt) << file;
    EXPECT_FALSE(list_unit_libraries(paths_).at(0).current);
    fs::copy_file(fs::path(SYSTOL_TEST_SOURCES) / file, folder_ / "sources" / file,
                  fs::copy_options::overwrite_existing);
  }
  EXPECT_NE(find_unit_library(kTiny, paths_), std::nullopt);

  // Loading it as something else.
  EXPECT_THROW(make_verilated_unit(library, {2, 1, 4}), EnvironmentError);
  EXPECT_THROW(make_verilated_vector_unit(library, {2, 1, 4}), EnvironmentError);
}

TEST_F(UnitLibrary, IsBuiltOnceByTwoProcessesAtATime) {
  // The second process waits for the first one's lock and finds the result. Verilator's runtime is
  // the one that came with the project.
  copy_runtime(paths_.build_time);
  std::vector<pid_t> children;
  for (int i = 0; i < 2; ++i) {
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      int translations = 0;
      const auto count = [&translations](std::string_view step) {
        translations += step.substr(0, 11) == "translating" ? 1 : 0;
      };
      try {
        build_unit_library(kTiny, count, paths_);
      } catch (const std::exception&) {
        _exit(99);
      }
      _exit(translations);
    }
    children.push_back(child);
  }
  int builds = 0;
  for (const pid_t child : children) {
    int status = 0;
    waitpid(child, &status, 0);
    builds += WEXITSTATUS(status);
  }
  EXPECT_EQ(builds, 1);
  EXPECT_EQ(std::ranges::count(files_in_cache(), ".a"), 0);
  EXPECT_NE(find_unit_library(kTiny, paths_), std::nullopt);
}

TEST_F(UnitLibrary, RefusesShapesOutOfBounds) {
  for (const UnitShape shape :
       {UnitShape{0, 1, 1}, UnitShape{1, 0, 1}, UnitShape{1, 1, 0}, UnitShape{1025, 1, 1},
        UnitShape{1, 1025, 1}, UnitShape{1, 1, 65537}}) {
    EXPECT_NE(error_of<InputError>(shape), "no error");
  }
  EXPECT_EQ(error_of<InputError>({2048, 16, 512}),
            "the RTL engine has arrays of 1x1 to 1024x1024 with 1 to 65536 accumulator rows, not "
            "2048x16 with 512: use the engine 'systemc' or 'fast' for it");
}

TEST_F(UnitLibrary, FailedBuildShowsTheEndOfItsLogAndKeepsIt) {
  copy_runtime(paths_.cache);
  copy_sources();
  append("hw/rtl/tpu_array.sv", "\nmodule broken(;\n");
  const std::string text = error_of<EnvironmentError>(kTiny);
  EXPECT_NE(text.find("verilator failed with status 1; the whole log is "), std::string::npos)
      << text;
  EXPECT_NE(text.find("syntax error"), std::string::npos) << text;
  const std::vector<std::string> files = files_in_cache();
  // Other runtimes may lie where this one was copied from.
  EXPECT_EQ(std::set<std::string>(files.begin(), files.end()),
            (std::set<std::string>{".a", ".lock", ".log"}))
      << "no library and no work folder stay";
  EXPECT_EQ(std::ranges::count(files, ".lock"), 2);
  EXPECT_EQ(std::ranges::count(files, ".log"), 1);
}

TEST_F(UnitLibrary, SaysWhatToInstallWithoutVerilator) {
  // PATH is this test's own: ctest gives every test its own process.
  setenv("PATH", folder_.c_str(), 1);
  EXPECT_EQ(error_of<EnvironmentError>(kTiny),
            "building the RTL of a new array size needs 'verilator': install the package "
            "'verilator', or use the engine 'systemc'");
}

TEST_F(UnitLibrary, SaysWhatToInstallWithoutACompiler) {
  // A PATH with Verilator and perl, which it is written in, but no g++.
  for (const char* tool : {"verilator", "verilator_bin", "perl", "env"}) {
    fs::create_symlink(fs::path("/usr/bin") / tool, folder_ / tool);
  }
  setenv("PATH", folder_.c_str(), 1);
  EXPECT_EQ(error_of<EnvironmentError>(kTiny),
            "building the RTL of a new array size needs 'g++': install the package 'g++', or use "
            "the engine 'systemc'");
}

TEST_F(UnitLibrary, NamesTheCacheThatIsFull) {
  // A compiler that meets a full disk.
  for (const char* tool : {"verilator", "verilator_bin", "perl", "env"}) {
    fs::create_symlink(fs::path("/usr/bin") / tool, folder_ / tool);
  }
  std::ofstream(folder_ / "g++")
      << "#!/bin/sh\necho 'fatal error: error writing: No space left on device'\nexit 1\n";
  fs::permissions(folder_ / "g++", fs::perms::owner_all);
  setenv("PATH", folder_.c_str(), 1);
  EXPECT_EQ(error_of<EnvironmentError>(kTiny),
            "no space left in the cache " + paths_.cache.string() +
                ": free some, or set SYSTOL_CACHE to another folder");
}

TEST_F(UnitLibrary, NamesTheCacheThatCannotBeWritten) {
  std::ofstream(folder_ / "cache") << "a file, not a folder";
  const std::string text = error_of<EnvironmentError>(kTiny);
  EXPECT_NE(text.find("cannot use the cache " + (folder_ / "cache").string()), std::string::npos)
      << text;
}

TEST_F(UnitLibrary, NamesTheSourceThatIsNotThere) {
  paths_.sources = folder_;
  const std::string text = error_of<EnvironmentError>(kTiny);
  EXPECT_NE(text.find("cannot read " + (folder_ / "hw/rtl/tpu_pkg.sv").string()), std::string::npos)
      << text;
}

TEST_F(UnitLibrary, SomethingElseIsNotLoaded) {
  std::ofstream(folder_ / "not.so") << "text";
  EXPECT_THROW(make_verilated_unit(folder_ / "not.so", kTiny), EnvironmentError);
  EXPECT_THROW(make_verilated_unit("libdl.so.2", kTiny), EnvironmentError);
}

}  // namespace
}  // namespace systol::test
