// A figure with its status and source, for people.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "host/account/figure.h"

namespace systol {

template <class Q>
std::string text_of(std::string_view action, const Figure<Q>& figure) {
  return fmt::format("{} {} ({}): {}", action, figure.text, name_of(figure.status), figure.source);
}

}  // namespace systol
