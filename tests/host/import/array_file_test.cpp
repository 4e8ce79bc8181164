#include "host/import/array_file.h"

#include <gtest/gtest.h>

#include <limits>
#include <numeric>

#include "tests/host/import/file_bytes.h"

namespace systol::test {
namespace {

const ArrayHeader kTwoByThree{"IDX", {NumberType::Uint8, true}, {2, 3}};

std::vector<float> floats(const std::string& body, const ArrayHeader& header,
                          std::size_t kept = 1000) {
  TextReader reader(body);
  return read_floats(reader, header, kept);
}

std::string array_error(const std::string& body, const ArrayHeader& header) {
  return input_error([&] { floats(body, header); });
}

TEST(ArrayFile, GivesItsNumbersInOrder) {
  EXPECT_EQ(floats("\1\2\3\4\5\6", kTwoByThree), (std::vector<float>{1, 2, 3, 4, 5, 6}));
  TextReader reader("\1\2\3\4\5\6");
  EXPECT_EQ(read_numbers(reader, kTwoByThree, 1000), (std::vector<double>{1, 2, 3, 4, 5, 6}));
}

TEST(ArrayFile, KeepsTheFirstAndReadsAll) {
  EXPECT_EQ(floats("\1\2\3\4\5\6", kTwoByThree, 3), (std::vector<float>{1, 2, 3}));
  EXPECT_EQ(input_error([] { floats("\1\2\3\4\5", kTwoByThree, 3); }),
            "f: the IDX header asks for 6 bytes, but only 5 follow");
}

TEST(ArrayFile, IsReadInPieces) {
  std::vector<std::uint16_t> numbers(200'001);
  std::iota(numbers.begin(), numbers.end(), std::uint16_t{0});
  const ArrayHeader header{".npy", {NumberType::Uint16, false}, {200'001}};
  EXPECT_EQ(floats(bytes_of_numbers(numbers), header, 200'001),
            std::vector<float>(numbers.begin(), numbers.end()));
  EXPECT_EQ(floats(bytes_of_numbers(numbers), header, 65'537).size(), 65'537U);
}

TEST(ArrayFile, HasExactlyWhatItsHeaderSays) {
  EXPECT_EQ(array_error("12345", kTwoByThree),
            "f: the IDX header asks for 6 bytes, but only 5 follow");
  EXPECT_EQ(array_error("1234567", kTwoByThree),
            "f: the IDX header asks for 6 bytes, but more follow");
  const ArrayHeader huge{".npy", {NumberType::Float64, false}, {1'000'000'000, 1'000}};
  EXPECT_EQ(array_error("", huge),
            "f: the .npy header asks for 8000000000000 bytes, but only 0 follow")
      << "without any memory for them";
}

TEST(ArrayFile, HasNumbersThatFloat32CanHold) {
  const ArrayHeader header{".npy", {NumberType::Float64, false}, {2, 2}};
  const double infinite = std::numeric_limits<double>::infinity();
  const double nothing = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(array_error(bytes_of_numbers<double>({1, 2, 1e300, 4}), header),
            "f: 1e+300 at [1, 0]; allowed: finite numbers that float32 can hold");
  EXPECT_EQ(array_error(bytes_of_numbers<double>({1, infinite, 3, 4}), header),
            "f: inf at [0, 1]; allowed: finite numbers that float32 can hold");
  EXPECT_EQ(array_error(bytes_of_numbers<double>({1, 2, 3, nothing}), header),
            "f: nan at [1, 1]; allowed: finite numbers that float32 can hold");
  EXPECT_EQ(floats(bytes_of_numbers<double>({0.1, -3.4e38, 1e-300, 0}), header),
            (std::vector<float>{0.1F, -3.4e38F, 0, 0}));
}

}  // namespace
}  // namespace systol::test
