// When each command ran: as a Chrome trace and in the JSON.
#include <map>

#include "tests/system/program.h"

namespace systol::test {
namespace {

class Timeline : public ProgramTest {
 protected:
  Timeline() {
    write_array();
    write_workload();
    const Ended ended =
        systol({"run", "net.yaml", "-c", "array.yaml", "--engine", "systemc", "--limit", "9",
                "--json", "r.json", "--json-commands", "--timeline", "t.json"});
    EXPECT_EQ(ended.status, kOk) << ended.err;
    report_ = json("r.json");
    events_ = json("t.json")["traceEvents"];
  }

  /// The track with this name.
  int track(const std::string& name) const {
    for (const auto& event : events_) {
      if (event["ph"] == "M" && event["name"] == "thread_name" && event["args"]["name"] == name) {
        return event["tid"];
      }
    }
    ADD_FAILURE() << "no track " << name;
    return -1;
  }
  /// The slices of a track, in order.
  std::vector<nlohmann::json> slices(int track) const {
    std::vector<nlohmann::json> found;
    for (const auto& event : events_) {
      if (event["ph"] == "X" && event["tid"] == track) {
        found.push_back(event);
      }
    }
    return found;
  }

  nlohmann::json report_;
  nlohmann::json events_;
};

TEST_F(Timeline, TheJsonHasTheCyclesOfEveryCommandInProgramOrder) {
  const nlohmann::json& times = report_["command_times"];
  std::map<std::string, std::uint64_t> counts;
  std::uint64_t last = 0;
  for (const auto& time : times) {
    const std::string text = time["command"];
    ++counts[text.substr(0, text.find(' '))];
    EXPECT_LT(time["start"], time["end"]) << text;
    last = std::max(last, time["end"].get<std::uint64_t>());
  }
  EXPECT_EQ(last, report_["cycles"]);
  for (const auto& [mnemonic, count] : report_["commands"].items()) {
    EXPECT_EQ(counts[mnemonic], count) << mnemonic;
  }
}

TEST_F(Timeline, TheTraceHasASliceForEveryCommandWithTheSameCycles) {
  std::map<int, nlohmann::json> by_number;
  for (const std::string unit : {"weights", "load", "store", "matrix", "activate", "vector"}) {
    std::uint64_t free = 0;
    for (const auto& slice : slices(track(unit))) {
      EXPECT_GE(slice["ts"], free) << "slices of a track do not overlap";
      free = slice["ts"].get<std::uint64_t>() + slice["dur"].get<std::uint64_t>();
      by_number[slice["args"]["command"]] = slice;
    }
  }
  const nlohmann::json& times = report_["command_times"];
  ASSERT_EQ(by_number.size(), times.size());
  for (std::size_t i = 0; i < times.size(); ++i) {
    const nlohmann::json& slice = by_number[static_cast<int>(i)];
    EXPECT_EQ(slice["args"]["start"], times[i]["start"]);
    EXPECT_EQ(slice["args"]["end"], times[i]["end"]);
    EXPECT_EQ(times[i]["command"].get<std::string>().rfind(slice["name"].get<std::string>(), 0),
              0U);
  }
}

TEST_F(Timeline, TheMatrixUnitsClassesCoverTheRunAndAddUpToTheLedger) {
  std::map<std::string, std::uint64_t> cycles;
  std::uint64_t at = 0;
  for (const auto& slice : slices(track("matrix unit's cycles"))) {
    EXPECT_EQ(slice["ts"], at) << "without a gap";
    at += slice["dur"].get<std::uint64_t>();
    cycles[slice["name"]] += slice["dur"].get<std::uint64_t>();
  }
  EXPECT_EQ(at, report_["cycles"]);
  for (const auto& [name, count] : report_["ledger"].items()) {
    EXPECT_EQ(cycles[name], count) << name;
  }
}

TEST_F(Timeline, EveryTokenIsAnArrowThatEndsWhereItsCommandStarts) {
  std::map<int, std::uint64_t> started;
  std::size_t arrows = 0;
  for (const auto& event : events_) {
    if (event["ph"] == "s") {
      started[event["id"]] = event["ts"];
    } else if (event["ph"] == "f") {
      ++arrows;
      ASSERT_TRUE(started.contains(event["id"]));
      EXPECT_LE(started[event["id"]], event["ts"]);
    }
  }
  EXPECT_EQ(arrows, started.size());
  std::size_t waits = 0;
  for (const auto& time : report_["command_times"]) {
    const std::string text = time["command"];
    const std::size_t wait = text.find(" wait=");
    if (wait != std::string::npos) {
      const std::string units = text.substr(wait, text.find(' ', wait + 1) - wait);
      waits += 1 + static_cast<std::size_t>(std::count(units.begin(), units.end(), ','));
    }
  }
  EXPECT_EQ(arrows, waits);
}

class TimelineOfDigits : public ProgramTest {
 protected:
  /// The trace and the report of three digits on a 16 x 16 array with 8 GB/s.
  std::pair<nlohmann::json, nlohmann::json> run(const std::vector<std::string>& more) const {
    std::vector<std::string> arguments{
        "run",     model("mnist_mlp"), "-c",         config("edge_16x16.yaml"),
        "--input", digits(),           "--limit",    "3",
        "--json",  "r.json",           "--timeline", "t.json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Ended ended = systol(arguments);
    EXPECT_EQ(ended.status, kOk) << ended.err;
    return {json("t.json")["traceEvents"], json("r.json")};
  }
  static std::vector<std::pair<double, double>> curve(const nlohmann::json& events,
                                                      const std::string& name) {
    std::vector<std::pair<double, double>> points;
    for (const auto& event : events) {
      if (event["ph"] == "C" && event["name"] == name) {
        points.emplace_back(event["ts"], event["args"].begin().value());
      }
    }
    return points;
  }
  /// The area under a curve, up to the cycle `end`, in its unit times cycles.
  static double area(const std::vector<std::pair<double, double>>& points, double end) {
    double sum = 0;
    for (std::size_t i = 0; i < points.size(); ++i) {
      sum += points[i].second *
             ((i + 1 < points.size() ? points[i + 1].first : end) - points[i].first);
    }
    return sum;
  }
};

TEST_F(TimelineOfDigits, NoWindowMovesMoreThanTheMemoryCanAndAllBytesAreThere) {
  for (const std::string engine : {"fast", "systemc"}) {
    const auto [events, report] = run({"--engine", engine});
    const auto traffic = curve(events, "traffic of dram");
    ASSERT_GT(traffic.size(), 500U);
    for (const auto& [at, rate] : traffic) {
      EXPECT_LE(rate, 8.0 * (1 + 1e-5)) << engine << ", cycle " << at;  // six digits are printed
    }
    const double bytes_per_unit = 1e9 / report["array"]["clock_hz"].get<double>();
    double bytes = 0;
    for (const auto& [name, count] : report["traffic"].items()) {
      if (name.starts_with("weights_") || name.starts_with("activations_")) {
        bytes += count.get<double>();
      }
    }
    EXPECT_NEAR(area(traffic, report["cycles"]) * bytes_per_unit / bytes, 1, 1e-5) << engine;
    const double joules = area(curve(events, "power"), report["cycles"]) * 1e-3 /
                          report["array"]["clock_hz"].get<double>();
    // Which bits a command changed only the whole run knows: its products are charged as those of a
    // run without data.
    const auto [no_events, no_data] = run({"--no-data"});
    const double expected = no_data["energy_pj"]["total"];
    EXPECT_NEAR(joules * 1e12 / expected, 1, 1e-4) << engine;
  }
}

TEST_F(TimelineOfDigits, AWindowIsPartOfTheWhole) {
  const auto [events, report] = run({"--timeline-from", "1000", "--timeline-to", "1200"});
  for (const auto& event : events) {
    if (event["ph"] == "C") {
      EXPECT_GE(event["ts"], 1000);
      EXPECT_LT(event["ts"], 1200);
    } else if (event["ph"] == "X") {
      EXPECT_LT(event["ts"], 1200);
      EXPECT_GT(event["ts"].get<int>() + event["dur"].get<int>(), 999);
    }
  }
  EXPECT_EQ(curve(events, "traffic of dram").size(), 200U);
}

TEST_F(TimelineOfDigits, IsCompressedWhereTheNameEndsInGz) {
  const Ended ended = systol({"run", model("mnist_mlp"), "-c", config("edge_16x16.yaml"), "--limit",
                              "3", "--input", digits(), "--timeline", "t.json.gz"});
  EXPECT_EQ(ended.status, kOk) << ended.err;
  EXPECT_EQ(content("t.json.gz").substr(0, 2), "\x1f\x8b");
}

TEST_F(TimelineOfDigits, AWindowNeedsATimelineAndCycles) {
  write_array();
  write_workload();
  EXPECT_EQ(systol({"run", "net.yaml", "-c", "array.yaml", "--timeline-from", "3"}),
            error(kWrongInput, "--timeline-from and --timeline-to need --timeline FILE"));
  EXPECT_EQ(systol({"run", "net.yaml", "-c", "array.yaml", "--timeline", "t.json",
                    "--timeline-from", "3", "--timeline-to", "3"}),
            error(kWrongInput, "--timeline-from 3 --timeline-to 3: the window is empty"));
}

}  // namespace
}  // namespace systol::test
