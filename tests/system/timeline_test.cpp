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
  for (const std::string unit : {"weights", "load", "store", "matrix", "activate"}) {
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

}  // namespace
}  // namespace systol::test
