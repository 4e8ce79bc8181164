#!/bin/sh
# The vector unit's softmax or normalisation, verilated, beside its clocked model on random rows:
#   vector_rows.sh <source folder> <runtime's archive> <work folder> softmax|normalise rtl|netlist <lanes>
#   netlist  what Yosys reads, after its checks: no latch, no undriven or doubly driven net, all data
#            registers with enables
set -eu
source=$1
runtime=$2
work=$3
what=$4
form=$5
lanes=$6
top=tpu_vector_$what
rtl="$source/hw/rtl/tpu_pkg.sv $source/hw/rtl/$top.sv"
rm -rf "$work"
mkdir -p "$work"
cd "$work"

# Rows in parts are longer than what softmax keeps of a row.
values=
[ "$what" = normalise ] || values="Values 1024"
parameters="-GLanes=$lanes ${values:+-G${values% *}=${values#* }}"
if [ "$form" = netlist ]; then
  # Any warning is an error. $ is part of Yosys's cell names.
  # shellcheck disable=SC2016
  yosys -q -l yosys.log -e '.' -p "read_verilog -sv $rtl;
    hierarchy -check -top $top -chparam Lanes $lanes ${values:+-chparam $values};
    proc; check -assert; flatten; memory -nomap; opt; check -assert;
    select -assert-none t:\$dlatch* t:\$adlatch* t:\$sr; select -assert-none t:\$dff;
    write_verilog -noattr netlist.v; synth -run begin:fine; check -assert" >/dev/null || {
    tail -n 5 yosys.log >&2
    exit 1
  }
  rtl=netlist.v
  parameters=""
fi
# shellcheck disable=SC2086  # lists of words
verilator_bin --cc --assert --prefix Vrows --top-module "$top" --x-initial fast -Wno-fatal -Mdir Vrows \
  $parameters "$source/hw/lint/verilator.vlt" $rtl >verilator.log 2>&1

"$source/tests/hw/rtl/compile.sh" "$source" "$runtime" vector_rows -IVrows "-DLANES=$lanes" \
  "-DASSERTIONS=$([ "$form" = rtl ] && echo 1 || echo 0)" \
  Vrows/*.cpp "$source/sim/unit/${what}_unit.cpp" "$source/tests/hw/rtl/vector_$what.cpp"
./vector_rows
