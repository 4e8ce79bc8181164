#include "host/page/page.h"

#include <gtest/gtest.h>

#include "host/page/html_text.h"
#include "host/page/stacked_bars.h"

namespace systol::test {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kHostile = "</script><script>alert(1)</script>\"'&";

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++found;
  }
  return found;
}

/// What the page's script reads.
Json content(const std::string& html) {
  const std::string begin = "<script type=\"application/json\" id=\"page-content\">";
  const std::size_t from = html.find(begin) + begin.size();
  return Json::parse(html.substr(from, html.find("</script>", from) - from));
}

/// With `text` wherever a page takes one.
std::string page_of(const std::string& text) {
  Page page(text, text, text);
  PageSection& section = page.section("all", text);
  section.paragraph(text);
  section.missing(text);
  section.facts({{text, text, text}});
  section.code(text, text);
  section.list({text});
  page.data({"rows", {text, "number"}, {Json::array({text, 1})}});
  section.table({text, "rows", {{text, text}, {"number", "n", CellKind::Count}}, true, true});
  section.chart(
      {text, text, stacked_bars({"rows", 1, text, {{"number", "#000000"}}, text, text, text})});
  return page.html();
}

TEST(HtmlText, MarkupAndQuotesAreEscaped) {
  EXPECT_EQ(html_text("<a b=\"c\">&amp;</a>"), "&lt;a b=&quot;c&quot;&gt;&amp;amp;&lt;/a&gt;");
}

TEST(HtmlText, ControlCharactersAreShownAndLinesStay) {
  EXPECT_EQ(html_text("a\x01\n\xff"), "a\\x01\n\\xff");
}

TEST(ScriptJson, HasNoTagAndReadsBackAsTheSameText) {
  const Json json = {{"name", kHostile}};
  const std::string text = script_json(json);
  EXPECT_EQ(text.find('<'), std::string::npos);
  EXPECT_EQ(Json::parse(text), json);
}

TEST(ScriptJson, BytesThatAreNoTextDoNotStopIt) {
  EXPECT_EQ(script_json(Json("a\xff")), "\"a\xef\xbf\xbd\"");
}

TEST(Page, TextNeverBecomesMarkup) {
  const std::string harmless = page_of("text");
  const std::string hostile = page_of(kHostile);
  for (const std::string tag : {"<script", "</script", "<p", "<li", "<div", "</"}) {
    EXPECT_EQ(count(hostile, tag), count(harmless, tag)) << tag;
  }
}

TEST(Page, IsTheSameForTheSameContent) { EXPECT_EQ(page_of("text"), page_of("text")); }

TEST(Page, LoadsNothing) {
  const std::string html = page_of("text");
  EXPECT_EQ(count(html, "<link"), 0U);
  EXPECT_EQ(count(html, " src=\""), 0U);
  EXPECT_NE(html.find("content=\"default-src 'none'; "), std::string::npos);
}

TEST(Page, BringsItsDataAndWhatToDrawWithIt) {
  const Json read = content(page_of("text"));
  EXPECT_EQ(read["data"]["rows"]["columns"], Json::array({"text", "number"}));
  EXPECT_EQ(read["data"]["rows"]["rows"], Json::array({Json::array({"text", 1})}));
  EXPECT_EQ(read["tables"][0]["place"], "all-table-0");
  EXPECT_EQ(read["tables"][0]["columns"][1],
            Json({{"key", "number"}, {"title", "n"}, {"kind", "count"}}));
  EXPECT_EQ(read["charts"][0]["place"], "all-chart-0");
  EXPECT_EQ(read["charts"][0]["spec"]["data"]["name"], "rows");
}

TEST(Page, ARowOfAnotherLengthIsAMistake) {
  Page page("a", "b", "c");
  EXPECT_THROW(page.data({"rows", {"x", "y"}, {Json::array({1})}}), std::logic_error);
}

TEST(StackedBars, APartIsAColumnWithItsColour) {
  const Json spec = stacked_bars(
      {"rows", 9, "bar", {{"a", "#111111"}, {"b", "#222222"}}, "part", "cycles", "~s"});
  EXPECT_EQ(spec["transform"][0]["fold"], Json::array({"a", "b"}));
  EXPECT_EQ(spec["encoding"]["color"]["scale"],
            Json({{"domain", {"a", "b"}}, {"range", {"#111111", "#222222"}}}));
  EXPECT_EQ(spec["encoding"]["x"]["axis"]["labelAngle"], -45);
}

}  // namespace
}  // namespace systol::test
