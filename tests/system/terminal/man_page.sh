#!/bin/sh
# man_page.sh <systol> <source folder> <work folder>
# The man page has no mistakes that groff knows of, and every command and option.
set -eu
systol=$1
work=$3

command -v groff >/dev/null || {
  echo "there is no groff here"
  exit 77
}
mkdir -p "$work"
cd "$work"
"$systol" help --man >systol.1
warnings=$(groff -man -ww -z -Tutf8 systol.1 2>&1)
[ -z "$warnings" ] || {
  echo "$warnings" >&2
  exit 1
}
groff -man -Tascii -P-c systol.1 | sed 's/.\x08//g' >page
for text in 'systol - simulate a systolic-array TPU' '--wave-scope TEXT...' 'rtl clean' \
  '{fast,rtl,systemc}' 'systol run configs/models/mnist_mlp.onnx -c configs/edge_16x16.yaml' \
  "--set clock='1 GHz'" 'NO_COLOR'; do
  grep -qF -- "$text" page || {
    echo "man_page.sh: no '$text'" >&2
    exit 1
  }
done
for option in $("$systol" run --help | grep -oE '^  --[a-z-]+'); do
  grep -qE -- "^ *$option( |\$)" page || {
    echo "man_page.sh: $option of run is missing" >&2
    exit 1
  }
done
