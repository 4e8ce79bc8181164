#include "sim/check/access_history.h"

#include <algorithm>
#include <iterator>

namespace systol {

std::optional<AccessHistory::Conflict> AccessHistory::enter(const Access& access,
                                                            const Accessor& accessor) {
  if (access.rows == 1 || access.stride <= access.row_size) {
    const std::uint64_t length = (access.rows - 1) * access.stride + access.row_size;
    return enter_range(access.address, access.address + length, access.write, accessor);
  }
  for (std::uint64_t row = 0; row < access.rows; ++row) {
    const std::uint64_t begin = access.address + row * access.stride;
    if (auto found = enter_range(begin, begin + access.row_size, access.write, accessor)) {
      return found;
    }
  }
  return std::nullopt;
}

std::optional<AccessHistory::Conflict> AccessHistory::enter_range(std::uint64_t begin,
                                                                  std::uint64_t end, bool write,
                                                                  const Accessor& accessor) {
  Map::iterator position = split(begin);
  const std::uint64_t start = begin;
  while (begin < end) {
    if (position == intervals_.end() || position->first > begin) {
      const std::uint64_t gap_end =
          position == intervals_.end() ? end : std::min(end, position->first);
      position = intervals_.emplace_hint(position, begin, Interval{gap_end, {}});
    } else if (position->second.end > end) {
      split(end);
    }
    if (auto found = conflict(position->second.history, write, accessor)) {
      found->first = position->first;
      found->last = position->second.end - 1;
      return found;
    }
    update(position->second.history, write, accessor);
    begin = position->second.end;
    ++position;
  }
  merge(intervals_.find(start), end);
  return std::nullopt;
}

std::optional<AccessHistory::Conflict> AccessHistory::conflict(const History& history, bool write,
                                                               const Accessor& accessor) {
  const auto ordered = [&](isa::Unit unit, std::uint64_t command) {
    return unit == accessor.unit || command <= accessor.clock[static_cast<std::size_t>(unit)];
  };
  if (!ordered(history.writer, history.write)) {
    return Conflict{history.writer, history.write, true, 0, 0};
  }
  for (std::size_t i = 0; write && i < history.reads.size(); ++i) {
    if (!ordered(static_cast<isa::Unit>(i), history.reads[i])) {
      return Conflict{static_cast<isa::Unit>(i), history.reads[i], false, 0, 0};
    }
  }
  return std::nullopt;
}

void AccessHistory::update(History& history, bool write, const Accessor& accessor) {
  if (write) {
    history = {accessor.command, accessor.unit, {}};
  } else {
    history.reads[static_cast<std::size_t>(accessor.unit)] = accessor.command;
  }
}

/// Makes `at` the start of an interval if one covers it; returns the first interval from `at` on.
AccessHistory::Map::iterator AccessHistory::split(std::uint64_t at) {
  const Map::iterator next = intervals_.lower_bound(at);
  if ((next != intervals_.end() && next->first == at) || next == intervals_.begin()) {
    return next;
  }
  const Map::iterator before = std::prev(next);
  if (before->second.end <= at) {
    return next;
  }
  const Interval rest = before->second;
  before->second.end = at;
  return intervals_.emplace_hint(next, at, rest);
}

/// Joins neighbours of equal history from the one before `first` to the one that starts at `end`.
void AccessHistory::merge(Map::iterator first, std::uint64_t end) {
  Map::iterator left = first == intervals_.begin() ? first : std::prev(first);
  for (Map::iterator right = std::next(left); right != intervals_.end() && right->first <= end;
       right = std::next(left)) {
    if (left->second.end == right->first && left->second.history == right->second.history) {
      left->second.end = right->second.end;
      intervals_.erase(right);
    } else {
      left = right;
    }
  }
}

}  // namespace systol
