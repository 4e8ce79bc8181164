#include "hw/isa/binary.h"

#include <fmt/format.h>

#include <algorithm>
#include <concepts>

#include "hw/isa/data_ranges.h"
#include "hw/isa/fields.h"
#include "hw/isa/version.h"

namespace systol::isa {
namespace {

// What the smallest element of each list takes, so that a count can be held against the bytes left.
constexpr std::uint64_t kLeastNode = 4;
constexpr std::uint64_t kLeastSegment = 17;
constexpr std::uint64_t kLeastCommand = 3 + 16 + 8;

class Writer {
 public:
  explicit Writer(std::vector<std::uint8_t>& out) : out_(out) {}

  template <std::integral Value>
  void put(Value value) {
    const auto bits = static_cast<std::uint64_t>(value);
    for (std::size_t i = 0; i < sizeof(Value); ++i) {
      out_.push_back(static_cast<std::uint8_t>(bits >> (8 * i)));
    }
  }
  template <class Value>
  requires std::is_enum_v<Value>
  void put(Value value) { put(static_cast<std::uint8_t>(value)); }
  void put(const Walk& walk) {
    put(walk.base);
    const auto loops = used_loops(walk);
    put(static_cast<std::uint8_t>(loops.size()));
    for (const Walk::Loop& loop : loops) {
      put(loop.count);
      put(loop.stride);
    }
  }
  template <class Range>
  void put_all(const Range& range) {
    out_.insert(out_.end(), range.begin(), range.end());
  }

  void put(const Command& command) {
    put(static_cast<std::uint8_t>(command.operation.index()));
    put(command.wait.bits());
    put(command.signal.bits());
    put(command.origin.node);
    put(command.origin.row);
    put(command.origin.column);
    put(command.origin.depth);
    std::visit(
        [this](const auto& op) {
          visit_fields(op, [this](std::string_view, const auto& field, Form) { this->put(field); });
        },
        command.operation);
  }

 private:
  std::vector<std::uint8_t>& out_;
};

class Reader {
 public:
  Reader(std::span<const std::uint8_t> bytes, std::string_view name) : bytes_(bytes), name_(name) {}

  [[noreturn]] void fail(std::string_view problem) const {
    throw FormatError(name_, 0, position_, problem);
  }
  std::uint64_t left() const { return bytes_.size() - position_; }

  std::span<const std::uint8_t> get_bytes(std::uint64_t count, std::string_view what) {
    if (count > left()) {
      fail(fmt::format("the file ends here, in {}; {} bytes expected, {} left", what, count,
                       left()));
    }
    const auto part = bytes_.subspan(position_, static_cast<std::size_t>(count));
    position_ += static_cast<std::size_t>(count);
    return part;
  }

  template <std::integral Value>
  Value get(std::string_view what) {
    std::uint64_t bits = 0;
    int shift = 0;
    for (std::uint8_t byte : get_bytes(sizeof(Value), what)) {
      bits |= std::uint64_t{byte} << shift;
      shift += 8;
    }
    return static_cast<Value>(bits);
  }

  /// A number below `limit`.
  std::uint8_t get_below(int limit, std::string_view what) {
    const std::size_t start = position_;
    const auto value = get<std::uint8_t>(what);
    if (value >= limit) {
      position_ = start;
      fail(fmt::format("{} is {}; allowed is 0 to {}", what, value, limit - 1));
    }
    return value;
  }

  /// A count of elements of at least `least` bytes each: never more than the bytes left can hold.
  template <std::unsigned_integral Value>
  std::size_t get_count(std::uint64_t least, std::string_view what) {
    const std::size_t start = position_;
    const std::uint64_t count = get<Value>(what);
    if (count > left() / least) {
      const std::uint64_t rest = left();
      position_ = start;
      fail(fmt::format("{} {} claimed, more than the {} bytes left can hold", count, what, rest));
    }
    return static_cast<std::size_t>(count);
  }

  // One per type of field.
  template <class Value>
  requires std::is_enum_v<Value>
  void read(std::string_view key, Value& field) {
    field = static_cast<Value>(get_below(static_cast<int>(names_of(field).size()), key));
  }
  void read(std::string_view key, Walk& field) {
    read(key, field.base);
    const std::size_t loops = get_below(Walk::kLoops + 1, key);
    for (std::size_t i = Walk::kLoops - loops; i < Walk::kLoops; ++i) {
      read(key, field.loops[i].count);
      read(key, field.loops[i].stride);
    }
    if (used_loops(field).size() != loops) {
      fail(fmt::format("the outermost loop of {} does nothing; such loops are left out", key));
    }
  }
  void read(std::string_view key, bool& field) { field = get_below(2, key) != 0; }
  template <std::integral Value>
  void read(std::string_view key, Value& field) {
    field = get<Value>(key);
  }

 private:
  std::span<const std::uint8_t> bytes_;
  std::string_view name_;
  std::size_t position_ = 0;
};

void read_header(Reader& reader) {
  const auto magic = reader.get_bytes(kBinaryMagic.size(), "the magic number");
  if (!is_binary(magic)) {
    reader.fail("this is not a program in binary form");
  }
  const auto version = reader.get<std::uint32_t>("the version");
  if (version != kProgramVersion) {
    reader.fail(version_problem(version));
  }
}

Segment read_segment(Reader& reader) {
  Segment segment;
  reader.read("space", segment.space);
  reader.read("address", segment.address);
  const auto bytes =
      reader.get_bytes(reader.get_count<std::uint64_t>(1, "bytes of a segment"), "a segment");
  segment.bytes.assign(bytes.begin(), bytes.end());
  return segment;
}

Command read_command(Reader& reader) {
  Command command;
  command.operation = make_operation(reader.get_below(kOpcodes, "opcode"));
  command.wait = UnitSet::from_bits(reader.get_below(1 << kUnits, "wait"));
  command.signal = UnitSet::from_bits(reader.get_below(1 << kUnits, "signal"));
  reader.read("node", command.origin.node);
  reader.read("row", command.origin.row);
  reader.read("column", command.origin.column);
  reader.read("depth", command.origin.depth);
  std::visit(
      [&](auto& op) {
        visit_fields(op, [&](std::string_view key, auto& field, Form) { reader.read(key, field); });
      },
      command.operation);
  return command;
}

}  // namespace

std::vector<std::uint8_t> to_binary(const Program& program) {
  std::vector<std::uint8_t> bytes;
  Writer writer(bytes);
  writer.put_all(kBinaryMagic);
  writer.put(kProgramVersion);
  writer.put(static_cast<std::uint8_t>(program.pe));
  writer.put(static_cast<std::uint32_t>(program.nodes.size()));
  for (const std::string& node : program.nodes) {
    writer.put(static_cast<std::uint32_t>(node.size()));
    writer.put_all(node);
  }
  for (std::uint64_t size : program.space_bytes) {
    writer.put(size);
  }
  writer.put(std::uint64_t{program.image.size()});
  for (const Segment& segment : program.image) {
    writer.put(segment.space);
    writer.put(segment.address);
    writer.put(std::uint64_t{segment.bytes.size()});
    writer.put_all(segment.bytes);
  }
  writer.put(std::uint64_t{program.commands.size()});
  for (const Command& command : program.commands) {
    writer.put(command);
  }
  return bytes;
}

Program from_binary(std::span<const std::uint8_t> bytes, std::string_view name,
                    const Reading& reading) {
  Reader reader(bytes, name);
  read_header(reader);
  Program program;
  program.pe = static_cast<PeType>(reader.get_below(kPeTypes, "the PE type"));
  program.nodes.resize(reader.get_count<std::uint32_t>(kLeastNode, "nodes"));
  for (std::string& node : program.nodes) {
    const auto text = reader.get_bytes(reader.get<std::uint32_t>("a node"), "a node's name");
    node.assign(text.begin(), text.end());
  }
  for (std::uint64_t& size : program.space_bytes) {
    reader.read("the size of a space", size);
  }
  program.image.resize(reader.get_count<std::uint64_t>(kLeastSegment, "segments"));
  DataRanges data;
  for (Segment& segment : program.image) {
    segment = read_segment(reader);
    if (!data.add(segment.space, segment.address, segment.bytes.size())) {
      reader.fail(fmt::format("the segment that ends here, {} 0x{:x}, has bytes of an earlier one",
                              name_of(segment.space), segment.address));
    }
  }
  program.commands.resize(reader.get_count<std::uint64_t>(kLeastCommand, "commands"));
  for (std::size_t i = 0; i < program.commands.size(); ++i) {
    if (reading && i % kReadingStep == 0) {
      reading(bytes.size() - reader.left());
    }
    program.commands[i] = read_command(reader);
  }
  if (reader.left() > 0) {
    reader.fail(fmt::format("{} bytes too many after the last command", reader.left()));
  }
  return program;
}

bool is_binary(std::span<const std::uint8_t> bytes) {
  return bytes.size() >= kBinaryMagic.size() &&
         std::equal(kBinaryMagic.begin(), kBinaryMagic.end(), bytes.begin());
}

}  // namespace systol::isa
