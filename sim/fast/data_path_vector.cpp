// The vector unit's commands.
#include <cstring>

#include "sim/fast/data_path.h"
#include "sim/fast/normalise.h"
#include "sim/fast/softmax.h"

namespace systol {

void DataPath::apply(const isa::Softmax& softmax) {
  std::array<std::uint16_t, isa::kTableEntries> exponentials;
  std::memcpy(exponentials.data(), buffer_at(softmax.table), sizeof exponentials);
  FastSoftmax unit(exponentials);
  for (std::uint32_t row = 0; row < softmax.rows(); ++row) {
    const std::uint64_t to = softmax.destination.at(row);
    unit.row({buffer_at(softmax.source.at(row)), softmax.columns},
             {buffer_at(to), softmax.columns});
    wrote_row(to, row, softmax.columns);
  }
}

void DataPath::apply(const isa::SoftmaxPart& part) {
  apply_softmax_part(part, buffer_at(0), softmax_row_);
  if (part.writes()) {
    wrote_row(part.destination, 0, part.columns);
  }
}

void DataPath::apply(const isa::Vector& vector) {
  lanes_.run(vector, buffer_at(0));
  show_pieces(vector.destination, isa::Vector::bytes(vector.wide_destination, vector.columns));
}

void DataPath::show_pieces(const isa::Walk& destination, std::uint64_t bytes) {
  if (observer_ != nullptr) {
    std::uint32_t row = 0;
    destination.for_each([&](std::uint64_t address) { wrote_row(address, row++, bytes); });
  }
}

void DataPath::apply(const isa::Normalise& op) {
  std::vector<std::int8_t> values(op.columns);
  std::vector<std::int16_t> normalised(op.columns);
  for (std::uint64_t row = 0; row < op.rows(); ++row) {
    const std::int8_t* from = buffer_at(op.source.at(row));
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] = from[i * op.source_stride];
    }
    normalise(values, op.epsilon, normalised);
    std::int8_t* to = buffer_at(op.destination.at(row));
    for (std::size_t i = 0; i < normalised.size(); ++i) {
      std::memcpy(to + i * op.destination_stride, &normalised[i], sizeof normalised[i]);
    }
    if (observer_ != nullptr) {
      observer_->wrote_row(index_, *command_, static_cast<std::uint32_t>(row),
                           {reinterpret_cast<const std::int8_t*>(normalised.data()),
                            isa::Vector::bytes(true, op.columns)});
    }
  }
}

}  // namespace systol
