#include "host/report/buffer_occupancy.h"

#include <algorithm>

namespace systol {

void BufferOccupancy::add(const isa::Operation& operation, Cycles end) {
  const isa::Accesses accesses = isa::accesses_of(operation, pe_);
  for (const bool write : {false, true}) {  // what is read was there before
    for (const isa::Access& access : accesses) {
      if (access.region == isa::Region::Buffer && access.write == write) {
        add(access, end);
      }
    }
  }
}

void BufferOccupancy::add(const isa::Access& access, Cycles at) {
  const isa::Pieces pieces = isa::merged(access.pieces.walk, access.pieces.bytes);
  pieces.walk.for_each([&](std::uint64_t from) {
    if (access.write) {
      write(from, from + pieces.bytes, at);
    } else {
      read(from, from + pieces.bytes, at);
    }
  });
}

void BufferOccupancy::write(std::uint64_t from, std::uint64_t to, Cycles at) {
  split(from);
  split(to);
  auto piece = pieces_.lower_bound(from);
  while (piece != pieces_.end() && piece->first < to) {
    retire(*piece);
    piece = pieces_.erase(piece);
  }
  pieces_[from] = {to, at, Cycles(0)};
}

void BufferOccupancy::read(std::uint64_t from, std::uint64_t to, Cycles at) {
  split(from);
  split(to);
  for (auto piece = pieces_.lower_bound(from); piece != pieces_.end() && piece->first < to;
       ++piece) {
    piece->second.read = std::max(piece->second.read, at);
  }
}

/// Makes `address` the border of two pieces, if it is inside one.
void BufferOccupancy::split(std::uint64_t address) {
  auto piece = pieces_.upper_bound(address);
  if (piece == pieces_.begin()) {
    return;
  }
  --piece;
  if (piece->first < address && address < piece->second.end) {
    Piece rest = piece->second;
    piece->second.end = address;
    pieces_[address] = rest;
  }
}

void BufferOccupancy::retire(const std::map<std::uint64_t, Piece>::value_type& piece) {
  const Piece& held = piece.second;
  if (held.read > held.written) {
    const auto bytes = static_cast<std::int64_t>(held.end - piece.first);
    changes_[held.written] += bytes;
    changes_[held.read] -= bytes;
  }
}

std::vector<std::pair<Cycles, std::int64_t>> BufferOccupancy::finish() {
  for (const auto& piece : pieces_) {
    retire(piece);
  }
  pieces_.clear();
  std::vector<std::pair<Cycles, std::int64_t>> points;
  std::int64_t held = 0;
  for (const auto& [at, change] : changes_) {
    held += change;
    points.emplace_back(at, held);
  }
  return points;
}

}  // namespace systol
