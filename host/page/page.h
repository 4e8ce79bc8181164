// A page that opens anywhere, without a network: one HTML file with all that it needs.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "host/page/data_set.h"
#include "host/page/section.h"

namespace systol {

/// The same content always gives the same bytes.
class Page {
 public:
  /// `subtitle` is the line below the title, `maker` what made the page, at its end.
  Page(std::string title, std::string subtitle, std::string maker);

  /// A new section, after those that are there. It stays where it is.
  PageSection& section(std::string id, std::string title);
  /// For tables and charts to name. Throws std::logic_error for a row that is not as long as the
  /// columns are many.
  void data(DataSet data);

  std::string html() const;

 private:
  std::string content_json() const;

  std::string title_;
  std::string subtitle_;
  std::string maker_;
  std::deque<PageSection> sections_;
  std::vector<DataSet> data_;
};

}  // namespace systol
