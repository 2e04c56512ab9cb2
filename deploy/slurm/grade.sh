#!/usr/bin/env bash
# A class graded on a Slurm cluster:
#
#     deploy/slurm/grade.sh SUBMISSIONS OUT SHARES [options of npm run grade]
#
# Run it in a checkout after `npm ci`, in a folder that all nodes see. The class is graded in so many
# shares, each a task of a job array; a job after it puts them together in OUT. A share whose node is
# lost is queued again, and takes up what it had graded. Started again, the command goes on where it was.
# SBATCH_PARTITION, SBATCH_TIMELIMIT and the like say where and how long; see sbatch(1).
source "$(dirname "$0")/shares.sh"
if [ $# -lt 3 ] || ! [[ $3 =~ ^[1-9][0-9]*$ ]] || ! [ -e "$1" ]; then
  wrong 'SUBMISSIONS OUT SHARES, as in deploy/slurm/grade.sh submissions grades 8'
fi
submissions=$(realpath "$1") out=$(realpath -m "$2") shares=$3
shift 3
mkdir -p "$out"
# One seed for all shares, drawn once and kept, so that the grades can be taken up.
[ -s "$out/seed.txt" ] || shuf -i 0-2147483647 -n 1 >"$out/seed.txt"
seed=$(tr -d '[:space:]' <"$out/seed.txt")
each=$(each_share lab-grade npm run --silent grade -- "$submissions" --out "$out/share-%a" \
  --shard "%a/$shares" --seed "$seed" "$@")
folders=()
for ((i = 1; i <= shares; i++)); do folders+=("$out/share-$i"); done
all=$(together_after lab-grades "$each" npm run --silent grade -- --merge "${folders[@]}" --out "$out")
echo "graded in $shares shares by job $each, put together in $out by job $all; logs in $out/slurm"
