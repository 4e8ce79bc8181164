#include "host/import/class_names.h"

#include <gtest/gtest.h>

#include "tests/sim/config/temp_files.h"

namespace systol::test {
namespace {

class ClassNames : public ::testing::Test {
 protected:
  std::vector<std::string> names(const std::string& text, std::uint32_t classes) const {
    return read_class_names(files_.write("n.txt", text), classes);
  }
  std::string error_of(const std::string& text, std::uint32_t classes) const {
    return files_.error_of([&] { names(text, classes); });
  }
  TempFiles files_;
};

TEST_F(ClassNames, AreOneALine) {
  EXPECT_EQ(names("cat\n dog \r\nK\xC3\xA4"
                  "fer\n\n",
                  3),
            (std::vector<std::string>{"cat", "dog",
                                      "K\xC3\xA4"
                                      "fer"}));
}

TEST_F(ClassNames, AreAsManyAsClasses) {
  EXPECT_EQ(error_of("cat\ndog\n", 3), "n.txt: it has 2 names, but the network has 3 classes");
  EXPECT_EQ(error_of("", 3), "n.txt: it has 0 names, but the network has 3 classes");
}

TEST_F(ClassNames, HaveNoGaps) {
  EXPECT_EQ(error_of("cat\n\ndog\n", 3), "n.txt:2: a blank line, allowed: a name");
}

TEST_F(ClassNames, AreText) {
  EXPECT_EQ(error_of("cat\n\xFF\n", 2), "n.txt:2:1: byte 0xff is not UTF-8");
  EXPECT_EQ(files_.error_of([&] { read_class_names(files_.path("none"), 2); }),
            "none: no such file");
}

}  // namespace
}  // namespace systol::test
