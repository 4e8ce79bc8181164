// Tables as text: a row a line, fields with a separator between them.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace systol {

/// What stands between two separators, without the blanks and quotes around it.
struct CsvField {
  std::string_view text;
  std::size_t line = 0;    ///< from 1
  std::size_t column = 0;  ///< of its first character, from 1
};

/// Reads RFC 4180 and what spreadsheets make of it. The separator is a tab, a semicolon or a comma:
/// the first of these, in this order, that the first line has. Lines end with LF or CRLF; blank
/// lines and a byte order mark are passed over.
class CsvReader {
 public:
  /// `text` must outlive the reader and its fields; `name` is what errors begin with.
  CsvReader(std::string_view text, std::string name);

  /// The next row, until the next call; none at the end. Throws InputError for a quote that is not
  /// closed or that a field goes on after, and for too many fields.
  const std::vector<CsvField>& next();

  /// Throws the InputError "name:line:column: found '...', allowed: ...".
  [[noreturn]] void fail(const CsvField& field, std::string_view allowed) const;
  const std::string& name() const { return name_; }

 private:
  void skip_blank_lines();
  CsvField field();
  CsvField quoted();
  void skip_blanks();
  bool is_blank(char c) const { return c == ' ' || (c == '\t' && separator_ != '\t'); }
  bool at_line_end() const;
  void end_line();
  std::size_t column() const { return at_ - line_start_ + 1; }

  std::string_view text_;
  std::string name_;
  char separator_;
  std::size_t at_ = 0;          ///< in the text: what is read next
  std::size_t line_ = 1;        ///< its line
  std::size_t line_start_ = 0;  ///< where that begins
  std::vector<CsvField> fields_;
};

/// The number that the whole text is, written with a point; nothing for anything else. One that is
/// too large, and "inf" and "nan", are numbers that are not finite.
std::optional<double> csv_number(std::string_view text);

/// Whether a first row names the columns: it has text, and no field of it is a number.
bool is_csv_header(const std::vector<CsvField>& row);

}  // namespace systol
