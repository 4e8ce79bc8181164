#!/bin/sh
# Compiles verilated models and what runs them to one program, in the working folder:
#   compile.sh <source folder> <runtime's archive> <program> <part or option of g++>...
# As one file, whose headers were compiled before: most of the time would go into reading them.
set -eu
source=$1
runtime=$2
program=$3
shift 3

options=""
for word in "$@"; do
  case $word in
    -*) options="$options $word" ;;
    *) echo "#include \"$word\"" ;;
  esac
done >whole.cpp
include=$(verilator_bin --getenv VERILATOR_ROOT)/include
# shellcheck disable=SC2086  # a list of words
g++ -std=c++20 -O0 -w -pthread -include "$(dirname "$runtime")/verilated_headers.h" -I. -I"$source" \
  -I"$include" -I"$include/vltstd" $options whole.cpp "$runtime" -o "$program"
