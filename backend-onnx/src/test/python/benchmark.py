"""Times a pass (distance and input gradient) of this backend and of PyTorch eager, in one session.

    python benchmark.py CLASSPATH [--models resnet18,vgg0] [--threads 1,2] [--fixtures DIR]

torchvision's networks run with batch 8 at 224 x 224; those in DIR (NAME.onnx, NAME.trace.pt and the
models.py that made them) with batch 100. Both sides alternate; the minimum time of each is
printed, since other processes only add to it, and the median in brackets.
"""
import argparse
import os
import statistics
import sys
import time

import torch

import sweep


def fixture(name, folder):
    sys.path.insert(0, os.path.join(folder, "scripts"))
    import models
    family = {"vgg": models.Vgg, "res": models.Resnet, "vit": models.Vit}[name[:3]]
    module = family()
    module.load_state_dict(torch.jit.load(os.path.join(folder, name + ".trace.pt")).state_dict())
    return module.eval(), torch.rand(100, 1, 28, 28), os.path.join(folder, name + ".onnx")


def prepare(name, options):
    if options.fixtures and os.path.exists(os.path.join(options.fixtures, name + ".onnx")):
        return fixture(name, options.fixtures)
    module, x = sweep.build(name), torch.rand(8, 3, 224, 224)
    path = os.path.join(options.folder, name + ".torchscript.onnx")
    if not os.path.exists(path):
        sweep.export(module, x[:2], path, "torchscript")
    return module, x, path


def eager(module, x, target):
    x = x.clone().requires_grad_(True)
    torch.linalg.vector_norm(sweep.representation(module, x) - target, dim=1).sum().backward()
    return x.grad


def eager_times(module, x, target, repeats):
    times = []
    for i in range(repeats + 2):
        start = time.perf_counter()
        eager(module, x, target)
        times.append((time.perf_counter() - start) * 1e3)
    return times[2:]


def backend_times(options, path, x, threads, place):
    shape = "x".join(str(n) for n in x.shape[1:])
    printed = sweep.run(options.classpath, "time", path, "default", shape, str(threads),
                        place + ".x", place + ".t", str(options.repeats))
    line = next(line for line in printed.splitlines() if line.startswith("times"))
    return [float(n) for n in line[len("times ["):-1].split(",")]


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("classpath")
    arguments.add_argument("--models", default="resnet18,mobilenet_v2,vit_b_16")
    arguments.add_argument("--threads", default="1,2")
    arguments.add_argument("--repeats", type=int, default=6)
    arguments.add_argument("--turns", type=int, default=3)
    arguments.add_argument("--folder", default="sweep")
    arguments.add_argument("--fixtures", default="")
    options = arguments.parse_args()
    os.makedirs(options.folder, exist_ok=True)
    print("| network | threads | this backend, ms | PyTorch eager, ms | ratio |\n|---|---|---|---|---|", flush=True)
    for name in options.models.split(","):
        module, x, path = prepare(name, options)
        module.requires_grad_(False)
        with torch.no_grad():
            target = sweep.representation(module, torch.rand_like(x))
        place = os.path.join(options.folder, name + ".bench")
        x.numpy().tofile(place + ".x")
        target.numpy().tofile(place + ".t")
        for threads in options.threads.split(","):
            torch.set_num_threads(int(threads))
            ours, theirs = [], []
            for _ in range(options.turns):
                theirs += eager_times(module, x, target, options.repeats)
                ours += backend_times(options, path, x, threads, place)
            print(f"| {name} | {threads} | {min(ours):.0f} ({statistics.median(ours):.0f}) | "
                  f"{min(theirs):.0f} ({statistics.median(theirs):.0f}) | {min(ours) / min(theirs):.2f} |", flush=True)


if __name__ == "__main__":
    main()
