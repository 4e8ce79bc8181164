#include "host/graph/free_names.h"

#include <gtest/gtest.h>

namespace systol {
namespace {

TEST(FreeNames, AreNumberedWhereATensorIsCalledSo) {
  Graph graph;
  FreeNames names(graph);
  EXPECT_EQ(names.name("a"), "a");
  EXPECT_EQ(names.name("a"), "a") << "nothing was added";
  graph.add_input("a", {1});
  graph.add_input("a_2", {1});
  EXPECT_EQ(names.name("a"), "a_3");
  graph.add_input("a_3", {1});
  EXPECT_EQ(names.name("a"), "a_4");
  EXPECT_EQ(names.name("a_2"), "a_2_2");
  EXPECT_EQ(names.name("b"), "b");
}

}  // namespace
}  // namespace systol
