#!/usr/bin/env python3
"""Times a forward and backward pass of one input beside PyTorch's, and compares the memory.

    python pass_times.py IMAGE MODULES FOLDER [--threads 1] [--rounds 3] [--size 224] [NETWORK...]

IMAGE is Stir's image, MODULES its modules (distribution/target/modules). Needs torch, torchvision and, for lite0, what
photos.py needs. Traces EfficientNet-Lite0, ResNet-18 and ViT-B/16 into FOLDER, and takes turns: PyTorch runs the module
itself ("eager") and the traced archive, forwards to what the last linear layer takes and back to the pixels; Stir runs the
archive, bare passes of as many rows and a search of `fast`. Prints medians of milliseconds of a pass of one input, of the
processor, their ratios, and what a search takes itself, in per cent of its passes; next to these the bare passes of the same
network as a program of torch.export, in the same rounds, and their ratio to the trace's; then the most memory of 100 inputs in
batches of 25, searched by `stir invert`, beside PyTorch's for one batch of 25.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROWS = 4
INPUTS = 4
PASSES = 12
WARM_UP = 4
HERE = Path(__file__).resolve()


def network(name):
    import torch
    import torchvision

    torch.manual_seed(0)
    if name == "lite0":
        import photos

        return photos.efficientnet_lite(0).eval()
    return getattr(torchvision.models, name)(weights=None).eval()


def torch_passes(name, archive, size, rows, threads, passes):
    import torch

    torch.set_num_threads(threads)
    module = torch.jit.load(archive) if archive else network(name)
    if not archive:
        last = [part for part in module.modules() if isinstance(part, torch.nn.Linear)][-1]
        found = []
        last.register_forward_pre_hook(lambda _, inputs: found.append(inputs[0]))
    pixels = torch.rand(rows, 3, size, size)
    for done in range(-WARM_UP, passes):
        if done == 0:
            wall, computing = time.perf_counter(), time.process_time()
        point = pixels.clone().requires_grad_()
        out = module(point)
        out = out if archive else found.pop()
        torch.autograd.grad(out, point, torch.ones_like(out))
    print((time.perf_counter() - wall) * 1e3 / passes / rows, (time.process_time() - computing) * 1e3 / passes / rows)


def pytorch(name, archive, options, rows=ROWS, passes=PASSES):
    command = [sys.executable, HERE, "--torch", name, archive, str(options.size), str(rows), str(options.threads), str(passes)]
    return command


def lines(command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()


def stir(options, archive):
    command = ["java", "-Xmx2g", "-cp", f"{options.modules}/*", HERE.with_name("PassTimes.java"), options.image, archive, "-"]
    found = lines([*command, str(options.size), str(ROWS), str(INPUTS), str(options.threads)])
    return {words[0]: float(words[-1]) for words in map(str.split, found)}


def traced(name, options):
    """The archive of a network, which is traced unless it exists."""
    archive = options.folder / f"{name}_{options.size}.pt"
    if not archive.exists():
        import torch

        torch.backends.mha.set_fastpath_enabled(False)  # which has no gradient, but is what a ViT is traced with
        with torch.no_grad():
            torch.jit.trace(network(name), torch.rand(1, 3, options.size, options.size)).save(str(archive))
    return archive


def peak(command):
    """The most memory of a process, MiB, and its resources."""
    before = os.fork()
    if not before:
        with open(os.devnull, "w") as nothing:
            os.dup2(nothing.fileno(), 1)
            os.dup2(nothing.fileno(), 2)
        os.execvp(command[0], [str(word) for word in command])
    _, status, usage = os.wait4(before, 0)
    if status:
        sys.exit(f"{command} failed")
    return usage.ru_maxrss / 1024, usage


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("image", type=Path)
    parser.add_argument("modules", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("networks", nargs="*")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--size", type=int, default=224)
    options = parser.parse_intermixed_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    print("| network | PyTorch eager, ms | archive in PyTorch | Stir, bare | in a search | bare / eager | search / bare |"
          " search's own, % | .pt2, bare | .pt2 / trace | memory, MiB: PyTorch | Stir | ratio |\n|---|---|---|---|---|---|---|---|---|---|---|---|---|", flush=True)
    for name in options.networks or ["lite0", "resnet18", "vit_b_16"]:
        archive = traced(name, options)
        program = options.folder / f"{name}_{options.size}.pt2"
        if not program.exists():
            import torch

            free = ({0: torch.export.Dim("batch", min=1, max=64)},)
            example = torch.rand(2, 3, options.size, options.size)
            torch.export.save(torch.export.export(network(name), (example,), dynamic_shapes=free), str(program))
        eager, of_archive, bare, search, own, exported = [], [], [], [], [], []
        for _ in range(options.rounds):
            eager.append(float(lines(pytorch(name, "", options))[-1].split()[1]))
            of_archive.append(float(lines(pytorch(name, archive, options))[-1].split()[1]))
            found = stir(options, archive)
            bare.append(found["bare"])
            search.append(found["search"])
            own.append(found["own"])
            exported.append(stir(options, program)["bare"])
        ratio = statistics.median(ours / theirs for ours, theirs in zip(bare, eager))
        of_trace = statistics.median(program_ / trace_ for program_, trace_ in zip(exported, bare))
        overhead = statistics.median(all_ / passes for all_, passes in zip(search, bare))
        theirs, _ = peak(pytorch(name, "", options, rows=25, passes=2))
        with tempfile.TemporaryDirectory() as folder:
            import numpy

            inputs = Path(folder) / "inputs.npy"
            random = numpy.random.default_rng(0)
            numpy.save(inputs, random.integers(0, 256, (100, 3, options.size, options.size), dtype=numpy.uint8))
            ours, _ = peak([options.image / "bin" / "stir", "invert", archive, "--inputs", inputs, "--optimizer", "fast", "--iterations",
                         "2", "--batch-size", "25", "--threads", options.threads, "--out", Path(folder) / "found"])
        print(f"| {name} | {statistics.median(eager):.1f} | {statistics.median(of_archive):.1f} | {statistics.median(bare):.1f} |"
              f" {statistics.median(search):.1f} | {ratio:.2f} | {overhead:.2f} | {statistics.median(own):.1f} |"
              f" {statistics.median(exported):.1f} | {of_trace:.2f} | {theirs:.0f} | {ours:.0f} | {ours / theirs:.2f} |", flush=True)


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1] == "--torch":
        name, archive, *numbers = sys.argv[2:]
        torch_passes(name, archive, *map(int, numbers))
    else:
        main()
