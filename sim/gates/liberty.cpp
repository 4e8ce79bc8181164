#include "sim/gates/liberty.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "sim/base/error.h"
#include "sim/base/input_file.h"
#include "sim/gates/boolean.h"
#include "sim/gates/liberty_tree.h"

namespace systol::gates {
namespace {

constexpr std::size_t kLargestLibrary = std::size_t{1} << 28;

std::vector<double> numbers(std::string_view text) {
  std::vector<double> values;
  while (!text.empty()) {
    const std::size_t begin = text.find_first_not_of(", \t\n\\");
    if (begin == std::string_view::npos) {
      break;
    }
    text.remove_prefix(begin);
    double value = 0.0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc()) {
      throw InputError(fmt::format("liberty: '{}' is not a number", text.substr(0, 20)));
    }
    values.push_back(value);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  }
  return values;
}

double number(const LibertyGroup& group, std::string_view attribute) {
  const std::vector<double> values = numbers(group.attribute(attribute));
  return values.empty() ? 0.0 : values.front();
}

/// The index before which `x` lies, and how far it is from the point before it.
struct Place {
  std::size_t index = 0;
  double part = 0.0;
};
Place place(const std::vector<double>& points, double x) {
  if (points.size() < 2) {
    return {};
  }
  const auto after = std::upper_bound(points.begin() + 1, points.end() - 1, x);
  const auto index = static_cast<std::size_t>(after - points.begin()) - 1;
  return {index, (x - points[index]) / (points[index + 1] - points[index])};
}

Table table_of(const LibertyGroup* group) {
  if (group == nullptr) {
    return {};
  }
  std::vector<double> first = numbers(group->attribute("index_1"));
  std::vector<double> second = numbers(group->attribute("index_2"));
  std::vector<double> values = numbers(group->attribute("values"));
  if (values.size() !=
      std::max<std::size_t>(first.size(), 1) * std::max<std::size_t>(second.size(), 1)) {
    throw InputError(fmt::format("liberty: a table of {} by {} has {} values", first.size(),
                                 second.size(), values.size()));
  }
  return second.empty() ? Table({}, std::move(first), std::move(values))
                        : Table(std::move(first), std::move(second), std::move(values));
}

Edges edges_of(const LibertyGroup& group, std::string_view rise, std::string_view fall) {
  return {table_of(group.group(rise)), table_of(group.group(fall))};
}

InputPin input_of(const LibertyGroup& pin) {
  InputPin input;
  input.name = pin.argument;
  input.capacitance = number(pin, "capacitance");
  if (const LibertyGroup* power = pin.group("internal_power")) {
    input.energy = edges_of(*power, "rise_power", "fall_power");
  }
  return input;
}

Arc arc_of(const LibertyGroup& pin, const std::string& from) {
  Arc arc;
  for (auto group = pin.groups.rbegin(); group != pin.groups.rend(); ++group) {
    if (group->attribute("related_pin") != from) {
      continue;
    }
    if (group->kind == "timing") {
      arc.delay = edges_of(*group, "cell_rise", "cell_fall");
      arc.slew = edges_of(*group, "rise_transition", "fall_transition");
    } else if (group->kind == "internal_power") {
      arc.energy = edges_of(*group, "rise_power", "fall_power");
    }
  }
  return arc;
}

OutputPin output_of(const LibertyGroup& pin, const Cell& cell) {
  OutputPin output;
  output.name = pin.argument;
  std::vector<std::string> names;
  for (const InputPin& input : cell.inputs) {
    names.push_back(input.name);
    output.arcs.push_back(arc_of(pin, input.name));
  }
  if (!cell.flip_flop) {
    output.truth = truth_table(pin.attribute("function"), names);
  }
  return output;
}

/// Nothing for a cell that is neither a gate nor a plain flip-flop of the rising edge.
std::optional<Cell> cell_of(const LibertyGroup& group) {
  Cell cell;
  cell.area = number(group, "area");
  cell.leakage = number(group, "cell_leakage_power");
  for (const LibertyGroup& pin : group.groups) {
    if (pin.kind == "pin" && pin.attribute("direction") == "input") {
      cell.inputs.push_back(input_of(pin));
    }
  }
  if (const LibertyGroup* ff = group.group("ff")) {
    const std::string clock = ff->attribute("clocked_on");
    if (cell.inputs.size() != 2 || clock.find('!') != std::string::npos) {
      return std::nullopt;
    }
    cell.flip_flop = Cell::Register{cell.input(clock), cell.input(ff->attribute("next_state"))};
  }
  for (const LibertyGroup& pin : group.groups) {
    const bool other = pin.kind == "latch" || !pin.attribute("three_state").empty();
    if (other || cell.inputs.size() > kMostInputs) {
      return std::nullopt;
    }
    if (pin.kind == "pin" && pin.attribute("direction") == "output") {
      cell.outputs.push_back(output_of(pin, cell));
    }
  }
  return cell;
}

}  // namespace

double Table::at(double load, double slew) const {
  if (values_.empty()) {
    return 0.0;
  }
  const Place column = place(slews_, slew);
  const auto along_slews = [&](std::size_t row) {
    const double* values = &values_[row * slews_.size() + column.index];
    return column.part == 0.0 ? values[0] : values[0] + column.part * (values[1] - values[0]);
  };
  const Place row = place(loads_, load);
  const double first = along_slews(row.index);
  return row.part == 0.0 ? first : first + row.part * (along_slews(row.index + 1) - first);
}

std::size_t Cell::input(const std::string& pin) const {
  const auto found = std::find_if(inputs.begin(), inputs.end(),
                                  [&](const InputPin& input) { return input.name == pin; });
  if (found == inputs.end()) {
    throw InputError(fmt::format("liberty: a cell has no input '{}'", pin));
  }
  return static_cast<std::size_t>(found - inputs.begin());
}

Library read_liberty(const std::filesystem::path& path) {
  const LibertyGroup root =
      parse_liberty(read_whole_file(path, "a cell library", kLargestLibrary), path.string());
  Library library;
  library.volts = number(root, "nom_voltage");
  for (const LibertyGroup& group : root.groups) {
    if (group.kind == "cell") {
      if (std::optional<Cell> cell = cell_of(group)) {
        library.cells.emplace(group.argument, std::move(*cell));
      }
    }
  }
  return library;
}

}  // namespace systol::gates
