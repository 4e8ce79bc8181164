#include "host/import/npy.h"

#include <gtest/gtest.h>

#include "tests/host/import/file_bytes.h"

namespace systol::test {
namespace {

ArrayHeader npy_header_of(const std::string& bytes) {
  TextReader reader(bytes);
  return read_npy_header(reader);
}

std::string npy_error(const std::string& bytes) {
  return input_error([&] { npy_header_of(bytes); });
}
std::string header_error(const std::string& header) { return npy_error(npy_with(header, "")); }

TEST(Npy, IsKnownByItsFirstBytes) {
  EXPECT_TRUE(is_npy(npy("<f4", "(1,)", "")));
  EXPECT_FALSE(is_npy("\x93NUMPX"));
  EXPECT_FALSE(is_npy(""));
}

TEST(Npy, HasATypeAndAShape) {
  const ArrayHeader header = npy_header_of(npy("<f4", "(3, 28, 28)", ""));
  EXPECT_EQ(header.kind, ".npy");
  EXPECT_EQ(header.format, (NumberFormat{NumberType::Float32, false}));
  EXPECT_EQ(header.shape, (Shape{3, 28, 28}));
  EXPECT_EQ(npy_header_of(npy("<f4", "(5,)", "")).shape, (Shape{5}));
  EXPECT_EQ(npy_header_of(npy("<f4", "()", "")).shape, Shape{});
  EXPECT_EQ(npy_header_of(npy("<f4", "(5L, 2L)", "")).shape, (Shape{5, 2})) << "by Python 2";
}

TEST(Npy, HasThreeVersions) {
  for (const int version : {1, 2, 3}) {
    EXPECT_EQ(npy_header_of(npy("<f4", "(3, 4)", "", version)).shape, (Shape{3, 4})) << version;
  }
  EXPECT_EQ(npy_error(npy("<f4", "(3, 4)", "", 4)), "f: its .npy version is 4; allowed: 1 to 3");
  EXPECT_EQ(npy_error(npy("<f4", "(3, 4)", "", 0)), "f: its .npy version is 0; allowed: 1 to 3");
}

TEST(Npy, HasTwelveTypesInBothByteOrders) {
  const auto format = [](const char* type) { return npy_header_of(npy(type, "(1,)", "")).format; };
  EXPECT_EQ(format("|b1"), (NumberFormat{NumberType::Bool, false}));
  EXPECT_EQ(format("|u1"), (NumberFormat{NumberType::Uint8, false}));
  EXPECT_EQ(format("|i1"), (NumberFormat{NumberType::Int8, false}));
  EXPECT_EQ(format("<u2"), (NumberFormat{NumberType::Uint16, false}));
  EXPECT_EQ(format(">i2"), (NumberFormat{NumberType::Int16, true}));
  EXPECT_EQ(format("<u4"), (NumberFormat{NumberType::Uint32, false}));
  EXPECT_EQ(format("=i4"), (NumberFormat{NumberType::Int32, false}));
  EXPECT_EQ(format(">u8"), (NumberFormat{NumberType::Uint64, true}));
  EXPECT_EQ(format("<i8"), (NumberFormat{NumberType::Int64, false}));
  EXPECT_EQ(format("<f2"), (NumberFormat{NumberType::Float16, false}));
  EXPECT_EQ(format(">f4"), (NumberFormat{NumberType::Float32, true}));
  EXPECT_EQ(format("<f8"), (NumberFormat{NumberType::Float64, false}));
}

TEST(Npy, TakesTheKeysInAnyOrderAndBothKindsOfQuotes) {
  EXPECT_EQ(
      npy_header_of(npy_with(R"({"shape":(2,3),"descr":">f8",'fortran_order':False})", "")).shape,
      (Shape{2, 3}));
}

TEST(Npy, RefusesOtherElementsByTheirType) {
  const std::string allowed = "; allowed: bool, int8 to int64, uint8 to uint64, float16 to float64";
  EXPECT_EQ(npy_error(npy("|O", "(1,)", "")), "f: its dtype is '|O' (Python objects)" + allowed);
  EXPECT_EQ(npy_error(npy("<c8", "(1,)", "")), "f: its dtype is '<c8'" + allowed);
  EXPECT_EQ(npy_error(npy("<U5", "(1,)", "")), "f: its dtype is '<U5'" + allowed);
  EXPECT_EQ(npy_error(npy("f4", "(1,)", "")), "f: its dtype is 'f4'" + allowed);
  EXPECT_EQ(npy_error(npy("", "(1,)", "")), "f: its dtype is ''" + allowed);
  EXPECT_EQ(
      header_error("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (3,), }"),
      "f: its elements are structures; allowed are plain numbers: save each field as an array");
}

TEST(Npy, RefusesFortranOrder) {
  EXPECT_EQ(header_error("{'descr': '<f4', 'fortran_order': True, 'shape': (3, 4), }"),
            "f: it is in Fortran order; allowed is C order, as numpy.ascontiguousarray makes it");
}

TEST(Npy, RefusesAHeaderThatIsCutShort) {
  const std::string whole = npy("<f4", "(3, 4)", "");
  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_EQ(npy_error(whole.substr(0, length)), "f: the .npy header is cut short") << length;
  }
  EXPECT_EQ(npy_error(whole), "no error");
}

TEST(Npy, RefusesAHeaderThatIsDamaged) {
  EXPECT_EQ(
      header_error("{'descr': '<f4', 'shape': (3,)}"),
      "f: the .npy header is damaged: allowed: a dictionary with descr, fortran_order and shape");
  EXPECT_EQ(header_error(""), "f: the .npy header is damaged: found '', allowed: '{'");
  EXPECT_EQ(header_error("{'descr' '<f4'}"),
            "f: the .npy header is damaged: found ''<f4'}', allowed: ':'");
  EXPECT_EQ(header_error("{descr: 1}"),
            "f: the .npy header is damaged: found 'descr: 1}', allowed: a text in quotes");
  EXPECT_EQ(
      header_error("{'color': 1}"),
      "f: the .npy header is damaged: found the key 'color', allowed: descr, fortran_order, shape");
  EXPECT_EQ(header_error("{'shape': (3, -4)}"),
            "f: the .npy header is damaged: found '-4)}', allowed: up to 32 extents");
  EXPECT_EQ(
      header_error("{'shape': (99999999999999999999,)}"),
      "f: the .npy header is damaged: found '99999999999999999999,)}', allowed: up to 32 extents");
  EXPECT_EQ(header_error("{'shape': 3}"),
            "f: the .npy header is damaged: found '3}', allowed: '('");
  EXPECT_EQ(header_error("{'fortran_order': 0}"),
            "f: the .npy header is damaged: found '0}', allowed: True or False");
  EXPECT_EQ(header_error("{'descr': '<f4"),
            "f: the .npy header is damaged: found ''<f4', allowed: a text in quotes");
}

TEST(Npy, RefusesAHeaderThatLiesAboutItsSize) {
  EXPECT_EQ(npy_error("\x93NUMPY" + little(2, 2) + little(0xFFFFFFFF, 4)),
            "f: the .npy header has 4294967295 bytes; allowed: at most 10000");
  EXPECT_EQ(
      npy_error(npy("<f8", "(99999999999, 99999999999)", "")),
      "f: the .npy header asks for 99999999999 x 99999999999 numbers, more than a file can have");
  EXPECT_EQ(npy_error(npy("<f8", "(0, 3)", "")), "f: an .npy dimension is 0 (0 x 3)");
}

}  // namespace
}  // namespace systol::test
