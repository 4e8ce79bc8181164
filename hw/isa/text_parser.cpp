#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "hw/isa/data_ranges.h"
#include "hw/isa/text.h"
#include "hw/isa/text_command.h"
#include "hw/isa/version.h"
#include "hw/isa/words.h"

namespace systol::isa {
namespace {

/// Reads line by line; the sections come in the order in which to_text writes them.
class Parser {
 public:
  Program take() && { return std::move(program_); }

  void read(const Line& line) {
    static constexpr std::array<std::string_view, 5> kSections = {"program", "node", "space",
                                                                  "data", "more"};
    const Word& first = line.words()[0];
    const auto section = static_cast<std::size_t>(
        std::find(kSections.begin(), kSections.end(), first.text) - kSections.begin());
    if (section > 0 && !started_) {
      line.fail(first, no_header());
    }
    if (section < last_section_ && section < 4) {
      line.fail(first, fmt::format("'{}' is too late here; the order is program, node, space, "
                                   "data, commands",
                                   first.text));
    }
    switch (section) {
      case 0:
        return read_header(line);
      case 1:
        return read_node(line);
      case 2:
        return read_space(line);
      case 3:
        return read_data(line);
      case 4:
        return read_more(line);
      default:
        return read_operation(line);
    }
  }

  void finish(const Line& last) const {
    if (!started_) {
      last.fail(last.end(), no_header());
    }
    for (std::size_t i = 0; i < kSpaces; ++i) {
      if (!space_given_[i]) {
        last.fail(last.end(),
                  fmt::format("the line 'space {} <bytes>' is missing", kSpaceNames[i]));
      }
    }
  }

 private:
  static constexpr std::string_view kHeaderUsage = "program <version> <PE type>";

  static std::string no_header() {
    return fmt::format("expected 'program {} {}' first", kProgramVersion, kPeTypeNames[0]);
  }
  static void require_words(const Line& line, std::size_t least, std::size_t most,
                            std::string_view usage) {
    const std::size_t count = line.words().size();
    if (count < least || count > most) {
      line.fail(count < least ? line.end() : line.words()[most],
                fmt::format("expected: {}", usage));
    }
  }

  void read_header(const Line& line) {
    if (started_) {
      line.fail(line.words()[0], "'program' is given twice");
    }
    require_words(line, 2, 3, kHeaderUsage);
    const std::uint64_t version = line.number(line.words()[1], "version", kMaxU64);
    if (version != kProgramVersion) {
      line.fail(line.words()[1], version_problem(version));
    }
    require_words(line, 3, 3, kHeaderUsage);
    program_.pe = static_cast<PeType>(line.one_of(line.words()[2], "PE type", kPeTypeNames));
    started_ = true;
  }

  void read_node(const Line& line) {
    require_words(line, 3, 3, "node <number> \"<name>\"");
    const std::size_t next = program_.nodes.size();
    if (line.number(line.words()[1], "node", kMaxU64) != next) {
      line.fail(line.words()[1], fmt::format("nodes count up from 0; expected {}", next));
    }
    program_.nodes.push_back(line.unquoted(line.words()[2]));
    last_section_ = 1;
  }

  void read_space(const Line& line) {
    require_words(line, 3, 3, "space <name> <bytes>");
    const std::size_t space = line.one_of(line.words()[1], "space", kSpaceNames);
    if (space_given_[space]) {
      line.fail(line.words()[1], fmt::format("space '{}' is given twice", kSpaceNames[space]));
    }
    program_.space_bytes[space] = line.number(line.words()[2], "bytes", kMaxU64);
    space_given_[space] = true;
    last_section_ = 2;
  }

  void read_data(const Line& line) {
    require_words(line, 3, 4, "data <space> <address> <hex bytes>");
    Segment segment;
    segment.space = static_cast<Space>(line.one_of(line.words()[1], "space", kSpaceNames));
    segment.address = line.number(line.words()[2], "address", kMaxU64);
    program_.image.push_back(std::move(segment));
    read_bytes(line);
    last_section_ = 3;
  }

  void read_more(const Line& line) {
    require_words(line, 4, 4, "more <space> <address> <hex bytes>");
    if (last_section_ != 3) {
      line.fail(line.words()[0], "'more' continues a 'data' line, and there is none above");
    }
    const Segment& segment = program_.image.back();
    const std::uint64_t expected = segment.address + segment.bytes.size();
    if (static_cast<Space>(line.one_of(line.words()[1], "space", kSpaceNames)) != segment.space ||
        line.number(line.words()[2], "address", kMaxU64) != expected) {
      line.fail(line.words()[1], fmt::format("'more' continues the line above: {} 0x{:x} expected",
                                             name_of(segment.space), expected));
    }
    read_bytes(line);
  }

  void read_bytes(const Line& line) {
    if (line.words().size() < 4) {
      return;
    }
    const Word& word = line.words()[3];
    if (word.text.size() > 2 * kTextBytesPerLine) {
      line.fail(word, fmt::format("at most {} bytes per line", kTextBytesPerLine));
    }
    Segment& segment = program_.image.back();
    const std::size_t before = segment.bytes.size();
    line.append_hex(word, segment.bytes);
    if (!data_.add(segment.space, segment.address + before, segment.bytes.size() - before)) {
      line.fail(line.words()[2],
                fmt::format("{} has data here already, from a line above", name_of(segment.space)));
    }
  }

  void read_operation(const Line& line) {
    const std::size_t opcode = line.one_of(line.words()[0], "command", kMnemonics);
    program_.commands.push_back(read_command(line, opcode));
    last_section_ = 5;
  }

  Program program_;
  DataRanges data_;
  bool started_ = false;
  std::array<bool, kSpaces> space_given_{};
  std::size_t last_section_ = 0;
};

}  // namespace

Program from_text(std::string_view text, std::string_view name, const Reading& reading) {
  const std::size_t bytes = text.size();
  Parser parser;
  std::uint64_t number = 1;
  while (true) {
    if (reading && number % kReadingStep == 0) {
      reading(bytes - text.size());
    }
    const std::size_t end = std::min(text.find('\n'), text.size());
    const Line line(text.substr(0, end), number, name);
    if (!line.words().empty()) {
      parser.read(line);
    }
    if (end == text.size()) {
      parser.finish(line);
      return std::move(parser).take();
    }
    text.remove_prefix(end + 1);
    ++number;
  }
}

}  // namespace systol::isa
