"""Starts two searches at once in one folder, again and again: one works, the other is refused with the first one's name.

    python3 distribution/benchmarks/folder_races.py distribution/target/stir [--rounds 50]

Looks into /proc/locks whether the folder's lock is held while a search runs, and compares what is left byte by byte with what one
search leaves. Prints a row of a Markdown table.
"""

import argparse
import filecmp
import os
import pathlib
import subprocess
import sys
import tempfile
import time

parser = argparse.ArgumentParser()
parser.add_argument("image", type=pathlib.Path)
parser.add_argument("--rounds", type=int, default=50)
arguments = parser.parse_args()
demo = arguments.image / "demo"


def start(out):
    command = [
        arguments.image / "bin" / "stir", "invert", demo / "vgg0.script.pt", "--inputs", demo / "mnist500-images-idx3-ubyte",
        "--limit", "8", "--optimizer", "reference", "--iterations", "200", "--threads", "1", "--out", out,
    ]  # fmt: skip
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def is_locked(out):
    """Whether any process holds a lock on the folder's file."""
    lock = out / "logs" / "lock"
    return lock.exists() and f":{lock.stat().st_ino} " in pathlib.Path("/proc/locks").read_text()


def differences(one, other):
    compared = filecmp.dircmp(one, other, ignore=["logs", "study.json"])
    found = compared.left_only + compared.right_only + compared.diff_files
    for name in compared.common_dirs:
        found += differences(one / name, other / name)
    return found


with tempfile.TemporaryDirectory() as work:
    work = pathlib.Path(work)
    alone = start(work / "alone")
    if alone.wait():
        sys.exit(alone.stderr.read())
    refused = locked = same = 0
    for number in range(arguments.rounds):
        out = work / str(number)
        racers = [start(out), start(out)]
        seen = False
        while all(racer.poll() is None for racer in racers) or not seen and any(racer.poll() is None for racer in racers):
            seen = seen or is_locked(out)
            time.sleep(0.01)
        told = [racer.communicate()[1] for racer in racers]
        codes = sorted(racer.returncode for racer in racers)
        loser = next((text for racer, text in zip(racers, told) if racer.returncode == 2), "")
        as_meant = codes == [0, 2] and "Another run is writing into" in loser and "process " in loser
        if not as_meant:
            print(f"round {number}: {codes}", *told, sep="\n", file=sys.stderr)
        refused += as_meant
        locked += seen
        same += not differences(work / "alone", out)
    print(f"| two searches in one folder | {arguments.rounds} races | {refused} refused, {locked} with a lock in /proc/locks, {same} with the same bytes |")
    sys.exit(0 if refused == locked == same == arguments.rounds else 1)
