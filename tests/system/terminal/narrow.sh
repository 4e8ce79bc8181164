#!/bin/sh
# narrow.sh <systol> <source folder> <work folder>
# Tables at a terminal of 80 columns, which `script` makes, and in a pipe.
set -eu
systol=$1
configs=$2/configs

fail() {
  echo "narrow.sh: $1" >&2
  exit 1
}
# table COMMAND: the lines of its widest table, at a terminal of 80 columns
table() {
  script -qec "stty cols 80; $1" /dev/null </dev/null | tr -d '\r' | sed -n '/^node/,/^$/p'
}

for command in run describe; do
  line="$systol $command $configs/models/mnist_lenet.onnx -c $configs/edge_16x16.yaml"
  table "$line" >"$3.seen"
  grep -q "bound by$" "$3.seen" || fail "$command: no table: $(cat "$3.seen")"
  [ "$(grep -v '^not shown' "$3.seen" | awk 'length($0) > 80' | wc -l)" = 0 ] ||
    fail "$command: a line is too long: $(cat "$3.seen")"
  grep -q "^not shown in this width: .*memory\|^not shown in this width: inputs in" "$3.seen" ||
    fail "$command: nothing says what is left out"
  (unset COLUMNS && $line) >"$3.seen"
  grep -q "not shown" "$3.seen" && fail "$command: in a pipe columns are left out"
done
rm "$3.seen"
