"""Compares STIR by this backend with STIR by PyTorch's, through the command line of the image.

    python agreement.py STIR FIXTURES INPUTS [--folder DIR] [--threads 1] [--limit 100] [--iterations 1000]

STIR is the image's bin/stir, FIXTURES a folder with NAME.onnx and NAME.trace.pt, INPUTS what --inputs
takes. Prints a table in Markdown: STIR in both directions, each with the search's mean residual and the
self-STIR of the network that it searched with, for pairs by ONNX, by PyTorch with three random seeds
(their spread), and with one network by each. Runs that are in DIR are not repeated.
"""
import argparse
import json
import os
import subprocess

RUNS = [
    ("vgg0.onnx", "vgg1.onnx", 0), ("vgg0.trace.pt", "vgg1.trace.pt", 0), ("vgg0.trace.pt", "vgg1.onnx", 0),
    ("vgg0.trace.pt", "vgg1.trace.pt", 1), ("vgg0.trace.pt", "vgg1.trace.pt", 2), ("vgg0.trace.pt", "vgg0.onnx", 0),
    ("resnet0.onnx", "vit0.onnx", 0), ("resnet0.trace.pt", "vit0.trace.pt", 0), ("resnet0.trace.pt", "vit0.onnx", 0),
    ("resnet0.trace.pt", "vit0.trace.pt", 1), ("resnet0.trace.pt", "vit0.trace.pt", 2),
    ("resnet0.trace.pt", "resnet0.onnx", 0), ("vit0.trace.pt", "vit0.onnx", 0),
]


def score(options, a, b, seed):
    path = os.path.join(options.folder, f"{a}-{b}-{seed}.json")
    if not os.path.exists(path):
        done = subprocess.run(
            [options.stir, "score", os.path.join(options.fixtures, a), os.path.join(options.fixtures, b),
             "--inputs", options.inputs, "--limit", str(options.limit), "--iterations", str(options.iterations),
             "--rng-seed", str(seed), "--threads", str(options.threads), "--format", "json"],
            capture_output=True, text=True)
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
    options = arguments.parse_args()
    os.makedirs(options.folder, exist_ok=True)
    print("| a | b | seed | STIR(b given a) | residual | self | STIR(a given b) | residual | self |\n"
          "|---|---|---|---|---|---|---|---|---|", flush=True)
    for a, b, seed in RUNS:
        found = score(options, a, b, seed)
        row = [a, b, str(seed)]
        for direction in ("b|a", "a|b"):
            searched = found["stir"][direction]
            row += [f"{searched['linear-cka']['value']:.4f}", f"{searched['residual']['mean']:.4f}",
                    f"{found['baseline'][direction]['self']['linear-cka']:.4f}"]
        print("| " + " | ".join(row) + " |", flush=True)


if __name__ == "__main__":
    main()
