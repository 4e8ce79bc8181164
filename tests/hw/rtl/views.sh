#!/bin/sh
# The whole unit's two views, both verilated, side by side on random pins:
#   views.sh <source folder> <runtime's archive> <work folder> <rows> <columns> <sums in place: 0 or 1>
#     <operation: a number of tpu_pkg's>
set -eu
source=$1
runtime=$2
work=$3
rows=$4
columns=$5
output_stationary=$6
operation=$7
# As in hw/isa/pe_type.h: an operation's first type and its operands' bits.
case $operation in
  2) pe_type=2 operand_bits=16 weight_bits=16 ;;
  4) pe_type=6 operand_bits=8 weight_bits=10 ;;
  *) pe_type=0 operand_bits=8 weight_bits=8 ;;
esac
accumulators=3
rm -rf "$work"
mkdir -p "$work"
cd "$work"

verilate() {
  verilator_bin --cc --prefix "$1" --top-module tpu_matrix_unit --x-initial fast -Mdir "$1" \
    "-GRows=$rows" "-GColumns=$columns" "-GAccumulatorRows=$accumulators" \
    "-GOutputStationary=1'b$output_stationary" "-GOperation=$operation" \
    "-GOperandBits=$operand_bits" "-GWeightBits=$weight_bits" "-GSimulationView=1'b$2" "$source/hw/lint/verilator.vlt" \
    -y "$source/hw/rtl" "$source/hw/rtl/tpu_pkg.sv" "$source/hw/rtl/tpu_matrix_unit.sv" >"$1.log"
}
verilate Vhardware 0
verilate Vsimulation 1
"$source/tests/hw/rtl/compile.sh" "$source" "$runtime" views_side_by_side -IVhardware -IVsimulation \
  "-DROWS=$rows" "-DCOLUMNS=$columns" "-DACCUMULATOR_ROWS=$accumulators" \
  "-DOUTPUT_STATIONARY=$output_stationary" "-DPE_TYPE=$pe_type" \
  Vhardware/*.cpp Vsimulation/*.cpp "$source/tests/hw/rtl/views_side_by_side.cpp"
./views_side_by_side
