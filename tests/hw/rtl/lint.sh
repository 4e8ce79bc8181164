#!/bin/sh
# verilator --lint-only -Wall without a warning: lint.sh <source folder> <top> [-G<parameter>=<value>]...
# Run from anywhere; the waivers and their reasons are in hw/lint/verilator.vlt.
# As all scripts here do, it calls the program itself: what comes before it, in Perl, takes longer.
set -eu
source=$1
top=$2
shift 2
exec verilator_bin --lint-only -Wall --assert --top-module "$top" "$@" \
  "$source/hw/lint/verilator.vlt" -y "$source/hw/rtl" "$source/hw/rtl/tpu_pkg.sv" \
  "$source/hw/rtl/$top.sv"
