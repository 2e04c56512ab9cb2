#!/usr/bin/env bash
# Starts a Slurm of two nodes on this machine, without systemd, in the folder given; ends with it ready.
set -euo pipefail
at=$1
mkdir -p "$at"/{state,n1,n2,log}
host=$(hostname -s)
if ! pgrep -x munged >/dev/null; then
  install -d -o munge -g munge -m 0755 /run/munge
  [ -s /etc/munge/munge.key ] || mungekey --create
  runuser -u munge -- munged
fi
cpus=$(nproc)
cat >"$at/slurm.conf" <<CONF
ClusterName=lab
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
SlurmctldPort=16817
AuthType=auth/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
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
NodeName=n1 NodeHostname=$host NodeAddr=127.0.0.1 Port=17001 CPUs=$cpus
NodeName=n2 NodeHostname=$host NodeAddr=127.0.0.1 Port=17002 CPUs=$cpus
PartitionName=all Nodes=n1,n2 Default=YES State=UP
CONF
export SLURM_CONF=$at/slurm.conf
slurmctld
for node in n1 n2; do slurmd -N $node; done
for _ in $(seq 50); do
  [ "$(sinfo -h -o %t)" = idle ] && exit 0
  sleep 0.2
done
sinfo
exit 1
