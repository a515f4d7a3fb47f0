#!/usr/bin/env python3
"""Times linear CKA of two matrices in files as a whole process, `stir similarity` and numpy's.

    python cka_process.py IMAGE... [--rows 2000] [--columns 2048] [--runs 7] [--python PYTHON]

Prints the processor time (user and system) of whole processes that take turns, in s, and the ratio to numpy's in the same
round, medians. numpy reads float32, computes in float64 and takes the cheaper of the two forms, with one and two threads of
OpenBLAS.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

NUMPY = """
import sys
import numpy as np
def centred(file):
    x = np.load(file).astype(np.float64)
    return x - x.mean(0)
x, y = centred(sys.argv[1]), centred(sys.argv[2])
k, l = x @ x.T, y @ y.T
print(np.vdot(k, l) / (np.linalg.norm(k) * np.linalg.norm(l)))
"""


def seconds(command, threads=0):
    environment = dict(os.environ, OPENBLAS_NUM_THREADS=str(threads)) if threads else None
    before = os.times()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("images", nargs="+", type=Path)
    parser.add_argument("--rows", type=int, default=2000)
    parser.add_argument("--columns", type=int, default=2048)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--python", default=sys.executable)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        files = [str(Path(folder) / name) for name in ("x.npy", "y.npy")]
        subprocess.run(
            [options.python, "-c",
             "import sys, numpy as np\n"
             "rows, columns = map(int, sys.argv[3:])\n"
             "x, y = np.random.default_rng(0).standard_normal((2, rows, columns), dtype=np.float32)\n"
             "np.save(sys.argv[1], x)\n"
             "np.save(sys.argv[2], x + y)\n", *files, str(options.rows), str(options.columns)], check=True)
        numpy = [options.python, "-c", NUMPY, *files]
        times = {}
        for _ in range(options.runs):
            for threads in (1, 2):
                times.setdefault(f"numpy, threads: {threads}", []).append(seconds(numpy, threads))
            for image in options.images:
                command = [image / "bin" / "stir", "similarity", *files, "--measure", "linear-cka"]
                times.setdefault(str(image), []).append(seconds(command))
        print("| process | s | / numpy of 1 thread | / numpy of 2 |\n|---|---|---|---|")
        one, two = times["numpy, threads: 1"], times["numpy, threads: 2"]
        for name, found in times.items():
            ratios = [statistics.median(ours / theirs for ours, theirs in zip(found, them)) for them in (one, two)]
            print(f"| {name} | {statistics.median(found):.2f} | {ratios[0]:.2f} | {ratios[1]:.2f} |")


if __name__ == "__main__":
    main()
