// `--input` and `--labels` in every format: the same samples give the same outputs.
#include <sys/stat.h>

#include <thread>

#include "tests/host/import/file_bytes.h"
#include "tests/host/import/png_writer.h"
#include "tests/system/program.h"

namespace systol::test {
namespace {

/// Three images of 2 x 2 for a network that takes them in [0, 1].
class DataIn : public ProgramTest {
 protected:
  DataIn() {
    write_array();
    folder_.write("net.yaml",
                  "name: net\n"
                  "input: {shape: [2, 2], range: [0, 1]}\n"
                  "seed: 3\n"
                  "layers:\n"
                  "  - flatten: {}\n"
                  "  - dense: {units: 6, activation: relu}\n"
                  "  - dense: {units: 3}\n");
  }

  std::vector<std::string> run(const std::string& input, std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments{"run",     "net.yaml", "-c",        "array.yaml",
                                       "--input", input,      "--outputs", "o.csv"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }
  /// The outputs of a run with this input, whose report says so much of it.
  std::string outputs(const std::string& input, const std::string& said,
                      const std::vector<std::string>& more = {}) const {
    std::filesystem::remove(folder_.path("o.csv"));
    const Ended ended = systol(run(input, more));
    EXPECT_EQ(ended.status, kOk) << ended.err;
    EXPECT_TRUE(has_line(ended.out, "3 samples in batches of 3: " + said)) << ended.out;
    return content("o.csv");
  }
  std::string refusal(const std::string& input, const std::vector<std::string>& more = {}) const {
    const Ended ended = systol(run(input, more));
    EXPECT_EQ(ended.status, kWrongInput) << ended.out;
    EXPECT_EQ(ended.out, "");
    EXPECT_FALSE(std::filesystem::exists(folder_.path("o.csv")));
    return ended.err;
  }
  static std::string said(const std::string& message) { return "systol: error: " + message + "\n"; }

  static std::string pixels() {
    return std::string("\0\x33\x66\x99\xCC\xFF\x01\x02\x03\x04\x05\x06", 12);
  }
  /// The same in [0, 1].
  static std::string fractions() {
    std::vector<float> values;
    for (const char pixel : pixels()) {
      values.push_back(static_cast<float>(static_cast<std::uint8_t>(pixel)) * (1 / 255.0F));
    }
    return bytes_of_numbers(values);
  }
  static std::string table(char separator, const std::string& end) {
    std::string text;
    for (std::size_t i = 0; i < pixels().size(); ++i) {
      text += std::to_string(static_cast<std::uint8_t>(pixels()[i])) +
              (i % 4 == 3 ? end : std::string(1, separator));
    }
    return text;
  }
};

const std::string kScaled = "pixels 0..255 scaled to the network's range [0, 1]";

TEST_F(DataIn, PixelsAreTheSameInEveryFormat) {
  folder_.write("i.idx", idx(8, {3, 2, 2}, pixels()));
  const std::string expected = outputs("i.idx", "i.idx, 2x2, " + kScaled);
  folder_.write("i.npy", npy("|u1", "(3, 2, 2)", pixels()));
  EXPECT_EQ(outputs("i.npy", "i.npy, 2x2, " + kScaled), expected);
  folder_.write("i.npz", zip({{"x.npy", npy("|u1", "(3, 2, 2)", pixels()), true},
                              {"y.npy", npy("|u1", "(3,)", "abc")}}));
  EXPECT_EQ(outputs("i.npz:x", "i.npz:x, 2x2, " + kScaled), expected);
  for (int i = 0; i < 3; ++i) {
    const std::string image = pixels().substr(static_cast<std::size_t>(4 * i), 4);
    folder_.write("grey/" + std::to_string(i + 9) + ".png",
                  png(2, {image.substr(0, 2), image.substr(2)}));
    folder_.write("maps/" + std::to_string(i + 9) + ".pgm", "P5 2 2 255\n" + image);
  }
  const std::string folder = ", 3 pictures in the natural order of their names, 2x2, " + kScaled;
  EXPECT_EQ(outputs("grey", "grey" + folder), expected);
  EXPECT_EQ(outputs("maps/", "maps" + folder), expected);
}

TEST_F(DataIn, OtherNumbersAreTakenAsTheyAre) {
  folder_.write("i.idx", idx(8, {3, 2, 2}, pixels()));
  const std::string expected = outputs("i.idx", "i.idx, 2x2, " + kScaled);
  folder_.write("i.npy", npy("<f4", "(3, 4)", fractions()));
  EXPECT_EQ(outputs("i.npy", "i.npy, 4, taken as 2x2, values 0 to 1 as they are"), expected);
  folder_.write("c.csv", "a,b,c,d\n" + table(',', "\n"));
  EXPECT_EQ(outputs("c.csv",
                    "c.csv, 4 columns with a header, taken as 2x2, values 0 to 255 times "
                    "0.00392156862745098 plus 0, as asked",
                    {"--input-scale", "0.00392156862745098"}),
            expected);
  folder_.write("s.csv", "\xEF\xBB\xBF" + table(';', "\r\n"));
  EXPECT_EQ(outputs("s.csv",
                    "s.csv, 4 columns without a header, taken as 2x2, values 0 to 255 times "
                    "0.00392156862745098 plus 0, as asked",
                    {"--input-scale", "0.00392156862745098"}),
            expected);
}

TEST_F(DataIn, TheJsonSaysWhatTheNumbersWereTakenFor) {
  folder_.write("t.csv", "0.5,0,0,2\n");
  ASSERT_EQ(systol(run("t.csv", {"--json", "r.json"})).status, kOk);
  EXPECT_EQ(json("r.json")["input"],
            "t.csv, 4 columns without a header, taken as 2x2, values 0 to 2 as they are, outside "
            "the network's range "
            "[0, 1]");
}

TEST_F(DataIn, APipeIsReadOnce) {
  const std::string pipe = folder_.path("pipe").string();
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  for (const std::string& bytes : {std::string("0.5,0,0,1\n"), idx(8, {1, 2, 2}, "abcd"),
                                   zip({{"x.npy", npy("|u1", "(1, 4)", "abcd")}})}) {
    std::thread writer([&] { std::ofstream(pipe) << bytes; });
    const Ended ended =
        systol({"compare", "net.yaml", "4x2", "-c", "array.yaml", "--input", "pipe"});
    writer.join();
    EXPECT_EQ(ended.status, kOk) << ended.err;
  }
}

TEST_F(DataIn, LabelsAreTheSameInEveryFormat) {
  folder_.write("i.idx", idx(8, {3, 2, 2}, pixels()));
  folder_.write("l.idx", idx(8, {3}, std::string("\0\2\1", 3)));
  folder_.write("l.npy", npy("<i8", "(3,)", little(0, 8) + little(2, 8) + little(1, 8)));
  folder_.write("l.csv", "label\n0\n2\n1\n");
  folder_.write("l.txt", "0\r\n2\r\n1\r\n");
  std::string expected;
  for (const std::string labels : {"l.idx", "l.npy", "l.csv", "l.txt"}) {
    ASSERT_EQ(systol(run("i.idx", {"--labels", labels, "--predictions", "p.csv"})).status, kOk);
    expected = expected.empty() ? content("p.csv") : expected;
    EXPECT_EQ(content("p.csv"), expected) << labels;
  }
  folder_.write("l.txt", "0\nx\n1\n");
  EXPECT_EQ(systol(run("i.idx", {"--labels", "l.txt"})),
            error(kWrongInput, "l.txt:2:1: found 'x', allowed: a label: a whole number from 0 on"));
}

TEST_F(DataIn, ATableOfAnotherWidthIsRefused) {
  folder_.write("t.csv", "a,b,c\n1,2,3\n");
  EXPECT_EQ(refusal("t.csv"), said("t.csv: it has 3 values a sample, but 'net' takes 2x2 inputs"));
  folder_.write("t.csv", "1,2,3,4\n5,6,7\n");
  EXPECT_EQ(refusal("t.csv"), said("t.csv:2: found 3 columns, allowed: 4, as the first line has"));
  folder_.write("t.csv", "1,2,3,4\n5,6,x,8\n");
  EXPECT_EQ(refusal("t.csv"),
            said("t.csv:2:5: found 'x', allowed: a number, written with a point"));
  folder_.write("t.csv", "");
  EXPECT_EQ(refusal("t.csv"), said("t.csv: the file is empty"));
}

TEST_F(DataIn, ArraysThatAreNoneAreRefused) {
  folder_.write("a.npy", npy("|O", "(1, 4)", ""));
  EXPECT_EQ(refusal("a.npy"),
            said("a.npy: its dtype is '|O' (Python objects); allowed: bool, int8 to "
                 "int64, uint8 to uint64, float16 to float64"));
  folder_.write("a.npy", npy("<f4", "(3, 4)", fractions()).substr(0, 100));
  EXPECT_EQ(refusal("a.npy"), said("a.npy: the .npy header asks for 48 bytes, but only 28 follow"));
  folder_.write("a.npy", npy("<f4", "(1000000000, 1000000000)", fractions()));
  EXPECT_EQ(refusal("a.npy"),
            said("a.npy: the .npy header asks for 1000000000 x 1000000000 numbers, "
                 "more than a file can have"));
  folder_.write("a.npy", npy("<f4", "(100000000, 4)", fractions()));
  EXPECT_EQ(refusal("a.npy"),
            said("a.npy: the .npy header asks for 1600000000 bytes, but only 48 follow"));
  folder_.write("a.npz", zip({{"x.npy", ""}, {"y.npy", ""}}));
  EXPECT_EQ(
      refusal("a.npz"),
      said("a.npz: it has several arrays; its arrays are x, y; allowed: one of them, as a.npz:x"));
}

TEST_F(DataIn, PicturesThatAreNoneAreRefused) {
  std::string damaged = png(2, {"ab", "cd"});
  damaged[45] = static_cast<char>(damaged[45] ^ 1);
  folder_.write("p.png", damaged);
  EXPECT_EQ(refusal("p.png").rfind("systol: error: p.png: the PNG is damaged (", 0), 0U);
  folder_.write("p.pgm", "P5 60000 60000 255\n");
  EXPECT_EQ(refusal("p.pgm"),
            said("p.pgm: the picture is 60000x60000; allowed: 1 to 16777216 pixels"));
  std::filesystem::create_directory(folder_.path("d"));
  EXPECT_EQ(refusal("d"),
            said("d: no pictures in this folder; allowed: files named .png, .pgm, .ppm, "
                 ".pbm, .pnm"));
}

TEST_F(DataIn, ResizeAndScaleGoTogetherWithPictures) {
  folder_.write(
      "p.ppm", "P3 4 4 255\n" + [] {
        std::string text;
        for (int i = 0; i < 48; ++i) {
          text += std::to_string(i) + " ";
        }
        return text;
      }());
  const Ended ended = systol(run("p.ppm", {"--resize", "2x2", "--input-scale", "0.01"}));
  EXPECT_EQ(ended.status, kOk) << ended.err;
  EXPECT_TRUE(
      has_line(ended.out,
               "1 sample in batches of 1: p.ppm, 4x4x3 resized to 2x2 made grey (0.299 red + "
               "0.587 green + 0.114 blue), pixels 0..255 scaled to [0, 2.55], as asked"))
      << ended.out;
}

}  // namespace
}  // namespace systol::test
