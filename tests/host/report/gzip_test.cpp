#include "host/report/gzip.h"

#include <gtest/gtest.h>
#include <zlib.h>

namespace systol {
namespace {

std::string unzipped(const std::string& compressed, std::size_t size) {
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
  std::string input = compressed;
  std::string text(size + 1, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = reinterpret_cast<Bytef*>(text.data());
  stream.avail_out = static_cast<uInt>(text.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  text.resize(stream.total_out);
  inflateEnd(&stream);
  return text;
}

TEST(Gzip, GivesTheTextBack) {
  EXPECT_EQ(unzipped(gzip(""), 0), "");
  EXPECT_EQ(unzipped(gzip("a trace"), 7), "a trace");
  std::string varied;
  for (int i = 0; i < 100'000; ++i) {  // more than a piece of output
    varied += std::to_string(i * 7919 % 100'003);
  }
  EXPECT_EQ(unzipped(gzip(varied), varied.size()), varied);
}

TEST(Gzip, TakesLessSpace) { EXPECT_LT(gzip(std::string(1'000'000, 'x')).size(), 2'000U); }

}  // namespace
}  // namespace systol
