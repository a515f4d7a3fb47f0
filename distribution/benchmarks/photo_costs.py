#!/usr/bin/env python3
"""Prints the memory and the time of a search of photos, with one thread and several, and the memory of PyTorch.

    python photo_costs.py FOLDER IMAGE... [--network lite0] [--inputs 100] [--iterations 2] [--threads 1 2] [--size 224]

Traces the network into FOLDER (lite0, or a name of torchvision, such as vit_b_16) and writes random photos. PyTorch runs the
module itself ("eager"), forwards and back with all photos in one pass; each image of Stir searches them by `fast` with every
number of threads, and the images take turns. Prints the most memory of each process, its processor time and its wall time, and
whether all searches have the same bytes. Needs torch, torchvision and, for lite0, what photos.py needs.
"""

import argparse
import hashlib
import os
import tempfile
import time
from pathlib import Path

import numpy

import pass_times


def cost(command):
    start = time.perf_counter()
    memory, usage = pass_times.peak(command)
    return f"{memory:,.0f} | {usage.ru_utime + usage.ru_stime:.1f} | {time.perf_counter() - start:.1f} |"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("images", nargs="+", type=Path)
    parser.add_argument("--network", default="lite0")
    parser.add_argument("--inputs", type=int, default=100)
    parser.add_argument("--iterations", type=int, default=2)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--size", type=int, default=224)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    archive = pass_times.traced(options.network, options)
    print(f"load {os.getloadavg()[0]:.0f}\n\n| process | threads | most memory, MiB | processor, s | wall, s |\n|---|---|---|---|---|", flush=True)
    threads, options.threads = options.threads, options.threads[0]
    eager = pass_times.pytorch(options.network, "", options, rows=options.inputs, passes=1)
    print(f"| PyTorch eager, {1 + pass_times.WARM_UP} passes of all rows | {options.threads} | {cost(eager)}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        inputs = Path(folder) / "inputs.npy"
        photos = (options.inputs, 3, options.size, options.size)
        numpy.save(inputs, numpy.random.default_rng(0).integers(0, 256, photos, dtype=numpy.uint8))
        found = set()
        for count in threads:
            for number, image in enumerate(options.images):
                out = Path(folder) / f"{count}-{number}"
                command = [image / "bin" / "stir", "invert", archive, "--inputs", inputs, "--optimizer", "fast", "--iterations",
                           options.iterations, "--tolerance", "0", "--threads", count, "--out", out]
                print(f"| {image} | {count} | {cost(command)}", flush=True)
                found.add(hashlib.sha256((out / "invariant.npy").read_bytes()).hexdigest())
    print("\nThe searches have the same bytes." if len(found) == 1 else f"\nThe searches have {len(found)} different results.")


if __name__ == "__main__":
    main()
