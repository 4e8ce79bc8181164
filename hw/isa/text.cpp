#include "hw/isa/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "hw/isa/fields.h"
#include "hw/isa/version.h"
#include "hw/isa/words.h"

namespace systol::isa {
namespace {

using Text = fmt::memory_buffer;

template <class... Args>
void put(Text& text, fmt::format_string<Args...> format, Args&&... args) {
  fmt::format_to(std::back_inserter(text), format, std::forward<Args>(args)...);
}

void put_walk(Text& text, const Walk& walk) {
  put(text, "0x{:x}", walk.base);
  for (const Walk::Loop& loop : used_loops(walk)) {
    put(text, ":{}x{}", loop.count, loop.stride);
  }
}

// Small types would print as characters or words.
template <class Value>
using Printed = std::conditional_t<sizeof(Value) == 1, std::int64_t, Value>;

/// " key=value"
template <class Value>
std::string field_text(std::string_view key, const Value& value, Form form) {
  Text text;
  if constexpr (std::is_enum_v<Value>) {
    put(text, " {}={}", key, name_of(value));
  } else if constexpr (std::is_same_v<Value, Walk>) {
    put(text, " {}=", key);
    put_walk(text, value);
  } else if (is_address(form)) {
    put(text, " {}=0x{:x}", key, value);
  } else {
    put(text, " {}={}", key, static_cast<Printed<Value>>(value));
  }
  return fmt::to_string(text);
}

template <class Op>
std::vector<std::string> field_texts(const Op& op) {
  std::vector<std::string> texts;
  visit_fields(op, [&](std::string_view key, const auto& value, Form form) {
    texts.push_back(field_text(key, value, form));
  });
  return texts;
}

void put_units(Text& text, std::string_view key, UnitSet units) {
  char separator = '=';
  for (std::size_t i = 0; i < kUnits; ++i) {
    if (units.has(static_cast<Unit>(i))) {
      put(text, "{}{}{}", separator == '=' ? " " : "", separator == '=' ? key : "", separator);
      put(text, "{}", kUnitNames[i]);
      separator = ',';
    }
  }
}

void put_operation(Text& text, const Operation& operation) {
  put(text, "{}", kMnemonics[operation.index()]);
  std::visit(
      [&]<class Op>(const Op& op) {
        static const std::vector<std::string> defaults = field_texts(Op{});
        std::size_t field = 0;
        visit_fields(op, [&](std::string_view key, const auto& value, Form form) {
          const std::string word = field_text(key, value, form);
          if (!is_optional(form) || word != defaults[field]) {
            put(text, "{}", word);
          }
          ++field;
        });
      },
      operation);
}

void put_command(Text& text, const Command& command) {
  put_operation(text, command.operation);
  put_units(text, "wait", command.wait);
  put_units(text, "signal", command.signal);
  const Origin& origin = command.origin;
  put(text, " @{},{},{},{}", origin.node, origin.row, origin.column, origin.depth);
}

/// Two digits. A network's weights are nearly all of its program, so this is not left to fmt.
void put_hex(Text& text, std::uint8_t byte) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  text.push_back(kDigits[byte >> 4U]);
  text.push_back(kDigits[byte & 0xfU]);
}

/// `data` starts a segment, `more` continues it.
void put_segment(Text& text, const Segment& segment) {
  put(text, "data {} 0x{:x}", name_of(segment.space), segment.address);
  for (std::size_t i = 0; i < segment.bytes.size(); ++i) {
    if (i % kTextBytesPerLine == 0) {
      if (i > 0) {
        put(text, "\nmore {} 0x{:x}", name_of(segment.space), segment.address + i);
      }
      put(text, " ");
    }
    put_hex(text, segment.bytes[i]);
  }
  put(text, "\n");
}

}  // namespace

std::string to_text(const Walk& walk) {
  Text text;
  put_walk(text, walk);
  return fmt::to_string(text);
}

std::string to_text(const Operation& operation) {
  Text text;
  put_operation(text, operation);
  return fmt::to_string(text);
}

std::string to_text(const Command& command) {
  Text text;
  put_command(text, command);
  return fmt::to_string(text);
}

std::string to_text(const Program& program) {
  Text text;
  put(text, "program {} {}\n", kProgramVersion, describe(program.pe).name);
  for (std::size_t i = 0; i < program.nodes.size(); ++i) {
    put(text, "node {} {}\n", i, quoted(program.nodes[i]));
  }
  for (std::size_t i = 0; i < kSpaces; ++i) {
    put(text, "space {} {}\n", kSpaceNames[i], program.space_bytes[i]);
  }
  for (const Segment& segment : program.image) {
    put_segment(text, segment);
  }
  for (const Command& command : program.commands) {
    put_command(text, command);
    put(text, "\n");
  }
  return fmt::to_string(text);
}

}  // namespace systol::isa
