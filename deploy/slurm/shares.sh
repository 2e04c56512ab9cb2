# How grade.sh and sweep.sh queue their work; to be sourced. They set `shares`, and `out`, where logs go.
set -euo pipefail
project=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

wrong() { # ends for want of what is expected
  echo "$(basename "$0"): expected $1" >&2
  exit 2
}

command -v sbatch >/dev/null || {
  echo "$(basename "$0"): there is no sbatch here; run it on a login node of a Slurm cluster" >&2
  exit 1
}

job() { # a name, a log, an option of sbatch and a command: prints the number of the job
  mkdir -p "$out/slurm"
  sbatch --parsable --job-name "$1" --output "$out/slurm/$2.log" --open-mode append --requeue \
    --chdir "$project" "$3" --kill-on-invalid-dep=yes "$project/deploy/slurm/run.sbatch" "${@:4}"
}
# A name and a command, in which %a is the number of the share.
each_share() { job "$1" share-%a "--array=1-$shares" "${@:2}"; }
# A name, the number of the job that must have ended well, and a command.
together_after() { job "$1" together "--dependency=afterok:$2" "${@:3}"; }
