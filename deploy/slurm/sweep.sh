#!/usr/bin/env bash
# Part 3.1's sweep, or another part, on a Slurm cluster:
#
#     deploy/slurm/sweep.sh OUT SHARES [--part 3.1] [--quick]
#
# Run it in a checkout after `npm ci`, in a folder that all nodes see. Each task of a job array carries
# the part out and begins with its own share of the trainings and bends; all are kept in OUT, where
# each finds those of the others. A job after it makes the notebook, the figures and the report of them.
set -euo pipefail
if [ $# -lt 2 ] || ! [[ $2 =~ ^[1-9][0-9]*$ ]]; then
  echo 'sweep.sh: expected OUT SHARES, as in deploy/slurm/sweep.sh results 7' >&2
  exit 2
fi
command -v sbatch >/dev/null || { echo 'sweep.sh: there is no sbatch here; run it on a login node of a Slurm cluster' >&2; exit 1; }
cd "$(dirname "$0")/../.."
project=$PWD
cd "$OLDPWD"
out=$(realpath -m "$1") shares=$2
shift 2
[[ " $* " == *' --part '* ]] || set -- --part 3.1 "$@"
mkdir -p "$out/slurm"
each=$(sbatch --parsable --job-name lab-sweep --requeue --array="1-$shares" --chdir "$project" \
  --output "$out/slurm/share-%a.log" --open-mode append "$project/deploy/slurm/run.sbatch" \
  npm run --silent lab -- "$@" --out "$out" --share "%a/$shares")
all=$(sbatch --parsable --job-name lab-figures --requeue --dependency "afterok:$each" --kill-on-invalid-dep=yes \
  --chdir "$project" --output "$out/slurm/together.log" "$project/deploy/slurm/run.sbatch" \
  npm run --silent lab -- "$@" --out "$out")
echo "trained in $shares shares by job $each, put together in $out by job $all; logs in $out/slurm"
