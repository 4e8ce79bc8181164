#include "host/training_page/training_page.h"

#include <gtest/gtest.h>

#include "host/training_page/runs_beside.h"
#include "sim/base/error.h"
#include "tests/host/page_content.h"
#include "tests/sim/config/temp_files.h"

namespace systol::test {
namespace {

TrainingRun run_of(double rate, std::size_t steps) {
  TrainingRun run;
  run.settings.schedule.rate = rate;
  run.steps_per_epoch = 500;
  for (std::size_t i = 0; i < steps; ++i) {
    run.history.steps.push_back({static_cast<double>(i + 1), 10, 5, 0.1F});
  }
  return run;
}

/// The second rate diverged after 500 steps.
TrainingReport two_rates() {
  TrainingReport report{"net", "systol train", "numbers", 5000, 100, true, 7, {}, {}};
  report.runs = {run_of(0.1, 1000), run_of(10, 500)};
  report.runs[0].history.tests = {{0.7, 100, 60}, {0.6, 100, 80}};
  report.runs[1].diverged = "net: step 501: <the loss> is infinite";
  return report;
}

TEST(TrainingPage, HasTheMeanLossOfStepsThatFollowEachOther) {
  const nlohmann::ordered_json content = page_content(training_page(two_rates()));
  // 1000 steps in at most 400 points are 3 for each: 333 of them and one of a single step
  EXPECT_EQ(page_value(content, "steps", 0, "step"), 3);
  EXPECT_EQ(page_value(content, "steps", 0, "loss"), (1.0 + 2.0 + 3.0) / 3);
  EXPECT_EQ(page_value(content, "steps", 333, "step"), 1000);
  EXPECT_EQ(page_value(content, "steps", 333, "loss"), 1000.0);
  EXPECT_EQ(content["data"]["steps"]["rows"].size(), 334U + 250);
}

TEST(TrainingPage, HasEachRatesEpochsAndTests) {
  const nlohmann::ordered_json content = page_content(training_page(two_rates()));
  ASSERT_EQ(content["data"]["epochs"]["rows"].size(), 5U);
  EXPECT_EQ(page_value(content, "epochs", 0, "loss"), 250.5) << "the mean of 1 to 500";
  EXPECT_EQ(page_value(content, "epochs", 0, "accuracy"), 0.5);
  EXPECT_EQ(page_value(content, "epochs", 1, "samples"), "tests");
  EXPECT_EQ(page_value(content, "epochs", 3, "accuracy"), 0.8);
  EXPECT_EQ(page_value(content, "rates", 0, "test_accuracy"), 0.8);
}

TEST(TrainingPage, SaysWhichRateDivergedAndWhere) {
  const std::string html = training_page(two_rates());
  const nlohmann::ordered_json content = page_content(html);
  EXPECT_EQ(page_value(content, "rates", 0, "outcome"), "trained");
  EXPECT_EQ(page_value(content, "rates", 1, "outcome"), "diverged in step 501");
  EXPECT_NE(html.find("10: net: step 501: &lt;the loss&gt; is infinite"), std::string::npos);
  EXPECT_EQ(content["data"]["ends"]["rows"].size(), 1U);
  EXPECT_EQ(page_value(content, "ends", 0, "step"), 500);
  EXPECT_EQ(page_value(content, "ends", 0, "loss"), 10.0) << "ten times the first loss, not 500";
}

TEST(TrainingPage, OfARateThatDivergedInItsFirstStepIsARowWithoutNumbers) {
  TrainingReport report = two_rates();
  report.runs[1].history = {};
  const nlohmann::ordered_json content = page_content(training_page(report));
  EXPECT_EQ(page_value(content, "rates", 1, "loss"), nullptr);
  EXPECT_EQ(page_value(content, "rates", 1, "steps"), 0);
  EXPECT_EQ(content["data"]["ends"]["rows"].size(), 0U);
}

TEST(TrainingPage, HasAnotherTrainingBesideIt) {
  TrainingReport first = two_rates();
  first.runs.pop_back();
  first.label = "products";
  first.runs[0].weights = {{"w", -1, 1, {1, 3}, 0.25, 0.5, 3.0}};
  const nlohmann::json written = nlohmann::json::parse(report_json(first));
  TrainingReport second = two_rates();
  second.label = "distances";
  const nlohmann::ordered_json content =
      page_content(training_page(second, shown_runs(written, "first.json", true)));
  EXPECT_EQ(page_value(content, "rates", 0, "run"), "distances, 0.1");
  EXPECT_EQ(page_value(content, "rates", 1, "run"), "distances, 10");
  EXPECT_EQ(page_value(content, "rates", 2, "run"), "products");
  EXPECT_EQ(page_value(content, "rates", 2, "test_accuracy"), 0.8);
  EXPECT_EQ(page_value(content, "epochs", 5, "run"), "products");
  EXPECT_EQ(page_value(content, "weights", 0, "run"), "products");
  EXPECT_EQ(page_value(content, "weights", 1, "density"), 0.75) << "3 of 4 in a bin of width 1";
  // 0.25 from the mean, with a deviation of 0.5
  EXPECT_NEAR(page_value(content, "weights", 1, "normal").get<double>(), 0.704131, 1e-6);
  EXPECT_NEAR(page_value(content, "weights", 1, "Laplace").get<double>(), 0.697304, 1e-6);
}

/// What check_lines says of a training that is called "net", beside those of another's JSON.
std::string lines_error(const TrainingReport& beside, const std::vector<double>& rates) {
  try {
    check_lines(shown_runs(nlohmann::json::parse(report_json(beside)), "first.json", true), "net",
                rates);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(TrainingPage, RefusesTrainingsThatShareALine) {
  TrainingReport one = two_rates();
  one.runs.pop_back();
  // Lines of both files: "net, 0.1" and "net, 10"; of one run: "net".
  EXPECT_EQ(lines_error(two_rates(), {0.1, 0.2}),
            "--beside: two trainings are called 'net, 0.1'; give one another name with --label");
  EXPECT_EQ(lines_error(one, {0.3}),
            "--beside: two trainings are called 'net'; give one another name with --label");
  EXPECT_EQ(lines_error(one, {0.1, 10}), "") << "'net, 0.1' and 'net, 10' beside 'net'";
  EXPECT_EQ(lines_error(two_rates(), {0.1}), "");
  EXPECT_EQ(lines_error(two_rates(), {0.2, 0.3}), "");
  TrainingReport named = one;
  named.label = "net, 0.1";
  EXPECT_EQ(lines_error(named, {0.1, 10}),
            "--beside: two trainings are called 'net, 0.1'; give one another name with --label");
}

TEST(TrainingPage, SaysWhatIsWrongInAnotherTrainingsFile) {
  nlohmann::json written = nlohmann::json::parse(report_json(two_rates()));
  written["runs"][1]["step_losses"][2] = "1";
  try {
    shown_runs(written, "first.json", true);
    FAIL();
  } catch (const InputError& error) {
    EXPECT_STREQ(error.what(),
                 "first.json: runs[1]: step_losses[2]: found \"1\"; allowed: a number");
  }
}

TEST(TrainingPage, OfALongNameSaysHowMuchItLeavesOut) {
  TrainingReport named = two_rates();
  named.label = std::string(118, 'a') + "\u20AC" + std::string(1'000'000, 'b');
  const std::vector<ShownRun> runs =
      shown_runs(nlohmann::json::parse(report_json(named)), "long.json", true);
  EXPECT_EQ(runs[0].line, std::string(118, 'a') + "... (1000003 bytes more), " + runs[0].rate)
      << "no character is cut";
}

TEST(TrainingPage, SaysWhatIsNoJsonAndWhichNumbersAreTooLarge) {
  const TempFiles files;
  const auto error = [&](const std::string& text) {
    return files.error_of([&] { read_shown_runs(files.write("other.json", text)); });
  };
  const std::string allowed = "; allowed: a file that `systol train --json` wrote";
  EXPECT_EQ(error("{\"loss\": 1e999}"),
            "other.json: it has a number beyond 1.8e308, the largest of a double" + allowed);
  EXPECT_EQ(error("{\"loss\"}"), "other.json: it is no JSON from byte 8 on" + allowed);
}

}  // namespace
}  // namespace systol::test
