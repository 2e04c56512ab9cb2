#!/usr/bin/env bash
# A class graded on a Slurm cluster:
#
#     deploy/slurm/grade.sh SUBMISSIONS OUT SHARES [options of npm run grade]
#
# Run it in a checkout after `npm ci`, in a folder that all nodes see. The class is graded in so many
# shares, each a task of a job array; a job after it puts them together in OUT. A share whose node is
# lost is queued again, and takes up what it had graded. Started again, the command goes on where it was.
# SBATCH_PARTITION, SBATCH_TIMELIMIT and the like say where and how long; see sbatch(1).
set -euo pipefail
if [ $# -lt 3 ] || ! [[ $3 =~ ^[1-9][0-9]*$ ]] || ! [ -e "$1" ]; then
  echo 'grade.sh: expected SUBMISSIONS OUT SHARES, as in deploy/slurm/grade.sh submissions grades 8' >&2
  exit 2
fi
command -v sbatch >/dev/null || { echo 'grade.sh: there is no sbatch here; run it on a login node of a Slurm cluster' >&2; exit 1; }
cd "$(dirname "$0")/../.."
project=$PWD
cd "$OLDPWD"
submissions=$(realpath "$1") out=$(realpath -m "$2") shares=$3
shift 3
mkdir -p "$out/slurm"
# One seed for all shares, drawn once and kept, so that the grades can be taken up.
[ -s "$out/seed.txt" ] || shuf -i 0-2147483647 -n 1 >"$out/seed.txt"
seed=$(tr -d '[:space:]' <"$out/seed.txt")
each=$(sbatch --parsable --job-name lab-grade --requeue --array="1-$shares" --chdir "$project" \
  --output "$out/slurm/share-%a.log" --open-mode append "$project/deploy/slurm/run.sbatch" \
  npm run --silent grade -- "$submissions" --out "$out/share-%a" --shard "%a/$shares" --seed "$seed" "$@")
folders=()
for ((i = 1; i <= shares; i++)); do folders+=("$out/share-$i"); done
all=$(sbatch --parsable --job-name lab-grades --requeue --dependency "afterok:$each" --kill-on-invalid-dep=yes \
  --chdir "$project" --output "$out/slurm/together.log" "$project/deploy/slurm/run.sbatch" \
  npm run --silent grade -- --merge "${folders[@]}" --out "$out")
echo "graded in $shares shares by job $each, put together in $out by job $all; logs in $out/slurm"
