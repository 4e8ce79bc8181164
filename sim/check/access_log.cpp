#include "sim/check/access_log.h"

#include <iterator>
#include <utility>

namespace systol {

void AccessLog::enter(const Area& area, std::uint64_t command) {
  const std::size_t hash = AreaHash()(area);
  std::size_t place = place_of(area, hash);
  if (places_[place].taken) {
    places_[place].entry->command = command;
    entries_.splice(entries_.end(), entries_, places_[place].entry);
    return;
  }
  if (2 * entries_.size() >= places_.size()) {
    grow();
    place = place_of(area, hash);
  }
  if (spare_.empty()) {
    spare_.push_back({area, command, hash});
  } else {
    spare_.front() = {area, command, hash};
  }
  entries_.splice(entries_.end(), spare_, spare_.begin());
  places_[place] = {true, std::prev(entries_.end())};
}

void AccessLog::forget_up_to(std::uint64_t command) {
  while (!entries_.empty() && entries_.front().command <= command) {
    free(place_of(entries_.front().area, entries_.front().hash));
    spare_.splice(spare_.begin(), entries_, entries_.begin());
  }
}

std::size_t AccessLog::place_of(const Area& area, std::size_t hash) const {
  std::size_t place = hash & (places_.size() - 1);
  while (places_[place].taken &&
         (places_[place].entry->hash != hash || !(places_[place].entry->area == area))) {
    place = after(place);
  }
  return place;
}

void AccessLog::grow() {
  const std::vector<Place> places = std::exchange(places_, std::vector<Place>(4 * places_.size()));
  for (const Place& place : places) {
    if (place.taken) {
      places_[place_of(place.entry->area, place.entry->hash)] = place;
    }
  }
}

/// Those that lie behind a place that was taken move up, each no further than to its hash.
void AccessLog::free(std::size_t place) {
  for (std::size_t next = after(place); places_[next].taken; next = after(next)) {
    const std::size_t first = places_[next].entry->hash & (places_.size() - 1);
    const std::size_t mask = places_.size() - 1;
    if (((next - first) & mask) >= ((next - place) & mask)) {
      places_[place] = places_[next];
      place = next;
    }
  }
  places_[place].taken = false;
}

}  // namespace systol
