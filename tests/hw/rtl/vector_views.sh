#!/bin/sh
# The vector unit's simulation view beside another form of it, both verilated, on random pins:
#   vector_views.sh <source folder> <runtime's archive> <work folder> hardware|netlist <lanes>
#   hardware  the hardware view
#   netlist   what Yosys reads from the hardware view, after its checks: no latch, no undriven or
#             doubly driven net, all data registers with enables, the table one memory
set -eu
source=$1
runtime=$2
work=$3
what=$4
lanes=$5
rm -rf "$work"
mkdir -p "$work"
cd "$work"

# Any warning is an error.
run_yosys() {
  yosys -q -l yosys.log -e '.' -p "$1" >/dev/null || {
    tail -n 5 yosys.log >&2
    exit 1
  }
}
verilate() {
  prefix=$1
  shift
  verilator_bin --cc --prefix "$prefix" --top-module tpu_vector_unit --x-initial fast -Wno-fatal \
    -Mdir "$prefix" "$source/hw/lint/verilator.vlt" "$@" >"$prefix.log" 2>&1
}
verilate_rtl() {
  verilate "$1" "-GLanes=$lanes" "-GSimulationView=1'b$2" -y "$source/hw/rtl" \
    "$source/hw/rtl/tpu_pkg.sv" "$source/hw/rtl/tpu_vector_unit.sv"
}

if [ "$what" = netlist ]; then
  rtl="$source/hw/rtl"
  # shellcheck disable=SC2016  # $ is part of Yosys's cell names
  run_yosys "read_verilog -sv $rtl/tpu_pkg.sv $rtl/tpu_lane_parameters.sv $rtl/tpu_vector_lane.sv $rtl/tpu_vector_unit.sv;
             hierarchy -check -top tpu_vector_unit -chparam Lanes $lanes;
             proc; check -assert; flatten; memory -nomap; opt; check -assert;
             select -assert-none t:\$dlatch* t:\$adlatch* t:\$sr;
             select -assert-count 1 t:\$mem_v2; select -assert-none t:\$dff;
             write_verilog -noattr netlist.v;
             synth -run begin:fine; check -assert"
  verilate Vother netlist.v
else
  verilate_rtl Vother 0
fi
verilate_rtl Vsimulation 1

"$source/tests/hw/rtl/compile.sh" "$source" "$runtime" vector_views -IVother -IVsimulation \
  "-DLANES=$lanes" Vother/*.cpp Vsimulation/*.cpp "$source/tests/hw/rtl/vector_views.cpp"
./vector_views
