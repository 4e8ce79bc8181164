#!/bin/sh
# Makes pages with --report of `systol run`, `compare`, `sweep` and `train` and opens them in headless Chromium, with checks.js in them:
#   check_report.sh SYSTOL SOURCES
# Ends with 77, which ctest calls skipped, where no Chromium is installed.
set -eu
systol=$1
sources=$2
here=$(dirname "$(readlink -f "$0")")

browser=$(command -v chromium-headless-shell || command -v chromium || true)
if [ -z "$browser" ]; then
  echo "skipped: no Chromium is installed (Debian's package chromium-headless-shell)"
  exit 77
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$sources"

# check NAME: opens $folder/NAME.html, in which checks.js leaves what it found in the document.
failed=0
check() {
  sed -e "s|^</body>$|<script>|" -e "/^<\/html>$/d" "$folder/$1.html" >"$folder/checked.html"
  cat "$here/checks.js" >>"$folder/checked.html"
  echo "</script></body></html>" >>"$folder/checked.html"
  # The browser has a sandbox of its own, which needs rights that containers do not have.
  timeout 60 "$browser" --no-sandbox --disable-gpu --user-data-dir="$folder/profile" \
    --enable-logging=stderr --virtual-time-budget=30000 --window-size=1280,2000 --dump-dom \
    "file://$folder/checked.html" >"$folder/dom" 2>"$folder/log" || true
  if ! grep -q 'data-checks="passed"' "$folder/dom"; then
    echo "$1: $(grep -o 'data-checks="[^"]*"' "$folder/dom" || echo 'the page did not get to its checks')"
    failed=1
  fi
  if grep CONSOLE "$folder/log"; then
    echo "$1: the page wrote to the console"
    failed=1
  fi
}

"$systol" run configs/models/mnist_mlp.onnx -c configs/edge_16x16.yaml --batch 8 \
  --report "$folder/network.html" >/dev/null
check network

cat >"$folder/names.csv" <<'END'
Layer, M, N, K,
</script><script>alert(1)</script>, 8, 16, 20,
<img src=x onerror=alert(2)>, 9, 9, 9,
"><svg onload=alert(3)>, 9, 9, 9,
END
"$systol" run "$folder/names.csv" -c configs/edge_8x8.yaml --no-data \
  --report "$folder/names.html" >/dev/null
check names

# Many layers: the table shows some of them at a time.
awk 'BEGIN { print "Layer, M, N, K,"; for (i = 0; i < 300; ++i) print "layer" i ", 8, 8, 8," }' >"$folder/many.csv"
"$systol" run "$folder/many.csv" -c configs/edge_8x8.yaml --no-data --report "$folder/many.html" >/dev/null
check many

"$systol" compare "$folder/names.csv" 64x32 -c configs/edge_8x8.yaml configs/edge_16x16.yaml --no-data \
  --under '50 mW' --report "$folder/compared.html" >/dev/null
check compared

# Learning rates, one of which diverges, beside another training.
"$systol" train configs/training/xor.yaml --precision fp32 --data configs/training/xor.csv --labels configs/training/xor-labels.csv \
  --label 'four samples' --json "$folder/beside.json" >/dev/null
"$systol" train configs/training/adder.yaml -c configs/edge_8x8.yaml --set array.pe=bf16 --data configs/training/adder.csv \
  --targets configs/training/adder-targets.csv --learning-rate 0.01,0.1,1e30 --epochs 50 --batch 3 \
  --beside "$folder/beside.json" --report "$folder/training.html" >/dev/null 2>&1 && failed=1
check training

# More than a thousand points are drawn as a picture; the clock is an axis of numbers, the dataflow one of names.
cat >"$folder/plan.yaml" <<END
models: [16]
arrays: [$sources/configs/edge_8x8.yaml]
parameters:
  array.dataflow: [weight_stationary, output_stationary]
  clock: {from: 100 MHz, to: 700 MHz}
END
"$systol" sweep "$folder/plan.yaml" --results "$folder/plan.db" --report "$folder/swept.html" >/dev/null
check swept
exit $failed
