#!/bin/sh
# Synthesis with Yosys:
#   synthesis.sh <source folder> <runtime's archive> <work folder> unit|array [rows columns]
#   synthesis.sh <source folder> <runtime's archive> <work folder> pe|accumulators
#   unit          the whole unit, to word-level logic: no latch, no undriven or doubly driven net
#   array         the array to gates, the same checks, and then the gates run beside the simulation
#                 view of the RTL on random pins
#   pe            one PE: its multiplier is one of 8 x 8 bits, all its registers have enables
#   accumulators  16 x 512 of them are one memory with one write and two clocked reads
# unit_, array_ and pe_output_stationary: the output-stationary ones.
set -eu
source=$1
runtime=$2
work=$3
what=$4
rows=${5:-4}
columns=${6:-4}
rm -rf "$work"
mkdir -p "$work"
cd "$work"

rtl=""
for module in pkg delay skew pe_sum pe pe_output_stationary array array_output_stationary accumulators \
  lane_parameters activation_lane activation matrix_unit; do
  rtl="$rtl $source/hw/rtl/tpu_$module.sv"
done
# shellcheck disable=SC2016  # $ is part of Yosys's cell names
no_latch='select -assert-none t:$dlatch* t:$adlatch* t:$sr t:$_DLATCH* t:$_SR_*'
size="-chparam Rows $rows -chparam Columns $columns"

# Any warning is an error.
run_yosys() {
  yosys -q -l yosys.log -e '.' -p "$1" >/dev/null || {
    tail -n 5 yosys.log >&2
    exit 1
  }
}

output_stationary=0
top=tpu_array
case $what in *_output_stationary) output_stationary=1 top=tpu_array_output_stationary ;; esac

case ${what%_output_stationary} in
unit)
  run_yosys "read_verilog -sv $rtl;
             hierarchy -check -top tpu_matrix_unit $size -chparam AccumulatorRows 8 \
               -chparam OutputStationary $output_stationary;
             proc; check -assert; $no_latch;
             synth -run begin:fine; check -assert; $no_latch; select -assert-min 1 t:*ff*"
  exit 0
  ;;
pe)
  # 7 full adders of 16 bits add up the partial products, one adder the last two and one the sum.
  registers=$((output_stationary == 1 ? 82 : 59))
  run_yosys "read_verilog -sv $rtl; hierarchy -check -top ${top%%_*}_pe${top#tpu_array};
             proc; flatten; opt; wreduce; opt; alumacc; maccmap; opt;
             select -assert-count 7 t:\$fa; select -assert-count 7 t:\$fa r:WIDTH=16 %i;
             select -assert-count 2 t:\$alu; select -assert-none t:\$mul t:\$macc;
             techmap; opt; select -assert-count $registers t:\$_DFFE_PP_;
             select -assert-count $registers t:\$_*DFF*"
  exit 0
  ;;
accumulators)
  run_yosys "read_verilog -sv $rtl;
             hierarchy -check -top tpu_accumulators -chparam Columns 16 -chparam AccumulatorRows 512;
             proc; opt; memory -nomap; opt;
             select -assert-count 1 t:\$mem_v2;
             select -assert-count 1 t:\$mem_v2 r:SIZE=512 %i r:WIDTH=512 %i;
             select -assert-count 1 t:\$mem_v2 r:WR_PORTS=1 %i r:RD_PORTS=2 %i \
               r:RD_CLK_ENABLE=2'b11 %i;
             techmap t:\$dffe t:\$adff; select -assert-max 11 t:\$_*DFF*"
  exit 0
  ;;
esac

# Nets of one bit: where bits of a net depend on others of it, Verilator 5.006 sees a loop, and
# sometimes evaluates it in a wrong order.
run_yosys "read_verilog -sv $rtl; hierarchy -check -top $top $size;
           proc; check -assert; $no_latch;
           synth -flatten; abc -g simple; opt_clean; check -assert; $no_latch;
           select -assert-min 1 t:*DFF*;
           splitnets; write_verilog -noattr gates.v"

verilate() {
  # shellcheck disable=SC2086  # a list of words
  verilator_bin --cc --prefix "$1" --top-module $top --x-initial fast -Wno-fatal -Mdir "$1" \
    "$source/hw/lint/verilator.vlt" $2 >"$1.log"
}
verilate Vgates gates.v
verilate Vrtl "-GRows=$rows -GColumns=$columns -GSimulationView=1'b1 -y $source/hw/rtl \
  $source/hw/rtl/tpu_pkg.sv $source/hw/rtl/$top.sv"
"$source/tests/hw/rtl/compile.sh" "$source" "$runtime" gates_beside_rtl -IVgates -IVrtl \
  "-DROWS=$rows" "-DCOLUMNS=$columns" "-DOUTPUT_STATIONARY=$output_stationary" \
  Vgates/*.cpp Vrtl/*.cpp "$source/tests/hw/rtl/gates_beside_rtl.cpp"
./gates_beside_rtl
