// Files that live as long as a test, and the errors that reading them gives.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

#include "sim/base/error.h"

namespace systol {

/// A directory of its own, removed at the end.
class TempFiles {
 public:
  TempFiles() {
    std::string pattern = (std::filesystem::path(::testing::TempDir()) / "systol-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) {
      throw std::runtime_error("cannot make a directory for test files");
    }
    directory_ = pattern;
  }
  ~TempFiles() { std::filesystem::remove_all(directory_); }
  TempFiles(const TempFiles&) = delete;
  TempFiles& operator=(const TempFiles&) = delete;

  std::filesystem::path path(const std::string& name) const { return directory_ / name; }

  std::filesystem::path write(const std::string& name, std::string_view text) const {
    std::filesystem::create_directories(path(name).parent_path());
    std::ofstream(path(name), std::ios::binary) << text;
    return path(name);
  }

  /// The InputError that `action` throws, with this directory cut out of it.
  template <class Action>
  std::string error_of(Action action) const {
    try {
      action();
    } catch (const InputError& error) {
      std::string text = error.what();
      const std::string prefix = directory_.string() + "/";
      for (std::size_t at = text.find(prefix); at != std::string::npos; at = text.find(prefix)) {
        text.erase(at, prefix.size());
      }
      return text;
    }
    return "no error";
  }

 private:
  std::filesystem::path directory_;
};

}  // namespace systol
