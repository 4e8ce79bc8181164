#include "host/import/idx.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "sim/base/error.h"

namespace systol {
namespace {

std::string path_of(const std::string& name) {
  return (std::filesystem::path(::testing::TempDir()) /
          (::testing::UnitTest::GetInstance()->current_test_info()->name() + name))
      .string();
}

std::string save(const std::string& bytes) {
  const std::string path = path_of(".idx");
  std::ofstream(path, std::ios::binary) << bytes;
  return path;
}

std::string zip(const std::string& bytes) {
  const std::string path = path_of(".gz");
  gzFile file = gzopen(path.c_str(), "wb");
  gzwrite(file, bytes.data(), static_cast<unsigned>(bytes.size()));
  gzclose(file);
  return path;
}

/// Two images of 2x3.
std::string two_images() {
  return std::string("\0\0\x08\x03\0\0\0\x02\0\0\0\x02\0\0\0\x03", 16) + "abcdefghijkl";
}

/// The message of the error, without the file's name.
std::string idx_error(const std::string& path) {
  try {
    read_idx_images(path);
  } catch (const InputError& error) {
    EXPECT_EQ(std::string(error.what()).rfind(path + ": ", 0), 0U);
    return std::string(error.what()).substr(path.size() + 2);
  }
  return "no error";
}

TEST(Idx, ReadsPlainImages) {
  const IdxImages images = read_idx_images(save(two_images()));
  EXPECT_EQ(images.count, 2U);
  EXPECT_EQ(images.height, 2U);
  EXPECT_EQ(images.width, 3U);
  EXPECT_EQ(images.pixels.front(), 'a');
  EXPECT_EQ(images.pixels.back(), 'l');
}

TEST(Idx, ReadsGzipByContent) { EXPECT_EQ(read_idx_images(zip(two_images())).pixels.size(), 12U); }

TEST(Idx, ReadsRowsAsImagesOfHeightOne) {
  const IdxImages images =
      read_idx_images(save(std::string("\0\0\x08\x02\0\0\0\x02\0\0\0\x03", 12) + "abcdef"));
  EXPECT_EQ(images.height, 1U);
  EXPECT_EQ(images.width, 3U);
}

TEST(Idx, ReadsLabels) {
  EXPECT_EQ(read_idx_labels(save(std::string("\0\0\x08\x01\0\0\0\x03\1\2\3", 11))),
            (std::vector<std::uint8_t>{1, 2, 3}));
}

TEST(Idx, ReadsTheDigitsOfTheProject) {
  const std::filesystem::path digits = std::filesystem::path(SYSTOL_SOURCE_DIR) / "configs/digits";
  const IdxImages images = read_idx_images(digits / "t10k-1000-images.idx3-ubyte.gz");
  const auto labels = read_idx_labels(digits / "t10k-1000-labels.idx1-ubyte.gz");
  EXPECT_EQ(images.count, 1000U);
  EXPECT_EQ(images.height, 28U);
  EXPECT_EQ(images.width, 28U);
  EXPECT_NO_THROW(check_labels(images, labels, "labels"));
  EXPECT_EQ(labels.front(), 7);
}

TEST(Idx, RefusesWhatIsNoFile) {
  EXPECT_EQ(idx_error("/nowhere/images"), "no such file");
  EXPECT_EQ(idx_error("/tmp"), "is a directory, expected a file");
  EXPECT_EQ(idx_error("/dev/zero"), "not a file");
}

TEST(Idx, RefusesAForeignFile) {
  EXPECT_EQ(idx_error(save("GIF89a")), "not an IDX file (it must begin with two zero bytes)");
  EXPECT_EQ(idx_error(save("")), "not an IDX file (it must begin with two zero bytes)");
}

TEST(Idx, RefusesAnotherType) {
  EXPECT_EQ(idx_error(save(std::string("\0\0\x0D\x03", 4))),
            "its IDX type is 0x0d; unsigned bytes (0x08) are supported");
}

TEST(Idx, RefusesAnotherNumberOfDimensions) {
  const std::string labels = save(std::string("\0\0\x08\x01\0\0\0\x01\1", 9));
  EXPECT_EQ(idx_error(labels), "it has 1 dimensions; images have two or three");
  const std::string images = save(two_images());
  try {
    read_idx_labels(images);
    FAIL();
  } catch (const InputError& error) {
    EXPECT_EQ(error.what(), images + ": it has 3 dimensions; labels have one");
  }
}

TEST(Idx, RefusesATruncatedHeaderAndBody) {
  EXPECT_EQ(idx_error(save(two_images().substr(0, 14))), "the IDX header is cut short");
  EXPECT_EQ(idx_error(save(two_images().substr(0, 20))),
            "the IDX header asks for 12 bytes, but only 4 follow");
}

TEST(Idx, RefusesTrailingBytes) {
  EXPECT_EQ(idx_error(save(two_images() + "m")),
            "the IDX header asks for 12 bytes, but more follow");
}

TEST(Idx, RefusesDimensionsThatLie) {
  EXPECT_EQ(idx_error(save(std::string("\0\0\x08\x02\0\0\0\0\0\0\0\x03", 12))),
            "an IDX dimension is 0 (0 x 3)");
  EXPECT_EQ(idx_error(save(std::string("\0\0\x08\x02\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 12))),
            "the IDX header asks for 4294967295 x 4294967295 bytes; at most 1 GiB is supported");
  EXPECT_EQ(idx_error(save(std::string("\0\0\x08\x02\0\0\x80\0\0\0\x80\0", 12))),
            "the IDX header asks for 1073741824 bytes, but only 0 follow");
}

TEST(Idx, RefusesDamagedGzip) {
  const std::string path = zip(two_images() + std::string(5000, 'm'));
  std::string bytes(std::filesystem::file_size(path), '\0');
  std::ifstream(path, std::ios::binary)
      .read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  EXPECT_EQ(idx_error(save(bytes.substr(0, 20))), "the gzip data are cut short");
  bytes[12] = static_cast<char>(bytes[12] ^ 0x7F);
  EXPECT_EQ(idx_error(save(bytes)), "the gzip data are damaged");
}

TEST(Idx, RefusesAWrongGzipChecksum) {
  const std::string path = zip(two_images());
  std::string bytes(std::filesystem::file_size(path), '\0');
  std::ifstream(path, std::ios::binary)
      .read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes[bytes.size() - 8] = static_cast<char>(bytes[bytes.size() - 8] ^ 1);
  EXPECT_EQ(idx_error(save(bytes)), "the gzip data are damaged");
}

TEST(Idx, RefusesLabelsOfAnotherCount) {
  const IdxImages images = read_idx_images(save(two_images()));
  try {
    check_labels(images, {1, 2, 3}, "labels.gz");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_STREQ(error.what(), "labels.gz: it holds 3 labels, but there are 2 images");
  }
}

}  // namespace
}  // namespace systol
