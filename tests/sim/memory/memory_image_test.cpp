#include "sim/memory/memory_image.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <string>

#include "sim/base/error.h"

namespace systol {
namespace {

using isa::Space;

isa::Program program(std::uint64_t weights, std::uint64_t activations,
                     std::vector<isa::Segment> image = {}) {
  isa::Program program;
  program.space_bytes = {weights, activations};
  program.image = std::move(image);
  return program;
}

std::string error_of(const isa::Program& program) {
  try {
    MemoryImage image(program);
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

std::vector<std::uint8_t> bytes(const MemoryImage& image, Space space) {
  const auto all = image.space(space);
  return {all.begin(), all.end()};
}

TEST(MemoryImage, HoldsTheSegmentsAndZerosBetweenThem) {
  const MemoryImage image(program(
      6, 3, {{Space::Weights, 1, {1, 2}}, {Space::Activations, 2, {3}}, {Space::Weights, 5, {9}}}));
  EXPECT_EQ(bytes(image, Space::Weights), (std::vector<std::uint8_t>{0, 1, 2, 0, 0, 9}));
  EXPECT_EQ(bytes(image, Space::Activations), (std::vector<std::uint8_t>{0, 0, 3}));
}

TEST(MemoryImage, LaterSegmentsOverwriteEarlierOnes) {
  const MemoryImage image(
      program(4, 0, {{Space::Weights, 0, {1, 2, 3, 4}}, {Space::Weights, 1, {8, 9}}}));
  EXPECT_EQ(bytes(image, Space::Weights), (std::vector<std::uint8_t>{1, 8, 9, 4}));
}

TEST(MemoryImage, OfNothingIsEmpty) {
  const MemoryImage image;
  EXPECT_TRUE(image.space(Space::Weights).empty());
  EXPECT_TRUE(image.space(Space::Activations).empty());
  EXPECT_EQ(error_of(program(0, 0, {{Space::Weights, 0, {}}})), "no error");
}

TEST(MemoryImage, WritesGoToTheirSpace) {
  MemoryImage image(program(2, 2));
  image.space(Space::Activations)[1] = 7;
  EXPECT_EQ(bytes(image, Space::Weights), (std::vector<std::uint8_t>{0, 0}));
  EXPECT_EQ(bytes(image, Space::Activations), (std::vector<std::uint8_t>{0, 7}));
}

TEST(MemoryImage, ASegmentMayEndWithItsSpaceButNotBehindIt) {
  EXPECT_EQ(error_of(program(0, 4, {{Space::Activations, 2, {1, 2}}})), "no error");
  EXPECT_EQ(error_of(program(0, 4, {{Space::Activations, 3, {1, 2}}})),
            "the program's data at activations:0x3 ends outside the 4 bytes it declares for that "
            "space");
  EXPECT_EQ(error_of(program(4, 9, {{Space::Weights, 5, {1}}})),
            "the program's data at weights:0x5 ends outside the 4 bytes it declares for that "
            "space");
}

TEST(MemoryImage, AnAddressNearTheEndOf64BitsDoesNotWrapAround) {
  EXPECT_EQ(error_of(program(16, 0, {{Space::Weights, UINT64_MAX, {1, 2}}})),
            "the program's data at weights:0xffffffffffffffff ends outside the 16 bytes it "
            "declares for that space");
}

TEST(MemoryImage, TakesNoMemoryUntilItIsUsed) {
  const MemoryImage image(program(std::uint64_t{4} << 30, std::uint64_t{4} << 30,
                                  {{Space::Weights, (std::uint64_t{4} << 30) - 1, {7}}}));
  EXPECT_EQ(image.space(Space::Weights).back(), 7);
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  EXPECT_LT(usage.ru_maxrss, 1 << 20) << "KiB";
}

TEST(MemoryImage, MoreThan16GibibytesAreRefusedBeforeAnyIsTaken) {
  EXPECT_EQ(error_of(program(0, (std::uint64_t{16} << 30) + 1)),
            "the program asks for 17179869185 bytes of activations memory; at most 17179869184 "
            "are simulated");
  EXPECT_EQ(error_of(program(UINT64_MAX, 0)),
            "the program asks for 18446744073709551615 bytes of weights memory; at most "
            "17179869184 are simulated");
}

}  // namespace
}  // namespace systol
