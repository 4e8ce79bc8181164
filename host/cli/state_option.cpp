#include "host/cli/state_option.h"

#include <fmt/format.h>

#include "sim/base/error.h"

namespace systol {

void add_state_option(CLI::App& command, std::vector<std::string>& states) {
  command
      .add_option("--state", states,
                  "an ONNX model's input that is a state, and the output that it is for the next "
                  "sample; samples then run one after another. May be given more than once.\n"
                  "  --state h0=hn --state c0=cn")
      ->allow_extra_args(false);
}

GivenStates given_states(const std::vector<std::string>& states) {
  GivenStates given;
  for (const std::string& text : states) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == text.size()) {
      throw InputError(fmt::format("--state '{}': expected INPUT=OUTPUT, as h0=hn", text));
    }
    given.push_back({text.substr(0, equals), text.substr(equals + 1)});
  }
  return given;
}

}  // namespace systol
