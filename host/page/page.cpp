#include "host/page/page.h"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

#include "host/page/assets.h"
#include "host/page/html_text.h"

namespace systol {
namespace {

using Json = nlohmann::ordered_json;

/// Nothing is loaded from anywhere. Vega compiles its expressions, for which it needs 'eval'.
constexpr const char* kPolicy =
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline' 'unsafe-eval'; "
    "img-src data:";

void append(Json& all, const std::vector<Json>& more) {
  for (const Json& one : more) {
    all.push_back(one);
  }
}

}  // namespace

Page::Page(std::string title, std::string subtitle, std::string maker)
    : title_(std::move(title)), subtitle_(std::move(subtitle)), maker_(std::move(maker)) {}

PageSection& Page::section(std::string id, std::string title) {
  return sections_.emplace_back(std::move(id), std::move(title));
}

void Page::data(DataSet data) {
  for (const Json& row : data.rows) {
    if (row.size() != data.columns.size()) {
      throw std::logic_error(fmt::format("data set {}: a row of {} values for {} columns",
                                         data.name, row.size(), data.columns.size()));
    }
  }
  data_.push_back(std::move(data));
}

std::string Page::content_json() const {
  Json content = {{"data", Json::object()},
                  {"tables", Json::array()},
                  {"charts", Json::array()},
                  {"arrays", Json::array()}};
  for (const DataSet& data : data_) {
    content["data"][data.name] = {{"columns", data.columns}, {"rows", data.rows}};
  }
  for (const PageSection& section : sections_) {
    append(content["tables"], section.tables());
    append(content["charts"], section.charts());
    append(content["arrays"], section.arrays());
  }
  return script_json(content);
}

std::string Page::html() const {
  std::string links;
  std::string sections;
  for (const PageSection& section : sections_) {
    links +=
        fmt::format("<li><a href=\"#{}\">{}</a></li>", section.id(), html_text(section.title()));
    sections += section.html();
  }
  std::string html = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<title>{}</title>\n<style>\n",
      kPolicy, html_text(title_));
  html += systol_page_style;
  html += fmt::format(
      "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#content\">Skip to the content</a>\n"
      "<header><h1>{}</h1><p>{}</p></header>\n"
      "<nav aria-label=\"Sections\"><ul>{}</ul></nav>\n"
      "<noscript><p class=\"missing\">Tables and charts need JavaScript, which is switched off."
      "</p></noscript>\n<main id=\"content\">\n{}</main>\n",
      html_text(title_), html_text(subtitle_), links, sections);
  html += fmt::format(
      "<footer><p>{}</p><details><summary>Licences of Vega, which draws the charts</summary>"
      "<pre tabindex=\"0\" aria-label=\"Licences\">{}</pre></details></footer>\n",
      html_text(maker_), html_text(systol_vega_licences));
  html += "<script type=\"application/json\" id=\"page-content\">" + content_json() + "</script>\n";
  for (const char* script :
       {systol_vega, systol_vega_lite, systol_array_player_script, systol_page_script}) {
    html += "<script>";
    html += script;
    html += "</script>\n";
  }
  return html + "</body>\n</html>\n";
}

}  // namespace systol
