#!/bin/sh
# install.sh <build folder> <work folder> <example's source folder>
# Installs the build, moves what was installed, and uses it there: the command finds its configs and
# the RTL's sources, and a program of somebody else is built with find_package(systol).
set -eu
build=$1
work=$2
example=$3

fail() {
  echo "install.sh: $1" >&2
  exit 1
}

# has FILE LINE
has() {
  grep -qxF -- "$2" "$1" || {
    cat "$1" >&2
    fail "no line '$2'"
  }
}

rm -rf "$work"
mkdir -p "$work/elsewhere"
cmake --install "$build" --prefix "$work/first" >"$work/install.log"
mv "$work/first" "$work/moved"
cd "$work/elsewhere"
unset SYSTOL_SOURCES
shared=$work/moved/share/systol
systol=$work/moved/bin/systol

echo "-- configs that are not in the working folder"
"$systol" run configs/models/mnist_mlp.onnx -c configs/edge_16x16.yaml --engine fast >out 2>err
grep -q "^check: ok, " out || fail "no check"
for file in configs/models/mnist_mlp.onnx configs/edge_16x16.yaml; do
  has err "systol: there is no $file here: using $shared/$file"
done

echo "-- a file that is in the working folder comes first, and needs no note"
mkdir -p configs
sed 's/^name:.*/name: mine/' "$shared/configs/edge_16x16.yaml" |
  sed "s,^energy:.*,energy: $shared/configs/energy/45nm.yaml," >configs/edge_16x16.yaml
"$systol" config check configs/edge_16x16.yaml >out
grep -q "mine" out || fail "the file in the working folder was not taken"

echo "-- the RTL's sources are those of the installation, and all of them"
mkdir -m 700 "$work/cache"
# Verilator's runtime, where the build has it: it takes most of a library's time.
find "$build" -path '*/rtl/runtime-*.a' -exec cp {} "$work/cache" \;
SYSTOL_CACHE=$work/cache SYSTOL_RTL_DIR=$work/none "$systol" rtl build configs/edge_8x8.yaml \
  --set array.rows=2 --set array.columns=3 >out 2>&1 || {
  cat out >&2
  fail "no library from the installed sources"
}
mv "$shared/hw/rtl/tpu_pkg.sv" "$work/tpu_pkg.sv"
SYSTOL_CACHE=$work/cache "$systol" rtl list >out 2>&1 && fail "a source is missing, and nothing is said"
grep -qF "cannot read $shared/hw/rtl/tpu_pkg.sv" out || fail "other sources were read"
mv "$work/tpu_pkg.sv" "$shared/hw/rtl/tpu_pkg.sv"

echo "-- the example of docs/example"
cmake -S "$example" -B "$work/example" -DCMAKE_PREFIX_PATH="$work/moved" >"$work/example.log"
grep -q "^systol_DIR:PATH=$work/moved/" "$work/example/CMakeCache.txt" || fail "another systol was found"
cmake --build "$work/example" >>"$work/example.log" || {
  tail -n 40 "$work/example.log" >&2
  fail "the example does not compile"
}
"$work/example/two_arrays" >out
has out "edge-16x16: 8385 cycles, 13 uJ, check ok"
has out "big-128x128: 1898 cycles, 10.5 uJ, check ok"
