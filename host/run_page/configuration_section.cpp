#include "host/run_page/sections.h"
#include "sim/config/array_file.h"

namespace systol {

void add_configuration(Page& page, const RunReport& report) {
  PageSection& section = page.section("configuration", "The array");
  section.paragraph(
      "Every key with its value, the defaults and what the command changed included. This is an "
      "array "
      "file: saved, it gives the same array.");
  section.code("Array file", to_yaml(report.array));
}

}  // namespace systol
