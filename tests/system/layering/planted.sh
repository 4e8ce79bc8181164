#!/bin/sh
# Plants violations in a copy of the sources, one at a time: check.sh must name each, and be content
# with the copy as it is and with includes that are right.
set -eu
project=$1
check=$(dirname "$0")/check.sh
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
for folder in hw sim host python; do
  cp -R "$project/$folder" "$copy"
done
"$check" "$copy"

failures=0
# plant FILE HEADER EXPECTED: HEADER with its quotes or brackets.
plant() {
  cp "$copy/$1" "$copy/saved"
  printf '#include %s\n' "$2" >> "$copy/$1"
  line=$(wc -l < "$copy/$1")
  header=$(printf %s "$2" | tr -d '"<>')
  if said=$("$check" "$copy"); then
    verdict=allowed
  else
    verdict=refused
  fi
  if [ "$verdict" != "$3" ] ||
     { [ "$3" = refused ] && [ "$said" != "$1:$line: must not include $header" ]; }; then
    echo "$1 with #include $2 is $verdict, expected $3: $said"
    failures=1
  fi
  cp "$copy/saved" "$copy/$1"
}

plant hw/isa/command.h '"sim/base/units.h"' refused
plant hw/isa/text.cpp '"host/graph.h"' refused
plant sim/device.h '"host/graph.h"' refused
plant sim/systemc/system.cpp '"host/compile/program.h"' refused
plant sim/systemc/system.cpp '"sim/rtl/verilated_unit.h"' refused
plant sim/systemc/system.cpp '"sim/fast/fast_device.h"' refused
plant sim/base/output_file.cpp '"sim/device.h"' refused
plant sim/config/array_file.cpp '"sim/memory/memory_timing.h"' refused
plant sim/rtl/verilated_unit.h '"sim/systemc/pins.h"' refused
plant sim/unit/model_unit.cpp '<systemc>' refused
plant sim/unit/model_unit.cpp '"verilated.h"' refused
plant sim/unit/model_unit.cpp '"model_unit.h"' refused
plant host/compile/program.cpp '"sim/systemc/systemc_device.h"' refused
plant host/run/output_check.cpp '"sim/unit/model_unit.h"' refused
plant host/report/table.cpp '"sim/wave/unit_wave.h"' refused
plant host/report/table.cpp '"sim/memory/memory_timing.h"' refused
plant host/report/table.cpp '"sim/timing.h"' refused
plant host/report/table.cpp '"host/cli/samples.h"' refused
plant host/report/table.cpp '"tests/hw/unit_testbench.h"' refused
plant host/reference/integer_network.cpp '"hw/isa/command.h"' refused
plant host/reference/integer_network.cpp '"host/compile/program.h"' refused
plant host/import/model.cpp '<CLI/CLI.hpp>' refused
plant host/cli/main.cpp '<systemc>' refused
plant host/cli/main.cpp '<pybind11/pybind11.h>' refused
plant host/sweep/sweep.cpp '"python/module.h"' refused
plant python/run.cpp '"host/cli/samples.h"' refused
plant python/run.cpp '"sim/systemc/systemc_device.h"' refused

plant host/session/engine.cpp '"sim/systemc/systemc_device.h"' allowed
plant host/run/output_check.cpp '"sim/device.h"' allowed
plant host/run/output_check.cpp '"sim/memory/memory_image.h"' allowed
plant host/report/timeline.cpp '"sim/activity.h"' allowed
plant sim/systemc/dma_module.cpp '"sim/unit/softmax.h"' allowed
plant hw/isa/text.cpp '<vector>' allowed
plant hw/isa/text.cpp '"hw/isa/words.h"' allowed

# Where there is nothing to check the check does not pass.
rm -rf "$copy/hw" "$copy/sim" "$copy/host" "$copy/python"
mkdir "$copy/hw" "$copy/sim" "$copy/host" "$copy/python"
if "$check" "$copy" > "$copy/said"; then
  echo "an empty project passes"
  failures=1
fi
exit "$failures"
