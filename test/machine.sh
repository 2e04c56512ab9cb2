#!/usr/bin/env bash
# A fresh machine: in a clean clone `test/machine.sh NODE NPM` sets the lab up under that Node with that
# npm, then carries it out at the small size without a network, and tells times and sizes.
set -euo pipefail
cd "$(dirname "$0")/.."

tools=$(mktemp -d)
trap 'rm -r "$tools"' EXIT
npm install --silent --no-audit --no-fund --prefix "$tools" "node@$1" "npm@$2"
export PATH="$tools/node_modules/.bin:$PATH"
echo "$(id -un), Node $(node --version), npm $(npm --version), in $(basename "$PWD")"

TIMEFORMAT='  %R s; of the processor %U and %S'
timed() {
  echo "$*"
  time "$@"
}
timed npm ci --silent --no-audit --no-fund
timed npm run --silent lab -- --quick --part 0
du -sm node_modules .venv
alone() { # with no network but this machine's own
  unshare --map-root-user --net sh -c 'ip link set lo up && exec "$@"' sh "$@"
}
timed alone npm run --silent lab -- --quick
