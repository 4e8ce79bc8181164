#include "host/import/csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

#include "host/import/limits.h"
#include "sim/base/error.h"
#include "sim/base/text.h"

namespace systol {
namespace {

constexpr std::string_view kCsvByteOrderMark = "\xEF\xBB\xBF";
constexpr std::size_t kShownCharacters = 40;

/// Of the first line: separators in quotes are part of a name.
char separator_of(std::string_view text) {
  bool in_quotes = false;
  bool tab = false;
  bool semicolon = false;
  text.remove_prefix(std::min(text.find_first_not_of("\r\n"), text.size()));
  for (const char c : text) {
    in_quotes = in_quotes != (c == '"');
    if (c == '\n' && !in_quotes) {
      break;
    }
    tab = tab || (c == '\t' && !in_quotes);
    semicolon = semicolon || (c == ';' && !in_quotes);
  }
  if (tab) {
    return '\t';
  }
  return semicolon ? ';' : ',';
}

}  // namespace

CsvReader::CsvReader(std::string_view text, std::string name)
    : text_(text.starts_with(kCsvByteOrderMark) ? text.substr(kCsvByteOrderMark.size()) : text),
      name_(std::move(name)),
      separator_(separator_of(text_)) {}

const std::vector<CsvField>& CsvReader::next() {
  fields_.clear();
  skip_blank_lines();
  while (at_ < text_.size() || !fields_.empty()) {
    if (fields_.size() == kMaxUnits) {
      throw InputError(fmt::format("{}:{}: more than {} fields; that many are supported", name_,
                                   line_, kMaxUnits));
    }
    fields_.push_back(field());
    if (at_line_end()) {
      end_line();
      break;
    }
    ++at_;  // the separator
  }
  return fields_;
}

void CsvReader::fail(const CsvField& field, std::string_view allowed) const {
  const std::string found =
      field.text.empty() ? "nothing"
                         : fmt::format("'{}{}'", printable(field.text.substr(0, kShownCharacters)),
                                       field.text.size() > kShownCharacters ? "..." : "");
  throw InputError(fmt::format("{}:{}:{}: found {}, allowed: {}", name_, field.line, field.column,
                               found, allowed));
}

void CsvReader::skip_blank_lines() {
  while (at_ < text_.size()) {
    const std::size_t start = at_;
    skip_blanks();
    if (!at_line_end()) {
      at_ = start;
      return;
    }
    end_line();
  }
}

void CsvReader::skip_blanks() {
  while (at_ < text_.size() && is_blank(text_[at_])) {
    ++at_;
  }
}

bool CsvReader::at_line_end() const {
  const std::string_view rest = text_.substr(at_);
  return rest.empty() || rest.front() == '\n' || rest.starts_with("\r\n") || rest == "\r";
}

void CsvReader::end_line() {
  at_ = std::min(text_.find('\n', at_), text_.size() - 1) + 1;
  ++line_;
  line_start_ = at_;
}

/// Leaves `at_` at the separator or the line's end.
CsvField CsvReader::field() {
  skip_blanks();
  if (text_.substr(at_).starts_with('"')) {
    return quoted();
  }
  CsvField field{{}, line_, column()};
  const std::size_t start = at_;
  while (!at_line_end() && text_[at_] != separator_) {
    ++at_;
  }
  field.text = text_.substr(start, at_ - start);
  while (!field.text.empty() && is_blank(field.text.back())) {
    field.text.remove_suffix(1);
  }
  return field;
}

/// A quote in the text is written twice, and stays so: only numbers are read from it.
CsvField CsvReader::quoted() {
  CsvField field{{}, line_, column()};
  const std::size_t start = ++at_;
  while (at_ < text_.size() && (text_[at_] != '"' || text_.substr(at_).starts_with("\"\""))) {
    if (text_[at_] == '\n') {
      ++line_;
      line_start_ = at_ + 1;
    }
    at_ += text_[at_] == '"' ? 2 : 1;
  }
  field.text = text_.substr(start, std::min(at_, text_.size()) - start);
  if (at_ >= text_.size()) {
    fail(field, "a quote at its end, too");
  }
  ++at_;
  skip_blanks();
  if (!at_line_end() && text_[at_] != separator_) {
    fail({text_.substr(at_, 1), line_, column()},
         separator_ == '\t' ? "a tab or the line's end after a quote"
                            : fmt::format("'{}' or the line's end after a quote", separator_));
  }
  return field;
}

std::optional<double> csv_number(std::string_view text) {
  if (text.starts_with('+') && !text.starts_with("+-")) {
    text.remove_prefix(1);
  }
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (end != text.data() + text.size() || error == std::errc::invalid_argument) {
    return std::nullopt;
  }
  return error == std::errc::result_out_of_range ? std::numeric_limits<double>::infinity() : number;
}

bool is_csv_header(const std::vector<CsvField>& row) {
  return std::ranges::none_of(
             row, [](const CsvField& field) { return csv_number(field.text).has_value(); }) &&
         std::ranges::any_of(row, [](const CsvField& field) { return !field.text.empty(); });
}

}  // namespace systol
