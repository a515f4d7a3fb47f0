#!/usr/bin/env bash
# Kills `stir score` and `stir invert`, in turn, at random moments, again and again, and compares what the same command
# leaves in the end with what it leaves when nothing happens to it, byte by byte.
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

# run COMMAND FOLDER. Each result lies in a folder of its own under the same name, since study.json tells the command;
# logs tell times.
run() {
    mkdir -p "$2"
    cd "$2"
    local words=("$image/demo/vgg0.script.pt")
    if [[ $1 == score ]]; then words+=("$image/demo/vgg1.script.pt" --repeats 2); fi
    exec "$image/bin/stir" "$1" "${words[@]}" --inputs "$image/demo/mnist500-images-idx3-ubyte" --limit 100 \
        --optimizer fast --iterations 60 --batch-size 20 --out out
}

milliseconds() {
    echo $(($(date +%s%N) / 1000000))
}

declare -A whole
for command in score invert; do
    begun=$(milliseconds)
    (run "$command" "$work/$command") >"$work/$command.txt"
    whole[$command]=$(($(milliseconds) - begun))
    echo "$command, uninterrupted: ${whole[$command]} ms"
done

killed=0
round=0
while ((killed < kills)); do
    if ((round % 2)); then command=invert; else command=score; fi
    round=$((round + 1))
    before=$killed
    while true; do
        (run "$command" "$work/broken") >"$work/broken.txt" 2>"$work/broken.err" &
        process=$!
        if ((killed < kills)); then
            # from the start of Java to the whole duration
            sleep "$(awk -v most="${whole[$command]}" -v share=$((RANDOM % 1000)) 'BEGIN { print (300 + (most - 300) * share / 1000) / 1000 }')"
            if kill -KILL "$process" 2>/dev/null; then
                wait "$process" 2>/dev/null || true
                killed=$((killed + 1))
                continue
            fi
        fi
        wait "$process" || { cat "$work/broken.err"; exit 1; }
        break
    done
    diff -r -x logs "$work/$command" "$work/broken"
    diff "$work/$command.txt" "$work/broken.txt"
    echo "round $round, $command: the same bytes after $((killed - before)) kills"
    rm -r "$work/broken"
done
echo "$killed kills in $round rounds, no difference"
