// `$name` in a workload: numbers and words that its layers are written with.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "sim/config/yaml_reader.h"

namespace systol {

/// Variables by name, without the `$`.
class Variables {
 public:
  void set(const std::string& name, const std::string& value) {
    values_[name] = {value, std::make_shared<bool>(false)};
  }
  /// Whether the variable, or the same one in a copy of these, has replaced anything.
  bool is_used(const std::string& name) const { return *values_.at(name).used; }

  /// The same tree with each `$name` in its texts replaced; its places stay. Throws InputError for
  /// a name that is none of these.
  YamlNode replaced_in(const YamlNode& node);

 private:
  struct Variable {
    std::string value;
    std::shared_ptr<bool> used;
  };
  std::shared_ptr<YamlTree> copied(const YamlTree& tree, const std::string& path);
  std::string replaced(const YamlTree& tree, const std::string& path);

  std::map<std::string, Variable, std::less<>> values_;
};

}  // namespace systol
