"""Bytes that the units of a small study read and write, next to their formulas.

    python3 distribution/benchmarks/cluster_bytes.py distribution/target/stir [--inputs 100]

Two bundled networks at two layers each, the optimiser `fast`. Each stage is one process under strace (Linux), which counts what goes through read and write, file by file.
For N inputs of P values, M models, L inverted layers, R searches times repeats and C checkpoints, in floats of 4 bytes:

    step                tasks    reads                                  writes
    prepare             1        the inputs twice, each model           4 N P
    search of n inputs  L R N/n  n inputs, the model                    n (4 P + 36 + 4 C)
    gather              L R      3 N (4 P + 36 + 4 C) and 4 N P         4 N P
    score               M^2      N inputs, 4 N P R L/M                  a document
    finish              1        2 x 4 N P L R                          result.json, results.csv, differences.csv

Documents (JSON, names, logs) are small and not counted, and what has no formula is for the eye. Ends with 1 if a count is not what its formula says.
"""

import argparse
import collections
import re
import subprocess
import sys
import tempfile
from pathlib import Path

LAYERS = {"vgg0": ["features.pool3", "classifier.relu1"], "resnet0": ["layer3", "flatten"]}
PIXELS = 784
CALL = re.compile(r"^(p?(?:read|write)(?:64)?)\(\d+<([^>]*)>.* = (\d+)$")
KINDS = [
    ("inputs.npy", r"inputs\.npy"),
    ("space kept for rows", r"progress/.*reserve"),
    ("rows", r"progress/.*\.rows"),
    ("invariant.npy", r"invariant\.npy"),
    ("rows.csv", r"rows\.csv"),
    ("the inputs' file", r"mnist500-images"),
    ("models", r"\.script\.pt"),
]


def counted(command, folder):
    """Bytes by direction and kind of file."""
    traces = folder / "traces"
    traces.mkdir()
    ended = subprocess.run(
        ["strace", "-ff", "-y", "-qq", "-o", str(traces / "t"), "-e", "trace=read,pread64,write,pwrite64", *command],
        cwd=folder,
        capture_output=True,
        text=True,
    )
    if ended.returncode:
        sys.exit(ended.stderr)
    found = collections.Counter()
    for trace in traces.iterdir():
        for line in trace.read_text(errors="replace").splitlines():
            call = CALL.match(line)
            if call:
                direction = "read" if "read" in call[1] else "written"
                kind = next((kind for kind, name in KINDS if re.search(name, call[2])), None)
                if kind:
                    found[direction, kind] += int(call[3])
        trace.unlink()
    traces.rmdir()
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("image", type=Path)
    parser.add_argument("--inputs", type=int, default=100)
    arguments = parser.parse_args()
    image, count = arguments.image.resolve(), arguments.inputs
    references = sum(len(layers) for layers in LAYERS.values())
    one_set = 4 * PIXELS * count
    rows = (4 * PIXELS + 36 + 4 * 3) * count  # a search of 5 iterations has three checkpoints
    expected = {
        "prepare": {("written", "inputs.npy"): one_set},
        "search": {
            ("written", "rows"): references * rows,
            ("read", "rows"): 3 * references * rows,
            ("written", "invariant.npy"): references * one_set,
            ("read", "invariant.npy"): references * one_set,
        },
        "score": {("read", "invariant.npy"): (len(LAYERS) + 1) * references * one_set},
        "finish": {("read", "invariant.npy"): 2 * references * one_set},
    }
    right = True
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "study.yaml").write_text(
            "models:\n"
            + "".join(f"  - {{name: {name}, file: {image}/demo/{name}.script.pt, layers: [{', '.join(layers)}]}}\n" for name, layers in LAYERS.items())
            + f"inputs: {{path: {image}/demo/mnist500-images-idx3-ubyte, limit: {count}}}\n"
            + "measures: [linear-cka]\nsearch: {optimizer: fast, iterations: 5}\n"
        )
        steps = {
            "prepare": ["--slurm", "1"],
            "search": ["--stage", "search", "--shard", "0/1"],
            "score": ["--stage", "score", "--shard", "0/1"],
            "finish": ["--finish"],
        }
        print("| step | | what | bytes | formula | ratio |\n|---|---|---|---|---|---|")
        for step, options in steps.items():
            found = counted([f"{image}/bin/stir", "cluster", "matrix", "study.yaml", "--out", "study", "--quiet", *options], folder)
            for key in sorted(found.keys() | expected[step].keys()):
                formula = expected[step].get(key)
                ratio = found[key] / formula if formula else None
                right &= ratio is None or 0.98 < ratio < 1.02
                told = f"{formula:,} | {ratio:.3f}" if ratio else "|"
                print(f"| {step} | {key[0]} | {key[1]} | {found[key]:,} | {told} |")
    sys.exit(not right)


if __name__ == "__main__":
    main()
