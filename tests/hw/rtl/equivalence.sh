#!/bin/sh
# Proves that the hardware view and the simulation view of a module are the same, for all inputs over
# any number of cycles from a state of zeros: Yosys makes one circuit that compares their outputs,
# ABC proves that it never finds a difference.
#   equivalence.sh <source folder> <work folder> <module> [<parameter>=<value>]...
# Operands are narrow in the tests: a multiplier of full width is beyond such proofs.
set -eu
source=$1
work=$2
top=$3
shift 3
rm -rf "$work"
mkdir -p "$work"
cd "$work"

rtl=$source/hw/rtl/tpu_pkg.sv
for module in skew skew_simulation pe_sum pe pe_output_stationary array array_simulation array_output_stationary \
  array_output_stationary_simulation; do
  rtl="$rtl $source/hw/rtl/tpu_$module.sv"
done
parameters=""
for parameter in "$@"; do
  parameters="$parameters -chparam ${parameter%=*} ${parameter#*=}"
done

# The commands that make the circuit $1 of the view $2.
view() {
  echo "design -load sources; hierarchy -check -top $top $parameters -chparam SimulationView $2;
        proc; flatten; memory -nomap; opt; memory_map; opt -full;
        async2sync; dffunmap; rename -top $1; design -stash $1;"
}
# -defer: a module is made when the top asks for it, with the parameters that it asks for.
yosys -q -l yosys.log -p "read_verilog -sv -defer $rtl; design -save sources;
                          $(view hardware 0) $(view simulation 1)
                          design -copy-from hardware hardware; design -copy-from simulation simulation;
                          miter -equiv -flatten hardware simulation miter; hierarchy -top miter;
                          alumacc; techmap; opt -fast; dffunmap; aigmap; opt_clean;
                          setundef -zero -init; write_aiger -zinit miter.aig" >/dev/null 2>&1 || {
  tail -n 5 yosys.log >&2
  exit 1
}
yosys-abc -c "read_aiger miter.aig; dprove" >proof.log 2>&1
grep -qE 'Networks are equivalent|UNSATISFIABLE' proof.log || {
  tail -n 5 proof.log >&2
  exit 1
}
