#!/bin/sh
# package.sh <build folder> <work folder>
# Makes the Debian package, packed quickly, unpacks it and runs what it holds from another folder.
set -eu
build=$1
work=$2

fail() {
  echo "package.sh: $1" >&2
  exit 1
}

if ! command -v dpkg-shlibdeps >/dev/null || ! command -v dpkg-deb >/dev/null; then
  echo "package.sh: skipped, the package dpkg-dev is not installed"
  exit 77
fi
rm -rf "$work"
mkdir -p "$work/elsewhere"
cpack --config "$build/CPackConfig.cmake" -D CPACK_DEBIAN_COMPRESSION_TYPE=zstd -B "$work/made" >"$work/log" 2>&1 || fail "$(tail -n 20 "$work/log")"
set -- "$work"/made/systol_*.deb
[ -f "$1" ] || fail "there is no package: $*"
dpkg-deb -f "$1" Depends | grep -q "libyaml-cpp" || fail "it does not depend on the libraries that it uses"
dpkg-deb -x "$1" "$work/root"

cd "$work/elsewhere"
"$work/root/usr/bin/systol" run configs/models/mnist_mlp.onnx -c configs/edge_16x16.yaml >out 2>err ||
  fail "the program does not run: $(cat err)"
grep -q "^check: ok, " out || fail "no check"
grep -q "^\.TH" "$work/root/usr/share/man/man1/systol.1" || fail "no man page"
grep -q "complete .*systol" "$work/root/usr/share/bash-completion/completions/systol" || fail "no completion for bash"
grep -q "^#compdef systol" "$work/root/usr/share/zsh/vendor-completions/_systol" || fail "no completion for zsh"
for file in share/systol/hw/rtl/tpu_pe.sv include/systol/host/session/run.h; do
  [ -f "$work/root/usr/$file" ] || fail "no $file"
done
