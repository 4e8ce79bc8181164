# A cluster of two nodes on this machine, for the script that reads this file: Slurm's daemons with
# munge, as the user who runs the test, without systemd and control groups.
#   start_cluster FOLDER    its files are in the folder, whose path is short; sets SLURM_CONF
#   stop_cluster            also where only some of it has started
# shellcheck shell=sh
cluster_daemons=""

# Debian keeps the daemons where only root's PATH looks.
PATH=$PATH:/usr/sbin:/sbin

write_slurm_conf() {
  cat >"$SLURM_CONF" <<CONFIG
ClusterName=systol
SlurmctldHost=$(hostname)(127.0.0.1)
SlurmctldPort=$2
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
AuthType=auth/munge
AuthInfo=socket=$1/munge.socket
CredType=cred/munge
StateSaveLocation=$1/state
SlurmdSpoolDir=$1/spool-%n
SlurmctldPidFile=$1/slurmctld.pid
SlurmdPidFile=$1/slurmd-%n.pid
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerType=sched/builtin
SchedulerParameters=batch_sched_delay=0
MpiDefault=none
SwitchType=switch/none
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
ReturnToService=2
NodeName=n1 NodeHostname=$(hostname) NodeAddr=127.0.0.1 Port=$(($2 + 1)) CPUs=2
NodeName=n2 NodeHostname=$(hostname) NodeAddr=127.0.0.1 Port=$(($2 + 2)) CPUs=2
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONFIG
}

# in_background LOG COMMAND...
in_background() {
  log=$1
  shift
  "$@" >"$log" 2>&1 </dev/null &
  cluster_daemons="$! $cluster_daemons"
}

# wait_until SECONDS COMMAND...
wait_until() {
  tries=$(($1 * 10))
  shift
  until "$@" >/dev/null 2>&1; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || return 1
    sleep 0.1
  done
}

both_idle() {
  [ "$(sinfo --noheader --Node --states=idle | wc -l)" = 2 ]
}

start_cluster() {
  mkdir -p "$1/state" "$1/spool-n1" "$1/spool-n2"
  SLURM_CONF=$1/slurm.conf
  export SLURM_CONF
  write_slurm_conf "$1" $((20000 + $$ % 10000 * 4))
  (umask 077 && head -c 1024 /dev/urandom >"$1/munge.key")
  in_background "$1/munged.log" munged --foreground --num-threads=2 --socket="$1/munge.socket" \
    --key-file="$1/munge.key" --pid-file="$1/munged.pid" --seed-file="$1/munge.seed"
  wait_until 10 test -S "$1/munge.socket" || return 1
  in_background "$1/slurmctld.log" slurmctld -D -c
  in_background "$1/slurmd-n1.log" slurmd -D -N n1
  in_background "$1/slurmd-n2.log" slurmd -D -N n2
  wait_until 20 both_idle
}

queue_is_empty() {
  [ -z "$(squeue --noheader)" ]
}

# A node's daemon waits for its tasks, and these for the controller, which goes after it.
stop_cluster() {
  if [ -n "$cluster_daemons" ]; then
    scancel --me >/dev/null 2>&1 || true
    wait_until 10 queue_is_empty || true
  fi
  for daemon in $cluster_daemons; do
    kill "$daemon" 2>/dev/null || true
    wait_until 3 not_running "$daemon" || kill -KILL "$daemon" || true
    wait "$daemon" || true
  done
  cluster_daemons=""
}

not_running() {
  case $(cut -d ' ' -f 3 "/proc/$1/stat" 2>/dev/null) in
    "" | Z) ;;
    *) return 1 ;;
  esac
}
