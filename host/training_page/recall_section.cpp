#include "host/training_page/recall_section.h"

namespace systol {

void add_recall(Page& page, const TrainingReport& report) {
  if (report.recalls.empty()) {
    return;
  }
  DataSet data{"recalls", {"length", "sequences", "bits", "whole"}, {}};
  for (const Recall& recall : report.recalls) {
    data.rows.push_back(
        {recall.length, recall.sequences,
         static_cast<double>(recall.right) / static_cast<double>(recall.bits),
         static_cast<double>(recall.whole) / static_cast<double>(recall.sequences)});
  }
  PageSection& section = page.section("recall", "What it copies");
  section.table({"Sequences that were not learned",
                 data.name,
                 {{"length", "length", CellKind::Count},
                  {"sequences", "sequences", CellKind::Count},
                  {"bits", "bits right", CellKind::Share},
                  {"whole", "without an error", CellKind::Share}}});
  page.data(std::move(data));
  if (!report.heads.empty()) {
    std::vector<PagePicture> pictures;
    for (const SamplePicture& heads : report.heads) {
      pictures.push_back({heads.caption, "A row for each slot, a column for each step", heads.png});
    }
    section.paragraph(
        "The weights of the heads in one sequence: a row for each slot of the memory, a column for "
        "each step, white where the weight is 1. The first half of the steps reads the sequence, "
        "the second answers.");
    section.pictures(pictures);
  }
}

}  // namespace systol
