#!/usr/bin/env bash
# A Slurm of two nodes on this machine, without systemd, in the folder given; as root. Says `ready`, and
# lasts until its standard input ends: then everything of it ends, what it runs as well, because it has
# a PID namespace of its own. A node whose slurmd is killed comes back after 15 seconds.
set -euo pipefail
at=$1
if [ "${2:-}" != inside ]; then
  exec unshare --pid --mount-proc --fork --kill-child "$0" "$at" inside
fi
export SLURM_CONF=$at/slurm.conf
mkdir -p "$at"/{state,n1,n2,log,munge}
chmod 0755 "$at/munge"
host=$(hostname -s)
cat >"$SLURM_CONF" <<CONF
ClusterName=lab
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
SlurmctldPort=16817
AuthType=auth/munge
AuthInfo=socket=$at/munge/socket,cred_expire=5
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SchedulerParameters=sched_interval=2,bf_interval=2
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
ReturnToService=2
SlurmdTimeout=10
KillWait=2
StateSaveLocation=$at/state
SlurmdSpoolDir=$at/%n
SlurmctldPidFile=$at/slurmctld.pid
SlurmdPidFile=$at/%n.pid
SlurmctldLogFile=$at/log/slurmctld
SlurmdLogFile=$at/log/%n
NodeName=n1 NodeHostname=$host NodeAddr=127.0.0.1 Port=17001 CPUs=$(nproc)
NodeName=n2 NodeHostname=$host NodeAddr=127.0.0.1 Port=17002 CPUs=$(nproc)
PartitionName=all Nodes=n1,n2 Default=YES State=UP
CONF
mungekey --create --keyfile "$at/munge/key"
munged --force --socket "$at/munge/socket" --key-file "$at/munge/key" --pid-file "$at/munge/pid" \
  --log-file "$at/munge/log" --seed-file "$at/munge/seed"
slurmctld
for node in n1 n2; do
  while :; do
    slurmd -D -N $node || true
    sleep 15
  done </dev/null >/dev/null 2>&1 &
done
for _ in $(seq 100); do
  [ "$(sinfo -h -o %t 2>&1)" != idle ] || break
  sleep 0.2
done
[ "$(sinfo -h -o %t)" = idle ]
echo ready
cat >/dev/null
