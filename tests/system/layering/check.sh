#!/bin/sh
# Fails if an include goes against the direction hw <- sim <- host <- python, and says which.
#
# The rules, for a file by its folder: what it may include. Anything else in quotes, and any of the
# libraries that one folder keeps to itself, is a violation.
set -eu
cd "$1"

files=$(find hw sim host python -type f \( -name '*.h' -o -name '*.cpp' -o -name '*.c' -o -name '*.in' \))
if [ -z "$files" ]; then
  echo "no sources in $1"
  exit 1
fi

# shellcheck disable=SC2086  # no file of ours has a blank in its name
grep -nE '^[[:space:]]*#[[:space:]]*include[[:space:]]*["<]' $files /dev/null | awk '
  BEGIN { engine = "^sim/(systemc|rtl|fast|unit|wave|check|window)/" }

  # Whether the file may include the header that it names in quotes.
  function may(file, header) {
    if (file ~ /^hw\//) return header ~ /^hw\//
    if (file ~ /^sim\/base\//) return header ~ /^sim\/base\//
    if (file ~ /^sim\/config\//) return header ~ /^(hw\/isa|sim\/base|sim\/config)\//
    if (file ~ /^sim\/rtl\//)  # made by Verilator, or its own
      return header ~ /^(hw\/isa|hw\/unit|sim\/base|sim\/unit|sim\/rtl)\// || header ~ /^(Vtpu_|verilated)/
    if (file ~ /^sim\/wave\// && header == "fst_config.h") return 1
    # The unit inside the SystemC system is the RTL or the model: it must not know which. No engine
    # knows another.
    # What joins two of them is in sim/window.
    if (file ~ /^sim\/systemc\// && header ~ /^sim\/(rtl|fast|window)\//) return 0
    if (file ~ /^sim\/fast\// && header ~ /^sim\/(rtl|systemc|window)\//) return 0
    if (file ~ /^sim\//) return header ~ /^(hw\/isa|hw\/unit|sim)\//
    # The reference shares nothing with what it checks.
    if (file ~ /^host\/reference\//) return header ~ /^host\/(reference|graph)\//
    if (header ~ /^python\//) return file ~ /^python\//
    if (header ~ /^host\/cli\//) return file ~ /^host\/cli\//
    if (header ~ engine) return file ~ /^host\/(session|cli)\//
    return header ~ /^(host|hw\/isa|sim\/base|sim\/config)\// ||
           header ~ /^sim\/(device|activity|command_actions|command_time|timed_command)\.h$/ || header == "sim/memory/memory_image.h"
  }

  # Libraries of one folder only.
  function keeps_out(file, header) {
    if (header ~ /^(systemc|tlm)/) return file !~ /^sim\/systemc\//
    if (header ~ /^(verilated|Vtpu_)/) return file !~ /^sim\/rtl\//
    if (header ~ /^(dnnl|oneapi)/) return file !~ /^sim\/fast\//
    if (header ~ /^yaml-cpp/) return file !~ /^sim\/config\//
    if (header ~ /^onnx/) return file !~ /^host\/(import|export)\//
    if (header ~ /^CLI/) return file !~ /^(host\/cli\/|sim\/gates\/characterise\.cpp)/
    if (header ~ /^pybind11/) return file !~ /^python\//
    return 0
  }

  {
    split($0, part, ":")
    file = part[1]
    match($0, /["<][^">]*/)
    header = substr($0, RSTART + 1, RLENGTH - 1)
    quoted = substr($0, RSTART, 1) == "\""
    if (keeps_out(file, header) || (quoted && !may(file, header))) {
      print file ":" part[2] ": must not include " header
      wrong = 1
    }
    ++seen
  }
  END {
    if (seen < 100) {
      print "only " seen " includes found: is this the project?"
      wrong = 1
    }
    exit wrong
  }
'
