// The program under test, in a folder of its own: what it writes to both streams, how it ends and
// which files it leaves.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/sim/config/temp_files.h"

namespace systol::test {

struct Ended {
  int status = 0;   ///< exit status; 128 + the signal where one ended it
  std::string out;  ///< standard output
  std::string err;  ///< standard error
  bool operator==(const Ended&) const = default;
};
inline void PrintTo(const Ended& ended, std::ostream* out) {
  *out << "status " << ended.status << "\nstandard output:\n"
       << ended.out << "standard error:\n"
       << ended.err;
}

/// Exit statuses.
inline constexpr int kOk = 0;
inline constexpr int kWrongResult = 1;
inline constexpr int kWrongInput = 2;
inline constexpr int kWrongEnvironment = 3;

/// An error and nothing else.
inline Ended error(int status, const std::string& message) {
  return {status, "", "systol: error: " + message + "\n"};
}

class ProgramTest : public ::testing::Test {
 protected:
  struct Setting {
    std::vector<std::string> environment;  ///< "NAME=value", beside what all tests have
    std::string stdout_to;                 ///< a file instead of `out`
    std::uint64_t largest_file = 0;        ///< in bytes; 0 is no limit
    int signal = 0;                        ///< sent as soon as there is a file of this name:
    std::string signal_when_there_is;      ///< or one that begins with it, if it ends with a dot
  };

  /// Runs `systol` with these arguments, in the test's folder.
  Ended systol(const std::vector<std::string>& arguments, const Setting& setting) const;
  Ended systol(const std::vector<std::string>& arguments) const { return systol(arguments, {}); }

  /// Names of the files in the test's folder, hidden ones included, but no folders.
  std::vector<std::string> files() const;
  std::string content(const std::string& name) const;
  nlohmann::json json(const std::string& name) const {
    return nlohmann::json::parse(content(name));
  }

  /// Small files that many tests use. The array: 3 x 5 at 1 GHz, any memory request in one cycle.
  void write_array(const std::string& name = "array.yaml", const std::string& more = "") const;
  /// 7 values to 11, leaky ReLU, to 4, softmax.
  void write_workload(const std::string& name = "net.yaml") const;

  static std::string config(const std::string& name) {
    return std::string(SYSTOL_SOURCE_DIR) + "/configs/" + name;
  }
  static std::string model(const std::string& name) { return config("models/" + name + ".onnx"); }
  static std::string digits() { return config("digits/t10k-1000-images.idx3-ubyte.gz"); }
  static std::string labels() { return config("digits/t10k-1000-labels.idx1-ubyte.gz"); }

  TempFiles folder_;
};

/// A run's JSON without the bits of partial sums, which one engine estimates, and what follows from
/// them.
nlohmann::json without_estimates(nlohmann::json report);

/// Whether `text` has `line` as one of its lines.
bool has_line(const std::string& text, const std::string& line);

}  // namespace systol::test
