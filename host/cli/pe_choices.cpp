#include "host/cli/pe_choices.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "hw/isa/pe_type.h"
#include "sim/base/error.h"
#include "sim/config/nearest.h"

namespace systol {
namespace {

PeChoice parse(const std::string& text) {
  const std::size_t sign = text.find('=');
  if (sign == std::string::npos) {
    return {text, {}};
  }
  if (sign + 1 == text.size()) {
    throw InputError(fmt::format("--pe: found '{}', allowed: a model file after '='", text));
  }
  return {text.substr(0, sign), text.substr(sign + 1)};
}

}  // namespace

std::vector<PeChoice> parse_pe_choices(std::span<const std::string> texts, std::size_t models) {
  const std::vector<std::string_view> names(isa::kPeTypeNames.begin(), isa::kPeTypeNames.end());
  std::vector<PeChoice> choices;
  for (const std::string& text : texts) {
    PeChoice choice = parse(text);
    if (std::ranges::find(names, choice.type) == names.end()) {
      throw InputError(fmt::format("--pe: found {}{}, allowed: {}, and after each '=' and a model",
                                   in_quotes(choice.type), did_you_mean(choice.type, names),
                                   join_names(names)));
    }
    if (std::ranges::find(choices, choice.type, &PeChoice::type) != choices.end()) {
      throw InputError(fmt::format("--pe: found '{}' twice, allowed: each type once", choice.type));
    }
    if (!choice.model.empty() && models != 1) {
      throw InputError(fmt::format(
          "--pe {}: found {} MODELS, allowed: one, in whose place the file stands", text, models));
    }
    choices.push_back(std::move(choice));
  }
  return choices;
}

}  // namespace systol
