#!/usr/bin/env bash
# Prints what is paid before the first step: wall and processor time in s, medians of RUNS, for one image or several that take turns.
#
#     distribution/benchmarks/first_step.sh NETWORK INPUTS IMAGE...        RUNS=3 by default
#
# `layers` of a network, and `invert` of 10 inputs with one iteration: resnet18_32.pt and crops_32.npy of photos.py.
set -euo pipefail
export LC_ALL=C
runs=${RUNS:-3} network=$1 inputs=$2
shift 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# once IMAGE COMMAND
once() {
    local arguments=("$2" "$network")
    [ "$2" = invert ] && arguments+=(--inputs "$inputs" --limit 10 --optimizer fast --iterations 1 --threads 2 --out "$work/$RANDOM$RANDOM")
    { TIMEFORMAT='%R %U %S' && time "$1/bin/stir" "${arguments[@]}" >/dev/null 2>&1; } 2>&1 | awk '{ print $1, $2 + $3 }'
}

for command in layers invert; do
    for image in "$@"; do
        once "$image" "$command" >/dev/null # unpacks native libraries
    done
    for ((i = 0; i < runs; i++)); do
        for image in "$@"; do
            once "$image" "$command" >>"$work/${image//\//_}.$command"
        done
    done
    for image in "$@"; do
        for column in 1 2; do
            sort -n -k$column "$work/${image//\//_}.$command" | awk -v c=$column '{ all[NR] = $c } END { printf "%s%.2f", (c == 1 ? "'"$command $image"' wall " : " processor "), all[int((NR + 1) / 2)] }'
        done
        echo
    done
done
