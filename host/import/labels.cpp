#include "host/import/labels.h"

#include <fmt/format.h>

#include <algorithm>

#include "host/graph/classes.h"
#include "host/import/array_source.h"
#include "host/import/csv_table.h"
#include "host/import/limits.h"
#include "sim/base/error.h"

namespace systol {
namespace {

/// [samples] or [samples][1].
std::vector<std::uint32_t> read_array_labels(ArraySource& array) {
  const ArrayHeader& header = array.header();
  const std::uint64_t count = elements(header.shape);
  if (header.shape.empty() || count != static_cast<std::uint64_t>(header.shape.front())) {
    array.body().fail(
        fmt::format("its shape is {}; labels have one dimension", to_string(header.shape)));
  }
  if (!is_integer(header.format.type)) {
    array.body().fail(
        fmt::format("its numbers are {}; labels are integers", name_of(header.format.type)));
  }
  check_kept(array.body().name(), count, {});
  std::vector<std::uint32_t> labels;
  for (const double number : read_numbers(array.body(), header, count)) {
    if (number < 0 || number > kMaxUnits) {
      array.body().fail(
          fmt::format("label {} is {}; allowed: whole numbers from 0 on", labels.size(), number));
    }
    labels.push_back(static_cast<std::uint32_t>(number));
  }
  return labels;
}

}  // namespace

std::vector<std::uint32_t> read_labels(const FilePlace& place) {
  ByteSource source(place.path);
  const FileFormat format = format_of(source);
  if (place.member.empty() && (format == FileFormat::Picture || format == FileFormat::Unknown)) {
    source.fail(
        "not a file of labels; allowed: IDX, .npy and .npz, which are known by their first bytes, "
        "and text named .csv, .tsv or .txt");
  }
  if (place.member.empty() && format == FileFormat::Table) {
    return read_csv_labels(source);
  }
  ArraySource array(source, format, place.member);
  return read_array_labels(array);
}

void check_labels(const std::vector<std::uint32_t>& labels, std::size_t samples,
                  std::uint32_t outputs, const std::string& name) {
  if (labels.size() != samples) {
    throw InputError(fmt::format("{}: it holds {} labels, but there are {} samples", name,
                                 labels.size(), samples));
  }
  const std::uint32_t classes = class_count(outputs);
  const auto wrong =
      std::ranges::find_if(labels, [classes](std::uint32_t label) { return label >= classes; });
  if (wrong != labels.end()) {
    const std::string has =
        outputs == 1 ? "one output, for the labels 0 and 1"
                     : fmt::format("{} outputs, for the labels 0 to {}", outputs, classes - 1);
    throw InputError(fmt::format("{}: label {} is {}, but the network has {}", name,
                                 wrong - labels.begin(), *wrong, has));
  }
}

}  // namespace systol
