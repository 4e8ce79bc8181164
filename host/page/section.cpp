#include "host/page/section.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "host/page/base64.h"
#include "host/page/html_text.h"

namespace systol {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 8> kCellKindNames = {"text",   "count", "share", "number",
                                                            "energy", "power", "time",  "bytes"};

}  // namespace

PageSection::PageSection(std::string id, std::string title)
    : id_(std::move(id)), title_(std::move(title)) {}

void PageSection::paragraph(std::string_view text) {
  content_ += fmt::format("<p>{}</p>\n", html_text(text));
}

void PageSection::missing(std::string_view why) {
  content_ += fmt::format("<p class=\"missing\">{}</p>\n", html_text(why));
}

void PageSection::facts(const std::vector<PageFact>& facts) {
  content_ += "<dl class=\"facts\">\n";
  for (const PageFact& fact : facts) {
    content_ += fmt::format("<div><dt>{}</dt><dd>{}", html_text(fact.label), html_text(fact.value));
    if (!fact.note.empty()) {
      content_ += fmt::format("<small>{}</small>", html_text(fact.note));
    }
    content_ += "</dd></div>\n";
  }
  content_ += "</dl>\n";
}

void PageSection::code(std::string_view label, std::string_view text) {
  content_ += fmt::format(
      "<figure class=\"code\"><figcaption>{0}<button type=\"button\" class=\"copy\">Copy"
      "</button></figcaption><pre tabindex=\"0\" aria-label=\"{0}\"><code>{1}</code></pre>"
      "</figure>\n",
      html_text(label), html_text(text));
}

void PageSection::list(const std::vector<std::string>& lines) {
  content_ += "<ul>\n";
  for (const std::string& line : lines) {
    content_ += fmt::format("<li>{}</li>\n", html_text(line));
  }
  content_ += "</ul>\n";
}

void PageSection::table(const PageTable& table) {
  const std::string place = fmt::format("{}-table-{}", id_, tables_.size());
  Json columns = Json::array();
  for (const PageColumn& column : table.columns) {
    columns.push_back({{"key", column.key},
                       {"title", column.title},
                       {"kind", kCellKindNames[static_cast<std::size_t>(column.kind)]}});
  }
  tables_.push_back({{"place", place},
                     {"caption", table.caption},
                     {"data", table.data},
                     {"columns", columns},
                     {"filter", table.filter}});
  const std::string div = fmt::format("<div class=\"table\" id=\"{}\"></div>", place);
  content_ += table.folded ? fmt::format("<details><summary>{}</summary>{}</details>\n",
                                         html_text(table.caption), div)
                           : div + "\n";
}

void PageSection::chart(const PageChart& chart) {
  const std::string place = fmt::format("{}-chart-{}", id_, charts_.size());
  charts_.push_back({{"place", place}, {"spec", chart.spec}});
  content_ += fmt::format(
      "<figure class=\"chart\"><figcaption>{}</figcaption>"
      "<div id=\"{}\" class=\"plot\" role=\"img\" aria-label=\"{}\"></div></figure>\n",
      html_text(chart.caption), place, html_text(chart.description));
}

void PageSection::pictures(const std::vector<PagePicture>& pictures) {
  content_ += "<div class=\"pictures\">\n";
  for (const PagePicture& picture : pictures) {
    content_ += fmt::format(
        "<figure><figcaption>{}</figcaption><img alt=\"{}\" src=\"data:image/png;base64,{}\">"
        "</figure>\n",
        html_text(picture.caption), html_text(picture.description), base64(picture.png));
  }
  content_ += "</div>\n";
}

void PageSection::array(const ArrayPlayer& player) {
  const std::string place = fmt::format("{}-array-{}", id_, arrays_.size());
  Json cycles = Json::array();
  for (const ArrayPlayerCycle& cycle : player.cycles) {
    cycles.push_back({{"ledger", cycle.ledger}, {"registers", cycle.registers}});
  }
  arrays_.push_back({{"place", place},
                     {"description", player.description},
                     {"rows", player.rows},
                     {"columns", player.columns},
                     {"inPlace", player.in_place},
                     {"first", player.first},
                     {"cycles", cycles}});
  content_ += fmt::format(
      "<figure><figcaption>{}</figcaption><div id=\"{}\" class=\"array\"></div></figure>\n",
      html_text(player.caption), place);
}

std::string PageSection::html() const {
  return fmt::format(
      "<section id=\"{0}\" aria-labelledby=\"{0}-title\">\n<h2 id=\"{0}-title\">{1}</h2>\n"
      "{2}</section>\n",
      id_, html_text(title_), content_);
}

}  // namespace systol
