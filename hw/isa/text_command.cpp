#include "hw/isa/text_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "hw/isa/fields.h"

namespace systol::isa {
namespace {

constexpr std::uint64_t kMaxU32 = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint64_t kMaxU64 = std::numeric_limits<std::uint64_t>::max();

/// A command's `key=value` words. Each key is read exactly once.
class Keys {
 public:
  Keys(const Line& line, std::span<const Word> words) : line_(line) {
    for (const Word& word : words) {
      const std::size_t equals = word.text.find('=');
      if (equals == std::string_view::npos) {
        line.fail(word, fmt::format("expected key=value, found {}", shown(word.text)));
      }
      entries_.push_back({{word.text.substr(0, equals), word.column},
                          {word.text.substr(equals + 1), word.column + equals + 1}});
    }
  }

  /// Fails at the first key that is unknown or given twice.
  void check(std::span<const std::string_view> known) const {
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      const Word& key = entries_[i].key;
      line_.one_of(key, "key", known);
      for (std::size_t j = 0; j < i; ++j) {
        if (entries_[j].key.text == key.text) {
          line_.fail(key, fmt::format("key '{}' is given twice", key.text));
        }
      }
    }
  }

  const Word* find(std::string_view key) const {
    for (const Entry& entry : entries_) {
      if (entry.key.text == key) {
        return &entry.value;
      }
    }
    return nullptr;
  }

  const Word& require(std::string_view key) const {
    const Word* value = find(key);
    if (value == nullptr) {
      line_.fail(line_.end(), fmt::format("key '{}' is missing", key));
    }
    return *value;
  }

 private:
  struct Entry {
    Word key;
    Word value;
  };
  const Line& line_;
  std::vector<Entry> entries_;
};

/// Calls each(part) for the parts of `word` between separators.
template <class Each>
void for_each_part(const Word& word, char separator, Each&& each) {
  std::size_t start = 0;
  while (true) {
    const std::size_t end = std::min(word.text.find(separator, start), word.text.size());
    each(Word{word.text.substr(start, end - start), word.column + start});
    if (end == word.text.size()) {
      return;
    }
    start = end + 1;
  }
}

constexpr std::string_view kWalkForm =
    "a walk is <address>:<count>x<stride>, with up to three of the last part";

Walk read_walk(const Line& line, const Word& word, std::string_view key) {
  Walk walk;
  std::vector<Word> parts;
  for_each_part(word, ':', [&](const Word& part) { parts.push_back(part); });
  walk.base = line.number(parts.front(), key, kMaxU64);
  if (parts.size() > Walk::kLoops + 1) {
    line.fail(parts[Walk::kLoops + 1], kWalkForm);
  }
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const std::string_view loop = parts[i].text;
    const std::size_t end = loop.find('x');  // counts are decimal
    if (end == std::string_view::npos) {
      line.fail(parts[i], kWalkForm);
    }
    Walk::Loop& read = walk.loops[Walk::kLoops - parts.size() + i];
    read.count = line.number({loop.substr(0, end), parts[i].column}, key, kMaxU64);
    read.stride = line.number({loop.substr(end + 1), parts[i].column + end + 1}, key, kMaxU64);
  }
  return walk;
}

/// Sets each field from its key.
struct FieldReader {
  const Line& line;
  const Keys& keys;

  template <class Value>
  void operator()(std::string_view key, Value& value, Form form) const {
    if (is_optional(form) && keys.find(key) == nullptr) {
      return;
    }
    const Word& word = keys.require(key);
    if constexpr (std::is_enum_v<Value>) {
      value = static_cast<Value>(line.one_of(word, key, names_of(value)));
    } else if constexpr (std::is_same_v<Value, Walk>) {
      value = read_walk(line, word, key);
    } else if constexpr (std::is_signed_v<Value>) {
      value = static_cast<Value>(line.signed_number(word, key, std::numeric_limits<Value>::min(),
                                                    std::numeric_limits<Value>::max()));
    } else {
      value = static_cast<Value>(line.number(word, key, std::numeric_limits<Value>::max()));
    }
  }
};

UnitSet read_units(const Line& line, const Word* word) {
  UnitSet units;
  if (word == nullptr) {
    return units;
  }
  for_each_part(*word, ',', [&](const Word& part) {
    const Unit unit = static_cast<Unit>(line.one_of(part, "unit", kUnitNames));
    if (units.has(unit)) {
      line.fail(part, fmt::format("unit '{}' is given twice", part.text));
    }
    units.add(unit);
  });
  return units;
}

Origin read_origin(const Line& line, Word word) {
  if (!word.text.starts_with('@')) {
    line.fail(line.end(), "the origin is missing: @node,row,column,depth");
  }
  word = {word.text.substr(1), word.column + 1};
  std::array<std::uint32_t, 4> numbers{};
  std::size_t count = 0;
  for_each_part(word, ',', [&](const Word& part) {
    if (count == numbers.size()) {
      line.fail(part, "an origin has four numbers: @node,row,column,depth");
    }
    numbers[count++] = static_cast<std::uint32_t>(line.number(part, "origin", kMaxU32));
  });
  if (count < numbers.size()) {
    line.fail(line.end(), "an origin has four numbers: @node,row,column,depth");
  }
  return {numbers[0], numbers[1], numbers[2], numbers[3]};
}

}  // namespace

Command read_command(const Line& line, std::size_t opcode) {
  const std::span<const Word> words = line.words();
  Command command;
  command.operation = make_operation(opcode);
  const bool has_origin = words.size() > 1 && words.back().text.starts_with('@');
  const Keys keys(line, words.subspan(1, words.size() - 1 - (has_origin ? 1 : 0)));
  std::visit(
      [&](auto& op) {
        std::vector<std::string_view> known;
        visit_fields(op, [&](std::string_view key, auto&, Form) { known.push_back(key); });
        known.insert(known.end(), {"wait", "signal"});
        keys.check(known);
        visit_fields(op, FieldReader{line, keys});
      },
      command.operation);
  command.wait = read_units(line, keys.find("wait"));
  command.signal = read_units(line, keys.find("signal"));
  command.origin = read_origin(line, words.back());
  return command;
}

}  // namespace systol::isa
