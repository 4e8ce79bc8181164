#include "sim/base/shell_word.h"

#include <gtest/gtest.h>

#include "sim/base/process.h"

namespace systol {
namespace {

TEST(ShellWord, IsOneWordWhateverIsInIt) {
  for (const std::string word : {"", "a b", "it's", "'", "$HOME `id` \"\\", "a\nb", "*"}) {
    EXPECT_EQ(output_of({"sh", "-c", "printf '<%s>' " + in_shell_quotes(word)}), "<" + word + ">");
  }
}

}  // namespace
}  // namespace systol
