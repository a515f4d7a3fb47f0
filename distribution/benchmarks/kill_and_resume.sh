#!/usr/bin/env bash
# Disturbs `stir score`, `invert`, `matrix` and a study in shards, in turn, at random moments, again and again, and compares
# what the same command leaves in the end with what it leaves when nothing happens to it, byte by byte. Most disturbances
# are kills (SIGKILL); where a small disk can be mounted (tmpfs, by root), some fill the disk, or make the folder of results
# immutable for three seconds: these are to end with success, or with one sentence and code 1.
#
#     distribution/benchmarks/kill_and_resume.sh IMAGE [DISTURBANCES] [SEED]
#
# IMAGE is the unpacked image (distribution/target/stir). Prints one line a round and fails at the first difference.
set -euo pipefail

image=$(realpath "$1")
most=${2:-50}
RANDOM=${3:-1} # seeds bash's generator

work=$(mktemp -d)
disk=$work/disk
mkdir "$disk"
mounted=false
mount -t tmpfs -o size=64m tmpfs "$disk" 2>/dev/null && mounted=true
clean() {
    chattr -R -i "$disk" 2>/dev/null || true
    if $mounted; then umount "$disk"; fi
    rm -rf "$work"
}
trap clean EXIT

cat >"$work/study.yaml" <<END
models:
  - {name: one, file: $image/demo/vgg0.script.pt}
  - {name: other, file: $image/demo/vgg1.script.pt}
inputs: {path: $image/demo/mnist500-images-idx3-ubyte, limit: 30}
search: {optimizer: fast, iterations: 12}
END

stir() {
    "$image/bin/stir" "$@" --out out
}

study() {
    stir "$@" "$work/study.yaml" --quiet
}

# run COMMAND FOLDER. Each result lies in a folder of its own under the same name, since study.json tells the command;
# logs tell times.
run() {
    mkdir -p "$2"
    cd "$2"
    local search=(--inputs "$image/demo/mnist500-images-idx3-ubyte" --limit 30 --optimizer fast --iterations 12 --batch-size 10)
    case $1 in
        score) stir score "$image/demo/vgg0.script.pt" "$image/demo/vgg1.script.pt" --repeats 2 "${search[@]}" ;;
        invert) stir invert "$image/demo/vgg0.script.pt" "${search[@]}" ;;
        matrix) study matrix ;;
        shards)
            study cluster matrix --stage search --shard 0/2 & local beside=$!
            study cluster matrix --stage search --shard 1/2
            wait $beside
            study cluster matrix --stage score --shard 0/1
            study cluster matrix --finish
            ;;
    esac
}

milliseconds() {
    echo $(($(date +%s%N) / 1000000))
}

# A line of what a process said when it failed: one sentence of Stir's.
told() {
    grep -q '^stir: .*\.$' "$work/said" && ! grep -q 'defect\|Exception\|^	at ' "$work/said"
}

# disturb KIND PROCESS: a kill leaves nothing to judge; what else ends with a failure tells it.
disturb() {
    case $1 in
        kill)
            kill -KILL -- "-$2"
            wait "$2" 2>/dev/null || true
            return
            ;;
        full) cat /dev/zero >"$disk/filler" 2>/dev/null || true ;;
        immutable) chattr -R +i "$disk/study" 2>/dev/null || true ;; # files vanish meanwhile
    esac
    if [[ $1 == immutable ]]; then
        sleep 3
        chattr -R -i "$disk/study"
    fi
    wait "$2" || told || { cat "$work/said"; exit 1; }
    rm -f "$disk/filler"
}

commands=(score invert matrix shards)
patience=10 # of a round: a machine that has become slower might never come to its end
declare -A whole
for command in "${commands[@]}"; do
    begun=$(milliseconds)
    (run "$command" "$work/$command") >"$work/$command.txt"
    whole[$command]=$(($(milliseconds) - begun))
    echo "$command, undisturbed: ${whole[$command]} ms"
done

declare -A count=([kill]=0 [full]=0 [immutable]=0)
done_so_far=0
round=0
while ((done_so_far < most)); do
    command=${commands[round % ${#commands[@]}]}
    round=$((round + 1))
    before=$done_so_far
    kinds=
    while true; do
        set -m # a process group of its own
        (run "$command" "$disk/study") >"$work/broken.txt" 2>"$work/said" &
        set +m
        process=$!
        if ((done_so_far < most && done_so_far - before < patience)); then
            # from the start of Java to the whole duration
            sleep "$(awk -v most="${whole[$command]}" -v share=$((RANDOM % 1000)) 'BEGIN { print (300 + (most - 300) * share / 1000) / 1000 }')"
            if kill -0 "$process" 2>/dev/null; then
                kind=kill
                if $mounted && ((RANDOM % 4 == 0)); then
                    if ((RANDOM % 2)); then kind=full; else kind=immutable; fi
                fi
                disturb $kind "$process"
                kinds="$kinds $kind"
                count[$kind]=$((count[$kind] + 1))
                done_so_far=$((done_so_far + 1))
                continue
            fi
        fi
        wait "$process" || { cat "$work/said"; exit 1; }
        break
    done
    diff -r -x logs "$work/$command" "$disk/study"
    case $command in score | invert) diff "$work/$command.txt" "$work/broken.txt" ;; esac
    echo "round $round, $command: the same bytes after ${kinds:-no disturbance}"
    rm -r "$disk/study"
done
echo "${count[kill]} kills, ${count[full]} full disks, ${count[immutable]} immutable folders in $round rounds, no difference"
