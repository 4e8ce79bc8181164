// The Liberty format as a tree: groups with attributes, whatever they mean.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace systol::gates {

struct LibertyGroup {
  std::string kind;      ///< "cell"
  std::string argument;  ///< "AND2X1"
  std::vector<std::pair<std::string, std::string>>
      attributes;  ///< `name : value` and `name (values)`
  std::vector<LibertyGroup> groups;

  /// Empty where there is none.
  std::string attribute(std::string_view name) const;
  /// The first group of that kind; null where there is none.
  const LibertyGroup* group(std::string_view kind) const;
};

/// The outermost group of a file's text. Throws InputError with `name` and the line.
LibertyGroup parse_liberty(std::string_view text, std::string_view name);

}  // namespace systol::gates
