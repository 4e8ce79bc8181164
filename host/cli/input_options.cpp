#include "host/cli/input_options.h"

#include <algorithm>

#include "host/cli/option_text.h"
#include "host/import/sample_file.h"
#include "sim/base/error.h"

namespace systol {

void add_input_options(CLI::App& command, InputOptions& options) {
  command
      .add_option(
          "--input", options.file,
          "the samples: IDX, .npy, .npz (FILE:NAME for one of several arrays), a CSV table, a PNG, "
          "PGM, "
          "PPM or PBM picture, or a folder of pictures; docs/data.md says how each is read. "
          "Without it "
          "a "
          "seeded synthetic input is used.\n  --input "
          "configs/digits/t10k-1000-images.idx3-ubyte.gz\n"
          "  --input mnist.npz:x_test")
      ->type_name(kFileValue);
  command
      .add_option("--labels", options.labels,
                  "the samples' labels: IDX, .npy, .npz, or text with a number a line; prints the "
                  "accuracy.\n  --labels configs/digits/t10k-1000-labels.idx1-ubyte.gz")
      ->type_name(kFileValue);
  command.add_option("--limit", options.limit, "run only the first N samples.\n  --limit 100")
      ->check(CLI::Range(1U, 1'000'000U));
  command.add_option("--input-scale", options.scaling.scale,
                     "input = number * scale + offset. Without it, pixels (pictures and arrays of "
                     "uint8) are scaled "
                     "to the network's range, which is guessed where the model does not name it, "
                     "and other numbers "
                     "stay as they are; the report says which.\n  --input-scale 0.00392157");
  command.add_option("--input-offset", options.scaling.offset,
                     "see --input-scale.\n  --input-offset -1");
  command.add_option("--resize", options.resize,
                     "average the images down to HEIGHTxWIDTH first.\n  --resize 16x16");
  command
      .add_option(
          "--calibration", options.calibration,
          "how a float network's samples give the range of each tensor: minmax (default), all "
          "values; percentile, without the outermost; entropy, cut where 256 steps keep the "
          "most of the values' distribution.\n  --calibration entropy")
      ->check(CLI::IsMember(
          std::vector<std::string>(kCalibrationNames.begin(), kCalibrationNames.end())));
  command.add_option(
      "--percentile", options.percentile,
      "with --calibration percentile: how many of a hundred values stay, half of the "
      "rest left out at each end; default 99.99.\n  --percentile 99.9");
}

Calibration calibration_of(const InputOptions& options) {
  Calibration calibration;
  const auto* const name = std::ranges::find(kCalibrationNames, options.calibration);
  if (name != kCalibrationNames.end()) {
    calibration.method = static_cast<CalibrationMethod>(name - kCalibrationNames.begin());
  }
  if (options.percentile) {
    if (calibration.method != CalibrationMethod::Percentile) {
      throw InputError("--percentile needs --calibration percentile");
    }
    calibration.percentile = *options.percentile;
  }
  return calibration;
}

std::vector<FileOption> input_files(const InputOptions& options) {
  return {{"--input", file_place(options.file).path.string()},
          {"--labels", file_place(options.labels).path.string()}};
}

}  // namespace systol
