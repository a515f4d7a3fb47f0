"""Compares STIR by this backend with STIR by PyTorch's, through the command line of the image.

    python agreement.py STIR FIXTURES INPUTS [--folder DIR] [--threads 1] [--only PART]

STIR is the image's bin/stir, FIXTURES a folder with NAME.onnx and NAME.script.pt, INPUTS what --inputs
takes. Prints a table in Markdown, one line per run: STIR in both directions, each with the mean residual of
its search and the self-STIR of the network that it searched with. The runs are pairs by ONNX and by
PyTorch with the same random seeds, pairs with one network by each, and networks against their own export
to the other format, by both optimisers. Runs that are in DIR are not repeated.
"""
import argparse
import json
import os
import subprocess

PAIRS = [("vgg0", "vgg1"), ("resnet0", "resnet1")]
ONNX, PYTORCH = ".onnx", ".script.pt"
RUNS = ([(a + ONNX, b + ONNX, seed, "reference") for a, b in PAIRS for seed in range(3)]
        + [(a + PYTORCH, b + ONNX, 0, "reference") for a, b in PAIRS]
        + [(name + PYTORCH, name + ONNX, 0, optimiser) for optimiser in ("reference", "fast")
           for name in ("vgg0", "resnet0", "vit0")]
        + [(a + PYTORCH, b + PYTORCH, seed, "reference") for a, b in PAIRS for seed in range(3)])


def score(options, a, b, seed, optimiser):
    path = os.path.join(options.folder, f"{a}-{b}-{seed}-{optimiser}.json")
    iterations = options.iterations if optimiser == "reference" else options.fast_iterations
    if not os.path.exists(path):
        done = subprocess.run(
            [options.stir, "score", os.path.join(options.fixtures, a), os.path.join(options.fixtures, b),
             "--inputs", options.inputs, "--limit", str(options.limit), "--optimizer", optimiser,
             "--iterations", str(iterations), "--rng-seed", str(seed), "--threads", str(options.threads),
             "--format", "json"], capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(done.stderr.strip().splitlines()[-1])
        with open(path, "w") as file:
            file.write(done.stdout)
    with open(path) as file:
        return json.load(file)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("stir")
    arguments.add_argument("fixtures")
    arguments.add_argument("inputs")
    arguments.add_argument("--folder", default="agreement")
    arguments.add_argument("--threads", type=int, default=1)
    arguments.add_argument("--limit", type=int, default=100)
    arguments.add_argument("--iterations", type=int, default=1000)
    arguments.add_argument("--fast-iterations", type=int, default=100)
    arguments.add_argument("--only", default="", help="of the files' names, what a run must have")
    options = arguments.parse_args()
    os.makedirs(options.folder, exist_ok=True)
    print("| a | b | optimiser | seed | STIR(a given b) | residual | self | STIR(b given a) | residual | self |\n"
          "|---|---|---|---|---|---|---|---|---|---|", flush=True)
    for a, b, seed, optimiser in RUNS:
        if options.only not in f"{a}-{b}-{seed}-{optimiser}":
            continue
        found = score(options, a, b, seed, optimiser)
        row = [a, b, optimiser, str(seed)]
        for direction in ("a|b", "b|a"):
            searched = found["stir"][direction]
            row += [f"{searched['linear-cka']['value']:.4f}", f"{searched['residual']['mean']:.4f}",
                    f"{found['baseline'][direction]['self']['linear-cka']:.4f}"]
        print("| " + " | ".join(row) + " |", flush=True)


if __name__ == "__main__":
    main()
