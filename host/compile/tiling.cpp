#include "host/compile/tiling.h"

namespace systol {
namespace {

/// Runs that follow each other in memory become one, of at most `longest` bytes unless that is 0.
std::vector<ByteRun> joined(const std::vector<ByteRun>& runs, std::uint64_t longest) {
  std::vector<ByteRun> result;
  for (const ByteRun& run : runs) {
    if (!result.empty() && result.back().offset + result.back().bytes == run.offset &&
        (longest == 0 || result.back().bytes < longest)) {
      result.back().bytes += run.bytes;
    } else {
      result.push_back(run);
    }
  }
  return result;
}

/// Takes slices off the front of a list of runs.
class Cutter {
 public:
  Cutter(std::vector<ByteRun> runs, std::uint32_t most, std::uint32_t group)
      : runs_(std::move(runs)), most_(most), group_(group) {}

  std::vector<RowSlice> cut() {
    while (run_ < runs_.size()) {
      const std::uint64_t left = runs_[run_].bytes - position_;
      if (left >= most_) {
        take(most_, 1);
      } else {
        take(left, segments(left));
      }
    }
    return std::move(slices_);
  }

 private:
  /// How many segments of `bytes` from here on follow each other in the row at equal distances:
  /// all but the last must be the rest, or the whole, of a run.
  std::uint32_t segments(std::uint64_t bytes) const {
    std::uint32_t count = 1;
    while (fits_one_more(bytes, count)) {
      ++count;
    }
    return count;
  }
  bool fits_one_more(std::uint64_t bytes, std::uint32_t count) const {
    const std::size_t next = run_ + count;
    const std::uint64_t places = divided_up(bytes, group_) * group_;
    return next < runs_.size() && (count + 1) * places <= most_ && runs_[next].bytes >= bytes &&
           (places == bytes || runs_[next].bytes == bytes) &&
           (count == 1 || (runs_[next - 1].bytes == bytes && distance(count) == distance(1))) &&
           runs_[next].offset > place(count - 1);
  }
  /// Where segment `i` begins.
  std::uint64_t place(std::uint32_t i) const {
    return i == 0 ? runs_[run_].offset + position_ : runs_[run_ + i].offset;
  }
  std::uint64_t distance(std::uint32_t i) const { return place(i) - place(i - 1); }

  void take(std::uint64_t bytes, std::uint32_t count) {
    const std::uint64_t stride = count > 1 ? distance(1) : 0;
    const auto depth = static_cast<std::uint32_t>(bytes * count);
    slices_.push_back({first_, depth, count, place(0), stride});
    first_ += depth;
    for (std::uint32_t i = 0; i < count; ++i) {
      position_ += bytes;
      if (position_ == runs_[run_].bytes) {
        ++run_;
        position_ = 0;
      }
    }
  }

  std::vector<ByteRun> runs_;
  std::uint32_t most_;
  std::uint32_t group_;
  std::size_t run_ = 0;
  std::uint64_t position_ = 0;  ///< in the run
  std::uint32_t first_ = 0;
  std::vector<RowSlice> slices_;
};

}  // namespace

std::vector<RowSlice> slices_of(const std::vector<ByteRun>& runs, std::uint32_t most,
                                GroupedValues groups) {
  return Cutter(joined(runs, groups.run), most, groups.group).cut();
}

}  // namespace systol
