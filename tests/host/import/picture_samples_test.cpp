#include "host/import/picture_samples.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/host/import/png_writer.h"
#include "tests/sim/config/temp_files.h"

namespace systol::test {
namespace {

namespace fs = std::filesystem;

class PictureSamples : public ::testing::Test {
 protected:
  SampleFile folder(std::size_t most = 1000) const {
    return read_picture_folder(files_.path("d"), most);
  }
  std::string folder_error() const {
    return files_.error_of([&] { folder(); });
  }
  TempFiles files_;
};

TEST_F(PictureSamples, OneFileIsOneSample) {
  ByteSource grey(files_.write("p.pgm", "P2 3 2 9 0 1 2 3 4 5"));
  const SampleFile file = read_picture_sample(grey);
  EXPECT_EQ(file.count, 1U);
  EXPECT_EQ(file.shape, (Shape{2, 3}));
  EXPECT_EQ(file.values, (std::vector<float>{0, 1, 2, 3, 4, 5}));
  EXPECT_EQ(file.white, 9);
  EXPECT_EQ(file.how, "2x3");
  ByteSource colours(files_.write("p.png", png(1, {"\1\2\3"}, {PNG_COLOR_TYPE_RGB})));
  EXPECT_EQ(read_picture_sample(colours).shape, (Shape{1, 1, 3}));
  ByteSource alpha(files_.write("a.png", png(1, {"\1\2"}, {PNG_COLOR_TYPE_GRAY_ALPHA})));
  EXPECT_EQ(read_picture_sample(alpha).how, "1x1, what is transparent on black");
}

TEST_F(PictureSamples, AFolderIsInNaturalOrder) {
  files_.write("d/p10.pgm", "P2 1 1 9 3");
  files_.write("d/p9.PGM", "P2 1 1 9 2");
  files_.write("d/P1.pgm", "P2 1 1 9 1");
  files_.write("d/labels.csv", "1");
  fs::create_directory(files_.path("d/more.png"));
  const SampleFile file = folder();
  EXPECT_EQ(file.count, 3U);
  EXPECT_EQ(file.values, (std::vector<float>{1, 2, 3}));
  EXPECT_EQ(file.how,
            "3 pictures in the natural order of their names (2 other files passed over), 1x1");
}

TEST_F(PictureSamples, OfAFolderOnlyTheFirstAreRead) {
  files_.write("d/1.pgm", "P2 1 1 9 3");
  files_.write("d/2.pgm", "damaged");
  EXPECT_EQ(folder(1).count, 2U);
  EXPECT_EQ(folder(1).kept(), 1U);
  EXPECT_EQ(folder_error(), "d/2.pgm: not a PBM, PGM or PPM picture");
}

TEST_F(PictureSamples, OfAFolderAreAlike) {
  files_.write("d/a.pgm", "P2 1 1 255 3");
  files_.write("d/b.pgm", "P2 2 1 255 3 4");
  EXPECT_EQ(folder_error(),
            "d/b.pgm: it has 1x2 pixels 0..255; allowed: 1x1 pixels 0..255, as a.pgm has");
  files_.write("d/b.pgm", "P2 1 1 15 3");
  EXPECT_EQ(folder_error(),
            "d/b.pgm: it has 1x1 pixels 0..15; allowed: 1x1 pixels 0..255, as a.pgm has");
  files_.write("d/b.pgm", "P3 1 1 255 3 4 5");
  EXPECT_EQ(folder_error(),
            "d/b.pgm: it has 1x1x3 pixels 0..255; allowed: 1x1 pixels 0..255, as a.pgm has");
}

TEST_F(PictureSamples, AFolderWithoutAnyIsRefused) {
  files_.write("d/labels.csv", "1");
  EXPECT_EQ(folder_error(),
            "d: no pictures in this folder; allowed: files named .png, .pgm, .ppm, .pbm, .pnm");
  fs::remove_all(files_.path("d"));
  fs::create_directory(files_.path("d"));
  EXPECT_EQ(folder_error(),
            "d: no pictures in this folder; allowed: files named .png, .pgm, .ppm, .pbm, .pnm");
}

TEST_F(PictureSamples, AFolderThatCannotBeReadIsNamed) {
  EXPECT_EQ(folder_error(), "d: cannot be read: No such file or directory");
  fs::create_directory(files_.path("d"));
  fs::permissions(files_.path("d"), fs::perms::none);
  if (::geteuid() != 0) {  // who may read all folders
    EXPECT_EQ(folder_error(), "d: cannot be read: Permission denied");
  }
  fs::permissions(files_.path("d"), fs::perms::owner_all);
}

TEST(NaturalOrder, ComparesNumbersAsNumbers) {
  EXPECT_TRUE(natural_less("p2.png", "p10.png"));
  EXPECT_FALSE(natural_less("p10.png", "p2.png"));
  EXPECT_TRUE(natural_less("p002.png", "p10.png"));
  EXPECT_TRUE(natural_less("a", "b"));
  EXPECT_TRUE(natural_less("a", "ab"));
  EXPECT_TRUE(natural_less("1", "a"));
  EXPECT_TRUE(natural_less("a99999999999999999998", "a99999999999999999999"));
  EXPECT_TRUE(natural_less("a01", "a1")) << "the same numbers: byte by byte";
  EXPECT_FALSE(natural_less("a1", "a01"));
  EXPECT_FALSE(natural_less("a1", "a1"));
}

}  // namespace
}  // namespace systol::test
