#!/bin/sh
# Synthesis with Yosys:
#   synthesis.sh <source folder> <work folder> unit|unit_in_place|array|array_in_place [rows columns]
#   unit   the whole unit, to word-level logic: no latch, no undriven or doubly driven net
#   array  the array to gates, the same checks, and then the gates run beside the RTL on random pins
# With _in_place: the output-stationary ones.
# An array of one row and one column is one PE.
set -eu
source=$1
work=$2
what=$3
rows=${4:-4}
columns=${5:-4}
rm -rf "$work"
mkdir -p "$work"
cd "$work"

rtl=""
for module in pkg delay skew array array_in_place accumulators activation matrix_unit; do
  rtl="$rtl $source/hw/rtl/tpu_$module.sv"
done
# shellcheck disable=SC2016  # $ is part of Yosys's cell names
no_latch='select -assert-none t:$dlatch* t:$adlatch* t:$sr t:$_DLATCH* t:$_SR_*'
size="-chparam Rows $rows -chparam Columns $columns"

# Yosys says so of each array it turns into registers; any other warning is an error.
run_yosys() {
  yosys -q -l yosys.log -w 'Replacing memory' -e '.' -p "$1" >/dev/null || {
    tail -n 5 yosys.log >&2
    exit 1
  }
}

in_place=0
top=tpu_array
case $what in *_in_place) in_place=1 top=tpu_array_in_place ;; esac

if [ "${what%_in_place}" = unit ]; then
  run_yosys "read_verilog -sv $rtl;
             hierarchy -check -top tpu_matrix_unit $size -chparam AccumulatorRows 8 \
               -chparam SumsInPlace $in_place;
             proc; check -assert; $no_latch;
             synth -run begin:fine; check -assert; $no_latch; select -assert-min 1 t:*ff*"
  exit 0
fi

run_yosys "read_verilog -sv $rtl; hierarchy -check -top $top $size;
           proc; check -assert; $no_latch;
           synth -flatten; abc -g simple; opt_clean; check -assert; $no_latch;
           select -assert-min 1 t:*DFF*;
           write_verilog -noattr gates.v"

verilate() {
  # shellcheck disable=SC2086  # a list of words
  verilator --cc --prefix "$1" --top-module $top --x-initial fast -Wno-fatal -Mdir "$1" \
    "$source/hw/lint/verilator.vlt" $2 >"$1.log"
}
verilate Vgates gates.v
verilate Vrtl "-GRows=$rows -GColumns=$columns $source/hw/rtl/tpu_pkg.sv $source/hw/rtl/$top.sv"
include=$(verilator --getenv VERILATOR_ROOT)/include
# One file to compile: most of the time goes into reading the headers.
for part in "$include"/verilated.cpp "$include"/verilated_threads.cpp Vgates/*.cpp Vrtl/*.cpp \
  "$source/tests/hw/rtl/gates_beside_rtl.cpp"; do
  echo "#include \"$part\""
done >whole.cpp
g++ -std=c++17 -O0 -w -DROWS="$rows" -DIN_PLACE="$in_place" -I. -IVgates -IVrtl -I"$include" -I"$include/vltstd" \
  whole.cpp -pthread -o gates_beside_rtl
./gates_beside_rtl
