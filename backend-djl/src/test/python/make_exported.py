"""Makes the small files of torch.export that the tests open, and what PyTorch computes with them.

    python make_exported.py ../resources/stir/backend/djl

Run with torch 2.7 it makes exported.older.pt2, the refused files and exported.npz; with torch 2.9 or newer it makes
exported.newer.pt2, whose weights the same seed makes equal. Records of where each operator was called in Python are
removed.
"""
import io
import json
import sys
import warnings
import zipfile

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

warnings.filterwarnings("ignore")


class Block(nn.Module):
    """A residual block with a ReLU in place and a dropout without effect."""

    def __init__(self, c):
        super().__init__()
        self.conv = nn.Conv2d(c, c, 3, padding=1)
        self.bn = nn.BatchNorm2d(c)
        self.act = nn.ReLU(inplace=True)
        self.drop = nn.Dropout(0.1)

    def forward(self, x):
        return x + self.drop(self.act(self.bn(self.conv(x))))


class Pair(nn.Module):
    """A module with two results."""

    def __init__(self, c):
        super().__init__()
        self.a = nn.Conv2d(c, c, 1)
        self.b = nn.Conv2d(c, c, 1)

    def forward(self, x):
        return torch.tanh(self.a(x)), self.b(x)


class Attention(nn.Module):
    """Attention over pixels, with a mask of minus infinity and sizes that depend on the batch."""

    def __init__(self, c):
        super().__init__()
        self.qkv = nn.Linear(c, 3 * c)
        self.register_buffer("mask", torch.triu(torch.full((16, 16), float("-inf")), 1), persistent=False)

    def forward(self, x):
        rows, c, h, w = x.shape
        q, k, v = self.qkv(x.flatten(2).transpose(1, 2)).reshape(rows, h * w, 3, c).unbind(2)
        mixed = F.scaled_dot_product_attention(q, k, v, attn_mask=self.mask)
        return mixed.transpose(1, 2).reshape(rows, c, h, w)


class Exported(nn.Module):
    """A block that is called twice, a module without effect, two results, attention, pooling and a classifier."""

    def __init__(self, c=4):
        super().__init__()
        self.stem = nn.Conv2d(3, c, 3, stride=2, padding=1)
        self.block = Block(c)
        self.identity = nn.Identity()
        self.pair = Pair(c)
        self.attention = Attention(c)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.head = nn.Linear(c, 5)

    def forward(self, x):
        x = self.block(self.block(self.stem(x)))
        a, b = self.pair(self.identity(x))
        left, right = torch.split(self.attention(a * b), 2, 1)
        x = F.relu(torch.cat([right, left], 1) + x.mean((2, 3), keepdim=True))
        return F.log_softmax(self.head(self.pool(x).flatten(1)), -1)


class FixedRows(nn.Module):
    """A network that has the number of its inputs in its code."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)
        self.fc = nn.Linear(144, 5)

    def forward(self, x):
        return self.fc(torch.tanh(self.conv(x)).reshape(2, 144))


class Branching(nn.Module):
    def forward(self, x):
        return torch.cond(x.sum() > 0, lambda y: y.sin(), lambda y: y.cos(), (x,))


class OtherName(nn.Module):
    """A network whose forward calls itself by another name, so that the elements of containers have other records."""

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(4, 3), nn.ModuleList([nn.Tanh()])[0])
        self.stages = nn.ModuleList([nn.Sequential(nn.Linear(3, 3), nn.SiLU())])

    def forward(net, x):
        return net.stages[0](net.body(x))


class Uncast(nn.Module):
    """A network with a block in which autocast is off, which changes nothing."""

    def __init__(self):
        super().__init__()
        self.a = nn.Linear(4, 4)
        self.b = nn.Linear(4, 3)

    def forward(self, x):
        with torch.autocast("cpu", enabled=False):
            x = self.a(x)
            y = torch.relu(x)
        return self.b(y) + x[:, :3]


class TwoInputs(nn.Module):
    def forward(self, x, y):
        return x + y


class DataDependent(nn.Module):
    """A network whose sizes depend on values."""

    def forward(self, x):
        return x.flatten()[torch.nonzero(x.flatten() > 0.5).squeeze(1)].sum().reshape(1, 1) + x.mean((1, 2, 3))[:, None]


def without_traces(node):
    """An object of the program without the places in Python, also within subgraphs."""
    kept = ("nn_module_stack", "torch_fn")
    if "target" in node and "metadata" in node:
        node["metadata"] = {k: v for k, v in node["metadata"].items() if k in kept}
    return node


def save(program, file):
    """Saves a program without the places in Python where its operators were called."""
    whole = io.BytesIO()
    torch.export.save(program, whole)
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as new:
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename.endswith("exported_program.json") or "/models/" in entry.filename:
                data = json.dumps(json.loads(data, object_hook=without_traces)).encode()
            if "example_inputs" in entry.filename or "sample_inputs" in entry.filename:
                continue
            new.writestr(zipfile.ZipInfo(entry.filename), data)


def export(network, inputs, file, free=True):
    batch = {0: torch.export.Dim("batch", min=1, max=1024)}
    save(torch.export.export(network, inputs, dynamic_shapes=(batch,) * len(inputs) if free else None), file)


def reference(network, x):
    """The result of each call of each module, a cotangent and the gradient, by the layers' names."""
    calls = {}

    def hook(path):
        def record(module, given, result):
            results = result if isinstance(result, tuple) else (result,)
            calls.setdefault(path, []).append([one.clone() for one in results])

        return record

    for path, module in network.named_modules():
        if path:
            module.register_forward_hook(hook(path))
    x = x.clone().requires_grad_(True)
    network(x)
    generator = torch.Generator().manual_seed(1)
    arrays = {"inputs": x.detach().numpy()}
    for path, results in calls.items():
        for call, values in enumerate(results):
            for index, value in enumerate(values):
                name = path + (f"#{call}" if call < len(results) - 1 else "")
                name += f"[{index}]" if len(values) > 1 else ""
                cotangent = torch.rand(value.shape, generator=generator)
                (gradient,) = torch.autograd.grad((value * cotangent).sum(), x, retain_graph=True)
                arrays[name] = value.detach().numpy()
                arrays[name + ".cotangent"] = cotangent.numpy()
                arrays[name + ".gradient"] = gradient.numpy()
    return arrays


def main(folder):
    torch.manual_seed(0)
    network = Exported().eval()
    network.block.bn.running_mean.normal_(0, 0.1)
    network.block.bn.running_var.uniform_(0.5, 1.5)
    x = torch.rand(3, 3, 8, 8)
    if tuple(int(part) for part in torch.__version__.split(".")[:2]) >= (2, 9):
        export(network, (x,), f"{folder}/exported.newer.pt2")
        return
    export(network, (x,), f"{folder}/exported.older.pt2")
    np.savez_compressed(f"{folder}/exported.npz", **reference(network, x))
    export(FixedRows().eval(), (x[:2],), f"{folder}/fixedrows.pt2", free=False)
    export(Exported().train(), (x,), f"{folder}/training.pt2")
    export(TwoInputs(), (x, x), f"{folder}/twoinputs.pt2")
    export(Branching(), (x,), f"{folder}/branching.pt2", free=False)
    export(Uncast().eval(), (torch.rand(3, 4),), f"{folder}/uncast.pt2")
    export(OtherName().eval(), (torch.rand(3, 4),), f"{folder}/othername.pt2")
    export(DataDependent(), (x,), f"{folder}/datadependent.pt2")


if __name__ == "__main__":
    main(sys.argv[1])
