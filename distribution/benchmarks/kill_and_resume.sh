#!/usr/bin/env bash
# Kills `stir score` at random moments, again and again, and compares what the same command leaves in the end with what
# it leaves when nothing happens to it, byte by byte.
#
#     distribution/benchmarks/kill_and_resume.sh IMAGE [KILLS] [SEED]
#
# IMAGE is the unpacked image (distribution/target/stir). Prints one line a round and fails at the first difference.
set -euo pipefail

image=$1
kills=${2:-50}
RANDOM=${3:-1} # seeds bash's generator

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

score() {
    exec "$image/bin/stir" score "$image/demo/vgg0.script.pt" "$image/demo/vgg1.script.pt" \
        --inputs "$image/demo/mnist500-images-idx3-ubyte" --limit 100 --optimizer fast --iterations 60 --batch-size 20 \
        --repeats 2 --out "$1"
}

milliseconds() {
    echo $(($(date +%s%N) / 1000000))
}

begun=$(milliseconds)
(score "$work/whole") >"$work/whole.txt"
whole=$(($(milliseconds) - begun))
echo "uninterrupted: $whole ms"

killed=0
round=0
while ((killed < kills)); do
    round=$((round + 1))
    before=$killed
    while true; do
        (score "$work/broken") >"$work/broken.txt" 2>"$work/broken.err" &
        process=$!
        if ((killed < kills)); then
            # from the start of Java to the whole duration
            sleep "$(awk -v most="$whole" -v share=$((RANDOM % 1000)) 'BEGIN { print (300 + (most - 300) * share / 1000) / 1000 }')"
            if kill -KILL "$process" 2>/dev/null; then
                wait "$process" 2>/dev/null || true
                killed=$((killed + 1))
                continue
            fi
        fi
        wait "$process" || { cat "$work/broken.err"; exit 1; }
        break
    done
    diff -r "$work/whole" "$work/broken"
    diff "$work/whole.txt" "$work/broken.txt"
    echo "round $round: the same bytes after $((killed - before)) kills"
    rm -r "$work/broken"
done
echo "$killed kills in $round rounds, no difference"
