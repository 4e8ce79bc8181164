#!/bin/sh
# sweep.sh <systol> <source folder>
# A sweep on a cluster of two nodes, with a task and the sweep itself killed in the middle: its rows
# are those of the same sweep on one machine, to the byte.
set -eu
systol=$1
source=$2
here=$(dirname "$0")
# shellcheck source=cluster.sh disable=SC1091
. "$here/cluster.sh"

for program in munged slurmctld slurmd sbatch squeue; do
  command -v "$program" >/dev/null || {
    echo "skipped: there is no $program (Debian: slurmctld, slurmd, slurm-client and munge)"
    exit 77
  }
done

work=$(mktemp -d)
chmod 755 "$work"
finish() {
  stop_cluster
  rm -rf "$work"
}
trap finish EXIT
fail() {
  echo "sweep.sh: $1" >&2
  tail -n 20 "$work"/cluster/*.log "$work"/*.err >&2 || true
  exit 1
}

start_cluster "$work/cluster" || {
  tail -n 5 "$work"/cluster/*.log >&2 || true
  echo "skipped: a cluster of two nodes does not start on this machine"
  exit 77
}
cd "$work"
cat >plan.yaml <<PLAN
models: [784x600x10]
arrays: [$source/configs/edge_8x8.yaml]
parameters: {memory.dram.latency: {from: 50 ns, to: 73 ns}}
engine: systemc
PLAN
set -- sweep plan.yaml --results cluster.db --on slurm --points-per-task 6 \
  --csv cluster.csv --json-lines cluster.jsonl

# Processes of the task that runs this shard: the words of a command line have a zero between them.
workers_of() {
  LC_ALL=C grep -las "$work/cluster.db.[s]hards.--threads.1.--shard.$1" /proc/[0-9]*/cmdline |
    cut -d / -f 3
}
# A task is short: it is killed as soon as it is seen. A child of it may have ended meanwhile.
kill_worker() {
  # shellcheck disable=SC2046  # a list of numbers
  kill -KILL $(workers_of "$1")
}
tasks() { squeue --me --array --noheader --states="$1" --format='%K' | sort -u; }

"$systol" "$@" >first.out 2>first.err &
driver=$!
wait_until 20 kill_worker 2/4 || fail "no node runs shard 2 of 4"
kill -KILL "$driver" || fail "the sweep was too quick"
wait "$driver" || [ $? = 137 ] || fail "the sweep was not killed"

"$systol" "$@" >second.out 2>second.err || fail "the sweep does not go on"
# A task's file is there before Slurm knows that the task has ended.
all_completed() { [ "$(tasks COMPLETED | tr '\n' ' ')" = "0 1 2 3 " ]; }
wait_until 20 all_completed || fail "these completed: $(tasks COMPLETED)"
[ "$(tasks FAILED)" = 1 ] || fail "of the tasks, these failed: $(tasks FAILED)"
[ ! -e cluster.db.shards ] || fail "left behind: $(ls cluster.db.shards)"

"$systol" sweep plan.yaml --results one.db --csv one.csv --json-lines one.jsonl >one.out 2>one.err
cmp cluster.csv one.csv || fail "other CSV than on one machine"
cmp cluster.jsonl one.jsonl || fail "other JSON lines than on one machine"
[ "$(grep -c . one.jsonl)" = 24 ] || fail "$(grep -c . one.jsonl) of 24 rows"
