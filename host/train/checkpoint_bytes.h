// Numbers, texts and lists one after another as bytes, the least significant byte first.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace systol {

static_assert(std::endian::native == std::endian::little);

class ByteWriter {
 public:
  template <class Number>
  requires std::is_arithmetic_v<Number>
  void number(Number value) { bytes_.append(reinterpret_cast<const char*>(&value), sizeof value); }
  void text(std::string_view value) {
    number<std::uint64_t>(value.size());
    bytes_ += value;
  }
  void floats(const std::vector<float>& values) {
    number<std::uint64_t>(values.size());
    bytes_.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float));
  }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

/// Reads them back. Beyond the end everything is 0 or empty, and `whole` is false.
class ByteTaker {
 public:
  explicit ByteTaker(std::string_view bytes) : rest_(bytes) {}

  template <class Number>
  requires std::is_arithmetic_v<Number> Number number() {
    Number value{};
    const std::string_view from = take(sizeof value);
    if (!from.empty()) {
      std::memcpy(&value, from.data(), from.size());
    }
    return value;
  }
  std::string text() { return std::string(take(number<std::uint64_t>())); }
  std::vector<float> floats() {
    const auto count = number<std::uint64_t>();
    if (count > rest_.size() / sizeof(float)) {
      whole_ = false;
      return {};
    }
    std::vector<float> values(count);
    const std::string_view from = take(count * sizeof(float));
    if (!from.empty()) {
      std::memcpy(values.data(), from.data(), from.size());
    }
    return values;
  }
  /// A number of things, each of which has at least so many bytes.
  std::uint64_t count(std::size_t least) {
    const auto found = number<std::uint64_t>();
    whole_ = whole_ && found <= rest_.size() / least;
    return whole_ ? found : 0;
  }
  bool whole() const { return whole_; }
  bool at_end() const { return rest_.empty(); }

 private:
  std::string_view take(std::uint64_t count) {
    if (count > rest_.size()) {
      whole_ = false;
      return {};
    }
    const std::string_view taken = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return taken;
  }

  std::string_view rest_;
  bool whole_ = true;
};

}  // namespace systol
