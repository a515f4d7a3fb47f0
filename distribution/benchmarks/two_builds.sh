#!/usr/bin/env bash
# Builds the archive twice, of two clones in two folders, under two umasks and time zones, and compares the bytes.
#
#     distribution/benchmarks/two_builds.sh [MAVEN'S OPTIONS]
#
# Run from the repository's root; what is not committed is not built. Ends with 1 if the archives differ, and tells in what.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# build FOLDER UMASK ZONE
build() {
    mkdir "$(dirname "$1")"
    git clone -q . "$1"
    (cd "$1" && umask "$2" && TZ=$3 mvn -B -ntp -q package -DskipTests "${@:4}") >&2
    echo "$1"/distribution/target/stir-*.tar.gz
}

first=$(build "$work/one/stir" 022 UTC "$@")
second=$(build "$work/two/another-name" 077 Asia/Kathmandu "$@")
sha256sum "$first" "$second"
cmp "$first" "$second" && exit 0
for archive in "$first" "$second"; do # what is in them, one line each
    mkdir "$archive.d"
    tar -xzf "$archive" -C "$archive.d"
    (cd "$archive.d" && find . -type f -exec sha256sum {} + | sort -k 2) >"$archive.sums"
done
diff "$first.sums" "$second.sums" || true
exit 1
