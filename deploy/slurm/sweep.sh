#!/usr/bin/env bash
# Part 3.1's sweep, or another part, on a Slurm cluster:
#
#     deploy/slurm/sweep.sh OUT SHARES [--part 3.1] [--quick]
#
# Run it in a checkout after `npm ci`, in a folder that all nodes see. Each task of a job array carries
# the part out and begins with its own share of the trainings and bends; all are kept in OUT, where
# each finds those of the others. A job after it makes the notebook, the figures and the report of them.
source "$(dirname "$0")/shares.sh"
if [ $# -lt 2 ] || ! [[ $2 =~ ^[1-9][0-9]*$ ]]; then
  wrong 'OUT SHARES, as in deploy/slurm/sweep.sh results 7'
fi
out=$(realpath -m "$1") shares=$2
shift 2
[[ " $* " == *' --part '* ]] || set -- --part 3.1 "$@"
each=$(each_share lab-sweep npm run --silent lab -- "$@" --out "$out" --share "%a/$shares")
all=$(together_after lab-figures "$each" npm run --silent lab -- "$@" --out "$out")
echo "trained in $shares shares by job $each, put together in $out by job $all; logs in $out/slurm"
