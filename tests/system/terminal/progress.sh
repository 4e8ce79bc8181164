#!/bin/sh
# progress.sh <systol> <source folder> <work folder>
# Progress and colours at a terminal, which `script` makes, and nothing of them in a pipe.
set -eu
systol=$1
source=$2
work=$3

fail() {
  echo "progress.sh: $1" >&2
  exit 1
}
# at_terminal COMMAND: what is written to a terminal of 70 columns, a line for each carriage return
at_terminal() {
  script -qec "stty cols 70; $1" /dev/null </dev/null | tr '\r' '\n'
}
escape=$(printf '\033')

rm -rf "$work"
mkdir -p "$work"
cd "$work"
array=$source/configs/edge_16x16.yaml
# The work that takes long enough on this machine.
batch=20
run_long() { echo "$systol run 1024x2048 -c $array --batch $1 --engine systemc"; }

unset NO_COLOR
TERM=xterm
export TERM
begin=$(date +%s)
until
  at_terminal "$(run_long $batch)" >seen
  grep -qE "^$escape\[Ksystol: simulating: layer 1 of 1, cycle [0-9 ]+, [0-9]+ %, [0-9]+ s left" seen
do
  [ "$batch" -lt 5000 ] || fail "no progress: $(head -c 600 seen)"
  batch=$((batch * 2))
  begin=$(date +%s)
done
most=$((10 * ($(date +%s) - begin + 2)))  # ten a second
lines=$(grep -c "systol: " seen) || true
[ "$(awk 'length($0) > 75' seen | grep -c "systol: ")" = 0 ] || fail "a line is too long"
[ "$lines" -le "$most" ] || fail "$lines lines of progress; at most $most"
grep -q "^${escape}\[32mcheck: ok$escape\[0m" seen || fail "the verdict has no colour"

at_terminal "NO_COLOR=1 $systol run 16 -c $array" >seen
grep -q "^check: ok" seen || fail "colours in spite of NO_COLOR"
at_terminal "$systol run none.onnx -c $array" >seen
grep -q "systol: $escape\[31merror:$escape\[0m none.onnx" seen || fail "an error has no colour"
at_terminal "$systol --help" >seen
grep -q "^$escape\[1mOptions:$escape\[0m" seen || fail "a heading is not bold"

sh -c "$(run_long $batch)" >out 2>err
[ ! -s err ] || fail "in a pipe there is progress: $(cat err)"
grep -q "$escape" out && fail "in a pipe there are colours"
[ "$(COLUMNS=50 "$systol" help run | awk 'length($0) > 50 && !/^ +(--|systol )/' | wc -l)" = 0 ] ||
  fail "help is wider than \$COLUMNS"
