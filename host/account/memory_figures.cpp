#include "host/account/memory_figures.h"

#include "host/account/figure_reader.h"

namespace systol {

MemoryFigures read_memory_figures(const YamlNode& node) {
  const YamlMap map = node.map({"read", "write", "activate", "refresh", "background", "idle"});
  return {node.key(),
          read_figure<Picojoules>(map.required("read"), kBitEnergy),
          read_figure<Picojoules>(map.required("write"), kBitEnergy),
          read_optional_figure<Picojoules>(map, "activate", kByteEnergy),
          read_optional_figure<Watts>(map, "refresh", kCapacityPower),
          read_optional_figure<Watts>(map, "background", kCapacityPower),
          read_optional_figure<Picojoules>(map, "idle", kBitEnergy)};
}

}  // namespace systol
