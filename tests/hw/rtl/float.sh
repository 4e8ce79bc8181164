#!/bin/sh
# tpu_bf16_multiply_add, verilated, beside the integers of host/reference/soft_float.h:
#   float.sh <source folder> <runtime's archive> <work folder> rtl|netlist <cases>...
# See float_beside_integers.cpp for the cases; "random 100000000" takes a minute and "pairs" some.
#   netlist  what Yosys reads, after its checks: no latch, no undriven or doubly driven net
set -eu
source=$1
runtime=$2
work=$3
form=$4
shift 4
top=tpu_bf16_multiply_add
rtl="$source/hw/rtl/tpu_pkg.sv $source/hw/rtl/$top.sv"
rm -rf "$work"
mkdir -p "$work"
cd "$work"

if [ "$form" = netlist ]; then
  # Any warning is an error. $ is part of Yosys's cell names.
  # shellcheck disable=SC2016
  yosys -q -l yosys.log -e '.' -p "read_verilog -sv $rtl; hierarchy -check -top $top;
    proc; check -assert; flatten; opt; check -assert;
    select -assert-none t:\$dlatch* t:\$adlatch* t:\$sr t:\$dff*;
    write_verilog -noattr netlist.v" >/dev/null || {
    tail -n 5 yosys.log >&2
    exit 1
  }
  rtl=netlist.v
fi
# shellcheck disable=SC2086  # a list of words
verilator_bin --cc -O3 --prefix Vfloat --top-module "$top" --x-initial fast -Wno-fatal -Mdir Vfloat \
  "$source/hw/lint/verilator.vlt" $rtl >verilator.log 2>&1

"$source/tests/hw/rtl/compile.sh" "$source" "$runtime" float -O2 -IVfloat \
  Vfloat/*.cpp "$source/host/reference/soft_float.cpp" "$source/tests/hw/rtl/float_beside_integers.cpp"
./float "$@"
