#!/bin/sh
# median_test.sh <bench/median> <fast_engine_bench>: results are read whichever benchmark runs first,
# though gemm_alone has a column less. Google Benchmark's CSV ends the program there.
set -eu
median=$1
program=$2
results=$(mktemp)
trap 'rm -f "$results"' EXIT

# value BENCHMARK COLUMN: must be a number above 0.
value() {
  "$median" "$results" "$1" "$2" | grep -qE '^[0-9]*[1-9][0-9]*\.|\.[0-9]*[1-9]' || {
    echo "median_test.sh: no $2 of $1" >&2
    exit 1
  }
}

"$program" --benchmark_filter='^(timing_only|gemm_alone)$' --benchmark_repetitions=2 \
  --benchmark_min_time=0.001 --benchmark_enable_random_interleaving=true \
  --benchmark_format=json >"$results" 2>/dev/null
value timing_only 'simulated cycles'
value timing_only cpu_time
value gemm_alone cpu_time
if "$median" "$results" gemm_alone 'simulated cycles' >/dev/null; then
  echo "median_test.sh: a column that is not there was found" >&2
  exit 1
fi
