#!/bin/sh
# reproduce.sh [TARGET...]: builds the release of the last commit twice, in two folders, and compares all files.
# With FRESH=1 the second build shares no compiled package with the first, which takes as long again.
set -eu
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT

for run in first second; do
  git clone -q . "$work/$run"
  if [ "$run" = second ] && [ -n "${FRESH:-}" ]; then
    GOCACHE=$work/cache
    export GOCACHE
  fi
  (cd "$work/$run" && go run ./internal/dist all "$work/$run-dist" "$@")
done
cat "$work/first-dist/checksums.txt"
diff -r "$work/first-dist" "$work/second-dist" && echo 'both builds are the same, byte by byte'
