#include "host/graph/operation_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace systol {
namespace {

using Extents = std::vector<std::int64_t>;
using Pair = std::array<std::int64_t, 2>;

/// The parameters of each operation, once for both directions: `io` writes them or reads them.
template <class Io>
struct OperationParameters {
  Io& io;

  void similarity(Similarity& chosen) const {
    bool l1 = chosen == Similarity::L1;
    io.flag(kSimilarityNames[1], l1);
    chosen = l1 ? Similarity::L1 : Similarity::Product;
  }
  void weights(WeightKind& chosen) const {
    for (std::size_t kind = 1; kind < kWeightKindNames.size(); ++kind) {
      bool is = chosen == static_cast<WeightKind>(kind);
      io.flag(kWeightKindNames[kind], is);
      chosen = is ? static_cast<WeightKind>(kind) : chosen;
    }
  }
  void operator()(MatMul& matmul) const {
    io.flag("transposed", matmul.transposed);
    similarity(matmul.similarity);
    weights(matmul.weights);
  }
  void operator()(Map& map) const {
    const int count = text_of(map.function).parameters;
    if (count > 0) {
      io.next(map.a);
    }
    if (count > 1) {
      io.next(map.b);
    }
  }
  void operator()(Softmax&) const {}
  void operator()(Mean&) const {}
  void operator()(Reshape& reshape) const { io.rest(reshape.shape); }
  void window(Window& window) const {
    io.keyed("stride", window.stride, Pair{1, 1});
    io.keyed("dilation", window.dilation, Pair{1, 1});
    io.keyed("before", window.before, Pair{0, 0});
    io.keyed("after", window.after, Pair{0, 0});
  }
  void operator()(Convolution& convolution) const {
    window(convolution.window);
    io.keyed("groups", convolution.groups, std::int64_t{1});
    similarity(convolution.similarity);
    weights(convolution.weights);
  }
  void operator()(Pool& pool) const {
    io.next(pool.extent);
    window(pool.window);
    io.flag("count_borders", pool.count_borders);
  }
  void operator()(Binary&) const {}
  void operator()(Normalise& normalise) const {
    io.keyed("epsilon", normalise.epsilon, Normalise{}.epsilon);
    io.flag("spatial", normalise.spatial);
  }
  void operator()(Concat& concat) const { io.keyed("axis", concat.axis, std::int64_t{-1}); }
  void operator()(Slice& slice) const { io.rest(slice); }
  void operator()(Transpose& transpose) const { io.rest(transpose.permutation); }
  void operator()(Pad& pad) const {
    io.keyed("before", pad.before, Extents{});
    io.keyed("after", pad.after, Extents(pad.before.size(), 0));
    io.keyed("between", pad.between, Extents(pad.before.size(), 0));
    io.keyed("value", pad.value, 0.0F);
  }
  void operator()(Repeat& repeat) const { io.rest(repeat.factors); }
};

class Writer {
 public:
  void flag(std::string_view key, bool value) {
    if (value) {
      items_.emplace_back(key);
    }
  }
  template <class Value>
  void keyed(std::string_view key, const Value& value, const Value& usual) {
    if (value != usual) {
      items_.push_back(fmt::format("{}={}", key, text(value)));
    }
  }
  template <class Value>
  void next(const Value& value) {
    items_.push_back(text(value));
  }
  void rest(const Extents& values) {
    always_ = true;
    for (const std::int64_t value : values) {
      next(value);
    }
  }
  void rest(const Slice& slice) {
    always_ = true;
    for (std::size_t i = 0; i < slice.sizes.size(); ++i) {
      items_.push_back(fmt::format("{}:{}", slice.starts[i], slice.sizes[i]));
      if (slice.steps[i] != 1) {
        items_.back() += fmt::format(":{}", slice.steps[i]);
      }
    }
  }

  std::string brackets() const {
    return items_.empty() && !always_ ? "" : fmt::format("[{}]", fmt::join(items_, ", "));
  }

 private:
  static std::string text(std::int64_t value) { return fmt::format("{}", value); }
  static std::string text(float value) { return fmt::format("{}", value); }
  static std::string text(const Pair& values) { return fmt::format("{}", fmt::join(values, "x")); }
  static std::string text(const Extents& values) {
    return fmt::format("{}", fmt::join(values, "x"));
  }

  std::vector<std::string> items_;
  bool always_ = false;  ///< brackets, even of nothing
};

class Reader {
 public:
  Reader(TextLine& line, std::string operation) : line_(line), operation_(std::move(operation)) {
    if (!line.begins_with('[')) {
      return;
    }
    line.expect("[");
    std::string end = line.begins_with(']') ? line.word() : ",";
    while (end == ",") {
      items_.push_back({"", line.word()});
      end = line.word();
      if (end == "=") {
        items_.back() = {items_.back().value, line.word()};
        end = line.word();
      }
    }
    if (end != "]") {
      line.fail(fmt::format("expected ']', found '{}'", end));
    }
  }

  void flag(std::string_view key, bool& value) {
    const auto found = std::ranges::find_if(
        items_, [key](const Item& item) { return item.key.empty() && item.value == key; });
    if (found != items_.end()) {
      value = true;
      items_.erase(found);
    }
  }
  template <class Value>
  void keyed(std::string_view key, Value& value, const Value& usual) {
    value = usual;
    const auto found = std::ranges::find(items_, key, &Item::key);
    if (found != items_.end()) {
      read(found->value, value);
      items_.erase(found);
    }
  }
  template <class Value>
  void next(Value& value) {
    if (items_.empty() || !items_.front().key.empty()) {
      line_.fail(fmt::format("{} lacks a parameter in brackets", operation_));
    }
    read(items_.front().value, value);
    items_.erase(items_.begin());
  }
  void rest(Extents& values) {
    while (!items_.empty()) {
      next(values.emplace_back());
    }
  }
  void rest(Slice& slice) {
    while (!items_.empty()) {
      std::string item;
      next(item);
      const Extents numbers = split(item, ':');
      if (numbers.size() != 2 && numbers.size() != 3) {
        line_.fail(fmt::format("expected start:size or start:size:step, found '{}'", item));
      }
      slice.starts.push_back(numbers[0]);
      slice.sizes.push_back(numbers[1]);
      slice.steps.push_back(numbers.size() == 3 ? numbers[2] : 1);
    }
  }

  void finish() const {
    if (!items_.empty()) {
      const Item& item = items_.front();
      line_.fail(fmt::format("{} has no parameter '{}'", operation_,
                             item.key.empty() ? item.value : item.key));
    }
  }

 private:
  struct Item {
    std::string key;  ///< empty where it has none
    std::string value;
  };

  Extents split(std::string_view text, char separator) const {
    Extents values;
    while (true) {
      const std::size_t end = std::min(text.find(separator), text.size());
      values.push_back(line_.number_in<std::int64_t>(text.substr(0, end)));
      if (end == text.size()) {
        return values;
      }
      text.remove_prefix(end + 1);
    }
  }
  static void read(const std::string& text, std::string& value) { value = text; }
  void read(const std::string& text, std::int64_t& value) const {
    value = line_.number_in<std::int64_t>(text);
  }
  void read(const std::string& text, float& value) const { value = line_.number_in<float>(text); }
  void read(const std::string& text, Extents& values) const { values = split(text, 'x'); }
  void read(const std::string& text, Pair& values) const {
    const Extents found = split(text, 'x');
    if (found.size() != values.size()) {
      line_.fail(fmt::format("expected two numbers, as 2x3, found '{}'", text));
    }
    std::ranges::copy(found, values.begin());
  }

  TextLine& line_;
  std::string operation_;
  std::vector<Item> items_;
};

/// One operation of each name, without parameters.
std::vector<Operation> all_operations() {
  std::vector<Operation> all = {MatMul{},    Softmax{}, Reshape{}, Convolution{},
                                Normalise{}, Mean{},    Concat{},  Slice{},
                                Transpose{}, Pad{},     Repeat{}};
  for (std::size_t i = 0; i < kFunctions; ++i) {
    all.emplace_back(Map(static_cast<Function>(i)));
  }
  for (std::size_t i = 0; i < kPoolKindNames.size(); ++i) {
    all.emplace_back(Pool{static_cast<PoolKind>(i), {}, {}, false});
  }
  for (std::size_t i = 0; i < kBinaryNames.size(); ++i) {
    all.emplace_back(Binary{static_cast<BinaryFunction>(i)});
  }
  return all;
}

}  // namespace

std::string to_text(const Operation& operation) {
  Writer writer;
  Operation written = operation;
  std::visit(OperationParameters<Writer>{writer}, written);
  return std::string(name_of(operation)) + writer.brackets();
}

Operation read_operation(TextLine& line) {
  const std::string name = line.word();
  for (Operation operation : all_operations()) {
    if (name_of(operation) == name) {
      Reader reader(line, name);
      std::visit(OperationParameters<Reader>{reader}, operation);
      reader.finish();
      return operation;
    }
  }
  line.fail(fmt::format("there is no operation '{}'", name));
}

}  // namespace systol
