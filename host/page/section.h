// A part of a page: paragraphs, facts, tables and charts under a heading.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "host/page/array_player.h"

namespace systol {

/// With more points a chart is drawn as a picture, which is faster.
inline constexpr std::size_t kMostShapes = 1'000;

/// A number that a reader looks for first.
struct PageFact {
  std::string label;
  std::string value;
  std::string note;  ///< smaller, below it; may be empty
};

/// How a table writes a column's numbers.
enum class CellKind {
  Text,
  Count,    ///< a whole number
  Share,    ///< 0 to 1, written as a percentage
  Number,   ///< three digits
  Energy,   ///< of picojoules
  Power,    ///< of watts
  Time,     ///< of seconds
  DataSize  ///< of bytes
};

struct PageColumn {
  std::string key;  ///< of the data set
  std::string title;
  CellKind kind = CellKind::Text;
};

/// The rows of a data set. A click on a heading sorts them.
struct PageTable {
  std::string caption;
  std::string data;
  std::vector<PageColumn> columns;
  bool filter = false;  ///< with a field that shows only the rows with a text
  bool folded = false;  ///< only its caption is shown until somebody opens it
};

/// A picture of few pixels, which are shown as squares.
struct PagePicture {
  std::string caption;
  std::string description;  ///< what it shows, for those who do not see it
  std::string png;          ///< the bytes of a PNG
};

/// A Vega-Lite specification, whose `data` name data sets of the page.
struct PageChart {
  std::string caption;
  std::string description;  ///< what it shows, for those who do not see it
  nlohmann::ordered_json spec;
};

class PageSection {
 public:
  /// `id` is the section's address in the page: letters and hyphens.
  PageSection(std::string id, std::string title);

  void paragraph(std::string_view text);
  /// Why something that a reader would look for is not here.
  void missing(std::string_view why);
  void facts(const std::vector<PageFact>& facts);
  /// Text as it is, with its lines, that can be copied.
  void code(std::string_view label, std::string_view text);
  void list(const std::vector<std::string>& lines);
  void table(const PageTable& table);
  void chart(const PageChart& chart);
  /// Beside each other, as far as there is room.
  void pictures(const std::vector<PagePicture>& pictures);
  void array(const ArrayPlayer& player);

  const std::string& id() const { return id_; }
  const std::string& title() const { return title_; }
  std::string html() const;
  /// For the page's script: what goes into the places that the HTML has for tables, charts and
  /// arrays.
  const std::vector<nlohmann::ordered_json>& tables() const { return tables_; }
  const std::vector<nlohmann::ordered_json>& charts() const { return charts_; }
  const std::vector<nlohmann::ordered_json>& arrays() const { return arrays_; }

 private:
  std::string id_;
  std::string title_;
  std::string content_;
  std::vector<nlohmann::ordered_json> tables_;
  std::vector<nlohmann::ordered_json> charts_;
  std::vector<nlohmann::ordered_json> arrays_;
};

}  // namespace systol
