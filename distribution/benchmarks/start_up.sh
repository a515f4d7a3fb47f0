#!/usr/bin/env bash
# Prints the processor time (user and system) of short commands, the median of RUNS, for one image or several.
#
#     distribution/benchmarks/start_up.sh IMAGE...        RUNS=9 by default
set -euo pipefail
export LC_ALL=C
runs=${RUNS:-9}
model=$(cd "$(dirname "$0")/../src/demo" && pwd)/vgg_gelu0.onnx

# median IMAGE ARGUMENTS...
median() {
    local image=$1 i
    shift
    "$image/bin/stir" "$@" >/dev/null # unpacks native libraries
    for ((i = 0; i < runs; i++)); do
        { TIMEFORMAT='%U %S' && time "$image/bin/stir" "$@" >/dev/null; } 2>&1
    done | awk '{ print $1 + $2 }' | sort -n | awk '{ all[NR] = $1 } END { printf "%.2f", all[int((NR + 1) / 2)] }'
}

printf '%-14s' command && printf '  %s' "$@" && echo
for command in --version --help measures layers backends; do
    arguments=("$command")
    [ "$command" = layers ] && arguments+=("$model")
    printf '%-14s' "$command"
    for image in "$@"; do
        printf "  %${#image}s" "$(median "$image" "${arguments[@]}")"
    done
    echo
done
