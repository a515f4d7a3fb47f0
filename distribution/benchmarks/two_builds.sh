#!/usr/bin/env bash
# Builds the archives twice, of two clones in two folders, under two umasks and time zones, and compares the bytes, except those of Java's own
# archive of parsed classes (classes.jsa), which holds addresses of the process that made it.
#
#     distribution/benchmarks/two_builds.sh [MAVEN'S OPTIONS]
#
# Run from the repository's root; what is not committed is not built. Ends with 1 if archives differ, and prints their differences.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# build FOLDER UMASK ZONE
build() {
    mkdir "$(dirname "$1")"
    git clone -q . "$1"
    (cd "$1" && umask "$2" && TZ=$3 mvn -B -ntp -q package -DskipTests "${@:4}") >&2
    echo "$1/distribution/target"
}

first=$(build "$work/one/stir" 022 UTC "$@")
second=$(build "$work/two/another-name" 077 Asia/Kathmandu "$@")
code=0
for archive in "$first"/stir*.tar.gz "$first"/stir*.zip; do
    [ -f "$archive" ] || continue
    other=$second/$(basename "$archive")
    sha256sum "$archive" "$other"
    cmp -s "$archive" "$other" && continue
    for each in "$archive" "$other"; do # the files in it, a line of their attributes and one of their bytes
        mkdir "$each.d"
        case $each in
            *.zip) unzip -q "$each" -d "$each.d" && unzip -Z "$each" | tail -n +3 ;;
            *) tar -xzf "$each" -C "$each.d" && tar -tvzf "$each" ;;
        esac >"$each.files"
        (cd "$each.d" && find . -type f -exec sha256sum {} + | sort -k 2) >>"$each.files"
        sed -i '/runtime.*classes\.jsa$/d' "$each.files"
    done
    diff "$archive.files" "$other.files" || code=1
done
exit $code
