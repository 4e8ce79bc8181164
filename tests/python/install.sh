#!/bin/sh
# install.sh <python> <source folder> <build folder> <work folder>
# Installs the package with the commands of docs/python.md, from a copy of the sources, and uses it
# where there is no clone: the example, and a run that needs the RTL's sources.
set -eu
python=$1
source=$2
build=$3
work=$4

fail() {
  echo "install.sh: $1" >&2
  exit 1
}

rm -rf "$work"
mkdir -p "$work/elsewhere"
"$python" -m venv --system-site-packages "$work/venv"
cd "$source"
# The tree that is being tested instead of one of pip's own.
SYSTOL_BUILD=$build "$work/venv/bin/pip" install --no-build-isolation --no-index --quiet \
  --disable-pip-version-check . >"$work/log" 2>&1 || fail "$(tail -n 20 "$work/log")"

cd "$work/elsewhere"
cp "$source/docs/python_example.py" .
unset PYTHONPATH SYSTOL_SOURCES
"$work/venv/bin/python" python_example.py >out || fail "the example does not run"
grep -q "^first digits: \[7 2 1 0 4" out || fail "the example says something else"
"$work/venv/bin/python" - "$work/venv" <<'END' || fail "the package is not whole"
import sys
import systol

assert systol.__file__.startswith(sys.argv[1]), systol.__file__
assert systol.shared_folder().startswith(sys.argv[1]), systol.shared_folder()
report = systol.run("64x10", "configs/edge_8x8.yaml", engine="rtl")
assert report.check == "ok" and report.engine == "rtl"
END
