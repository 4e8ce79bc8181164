// Text of any origin in a page: it is shown and does nothing.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace systol {

/// For an element's content and for an attribute's value in double quotes. Bytes that are no UTF-8
/// and control characters become \xNN, but lines stay lines.
std::string html_text(std::string_view text);

/// JSON that a <script> element can hold: it has no '<'. Bytes that are no UTF-8 become U+FFFD.
std::string script_json(const nlohmann::ordered_json& json);

}  // namespace systol
