#include "host/import/csv_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <string>

#include "host/import/csv.h"
#include "sim/base/error.h"

namespace systol {
namespace {

constexpr std::size_t kLargestTable = std::size_t{1} << 30;

/// The rows after the header.
class TableRows {
 public:
  explicit TableRows(ByteReader& reader)
      : text_(read_rest(reader, kLargestTable, "a table")), csv_(text_, reader.name()) {
    row_ = &csv_.next();
    columns_ = row_->size();
    header_ = is_csv_header(*row_);
    if (header_) {
      row_ = &csv_.next();
    }
    if (row_->empty()) {
      throw InputError(fmt::format("{}: {}", reader.name(),
                                   header_ ? "nothing follows the header" : "the file is empty"));
    }
  }

  bool has_header() const { return header_; }
  std::size_t columns() const { return columns_; }
  const CsvReader& csv() const { return csv_; }

  /// Calls `take` for each row. They all have as many fields.
  template <class Take>
  void each(Take take) {
    for (; !row_->empty(); row_ = &csv_.next()) {
      if (row_->size() != columns_) {
        throw InputError(fmt::format("{}:{}: found {} columns, allowed: {}, as the first line has",
                                     csv_.name(), row_->front().line, row_->size(), columns_));
      }
      take(*row_);
    }
  }

 private:
  std::string text_;
  CsvReader csv_;
  const std::vector<CsvField>* row_ = nullptr;
  std::size_t columns_ = 0;
  bool header_ = false;
};

float value_of(const CsvReader& csv, const CsvField& field) {
  const std::optional<double> number = csv_number(field.text);
  if (!number) {
    csv.fail(field, "a number, written with a point");
  }
  if (!(std::fabs(*number) <= std::numeric_limits<float>::max())) {
    csv.fail(field, "finite numbers that float32 can hold");
  }
  return static_cast<float>(*number);
}

std::uint32_t label_of(const CsvReader& csv, const CsvField& field) {
  std::uint32_t label = 0;
  const char* const last = field.text.data() + field.text.size();
  const auto [end, error] = std::from_chars(field.text.data(), last, label);
  if (error != std::errc() || end != last) {
    csv.fail(field, "a label: a whole number from 0 on");
  }
  return label;
}

}  // namespace

SampleFile read_csv_samples(ByteReader& reader, std::size_t most) {
  TableRows rows(reader);
  SampleFile file;
  file.name = reader.name();
  file.shape = {static_cast<std::int64_t>(rows.columns())};
  file.how = fmt::format("{} column{} {} a header", rows.columns(), rows.columns() == 1 ? "" : "s",
                         rows.has_header() ? "with" : "without");
  rows.each([&](const std::vector<CsvField>& row) {
    ++file.count;
    check_kept(file.name, std::min(file.count, most), file.shape);
    for (const CsvField& field : row) {
      const float value = value_of(rows.csv(), field);
      if (file.count <= most) {
        file.values.push_back(value);
      }
    }
  });
  return file;
}

std::vector<std::uint32_t> read_csv_labels(ByteReader& reader) {
  TableRows rows(reader);
  if (rows.columns() != 1) {
    throw InputError(
        fmt::format("{}: it has {} columns; labels have one", reader.name(), rows.columns()));
  }
  std::vector<std::uint32_t> labels;
  rows.each([&](const std::vector<CsvField>& row) {
    labels.push_back(label_of(rows.csv(), row.front()));
  });
  return labels;
}

}  // namespace systol
