"""Makes one file per format of eight small networks that end in different ways, and what PyTorch computes at their default layers.

    python make_endings.py ../resources/stir/backend/djl/endings ../../../../backend-onnx/src/test/resources/endings

Needs torch 2.7, onnx and onnxscript. The layer that each network has by default is in DEFAULTS; the tests of both backends expect it in every format.
"""
import io
import sys
import warnings
import zipfile
from pathlib import Path
from typing import NamedTuple, Optional, Tuple

import numpy as np
import onnx as onnx_file
import torch
import torch.nn.functional as F
from torch import nn

from make_exported import export

warnings.filterwarnings("ignore")


def features(c=4):
    return nn.Sequential(nn.Conv2d(3, c, 3), nn.ReLU())


class Squeezing(nn.Module):
    """A classifier that is a convolution of one pixel, as SqueezeNet has it."""

    def __init__(self):
        super().__init__()
        self.features = features()
        self.classifier = nn.Sequential(nn.Dropout(0.5), nn.Conv2d(4, 3, 1), nn.ReLU(), nn.AdaptiveAvgPool2d(1))

    def forward(self, x):
        return torch.flatten(self.classifier(self.features(x)), 1)


class Flattening(nn.Module):
    """A classifier of a pooled map that a function flattens, as ResNet has it."""

    def __init__(self):
        super().__init__()
        self.features = features()
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.head = nn.Linear(4, 3)

    def forward(self, x):
        return self.head(torch.flatten(self.pool(self.features(x)), 1))


class Functional(nn.Module):
    """A classifier of a value that no module computes, as DenseNet has it."""

    def __init__(self):
        super().__init__()
        self.features = features()
        self.head = nn.Linear(4, 3)

    def forward(self, x):
        return self.head(F.adaptive_avg_pool2d(self.features(x), (1, 1)).flatten(1))


class Upsampling(nn.Module):
    """A classifier of pixels that is a transposed convolution, as text detectors have it."""

    def __init__(self):
        super().__init__()
        self.features = features()
        self.up = nn.ConvTranspose2d(4, 1, 2, stride=2)

    def forward(self, x):
        return torch.sigmoid(self.up(self.features(x)))


class Distilled(nn.Module):
    """Two classifiers of one value, whose mean is returned."""

    def __init__(self):
        super().__init__()
        self.features = features()
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.flat = nn.Flatten()
        self.head = nn.Linear(4, 3)
        self.other = nn.Linear(4, 3)

    def forward(self, x):
        x = self.flat(self.pool(self.features(x)))
        return (self.head(x) + self.other(x)) / 2


class Crossing(nn.Module):
    """Classifiers of two values, whose mean is returned, as CrossViT has it."""

    def __init__(self):
        super().__init__()
        self.first, self.second = features(), features()
        self.head = nn.ModuleList([nn.Linear(4, 3), nn.Linear(4, 3)])

    def forward(self, x):
        left, right = self.first(x).mean((2, 3)), self.second(x).amax((2, 3))
        return torch.stack([self.head[0](left), self.head[1](right)]).mean(0)


class Outputs(NamedTuple):
    logits: torch.Tensor
    auxiliary: Optional[torch.Tensor]


class Auxiliary(nn.Module):
    """A second classifier that only training calls, as GoogLeNet has it: a script returns a tuple of both outputs."""

    def __init__(self):
        super().__init__()
        self.features = features()
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.head = nn.Linear(4, 3)
        self.auxiliary = nn.Linear(144, 3)

    def classes(self, x) -> Tuple[torch.Tensor, Optional[torch.Tensor]]:
        x = self.features(x)
        auxiliary: Optional[torch.Tensor] = None
        if self.training:
            auxiliary = self.auxiliary(torch.flatten(x, 1))
        return self.head(torch.flatten(self.pool(x), 1)), auxiliary

    def forward(self, x):
        logits, auxiliary = self.classes(x)
        if torch.jit.is_scripting():
            return Outputs(logits, auxiliary)
        return logits


class Repeating(nn.Module):
    """An encoder that calls a block three times and ends with pooling."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 4, 3)
        self.block = nn.Conv2d(4, 4, 3, padding=1)
        self.pool = nn.AdaptiveAvgPool2d(1)

    def forward(self, x):
        x = torch.tanh(self.stem(x))
        x = F.relu(self.block(x))
        x = torch.sigmoid(self.block(x))
        return self.pool(torch.tanh(self.block(x)))


DEFAULTS = {Squeezing: "features", Flattening: "pool", Functional: "head@in", Upsampling: "features", Distilled: "flat", Crossing: None, Auxiliary: "pool", Repeating: "pool"}
CALLS = ("block#0", "block#1", "block#2")


def without_places(file, content):
    """Removes the records of where each operator was called in Python."""
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            if not name.endswith(".debug_pkl"):
                new.writestr(zipfile.ZipInfo(name), old.read(name))


def values(net, images):
    """Returns what PyTorch computes at the default layer and at each call of the block."""
    found = {}
    default = DEFAULTS[type(net)]
    if default:
        def keep(_, inputs, output):
            found["default"] = inputs[0] if default.endswith("@in") else output
        net.get_submodule(default.removesuffix("@in")).register_forward_hook(keep)
    if isinstance(net, Repeating):
        calls = iter(CALLS)
        net.block.register_forward_hook(lambda _, inputs, output: found.__setitem__(next(calls), output))
    net(images)
    return {name: value.flatten(1).numpy() for name, value in found.items()}


def main(djl, onnx):
    reference = {}
    for kind in DEFAULTS:
        torch.manual_seed(7)
        net, images, name = kind().eval().requires_grad_(False), torch.rand(3, 3, 8, 8), kind.__name__.lower()
        rows = {0: torch.export.Dim("rows", min=1, max=64)}
        for form, module in (("trace", torch.jit.trace(net, images)), ("script", torch.jit.script(net))):
            buffer = io.BytesIO()
            torch.jit.save(module, buffer)
            without_places(djl / f"{name}.{form}.pt", buffer.getvalue())
        export(net, (images,), djl / f"{name}.pt2")
        torch.onnx.export(net, (images,), onnx / f"{name}.script.onnx", input_names=["x"], dynamic_axes={"x": {0: "rows"}}, dynamo=False)
        program = torch.onnx.export(net, (images,), dynamo=True, dynamic_shapes=(rows,)).model_proto
        for node in program.graph.node:  # without this machine's paths
            kept = [entry for entry in node.metadata_props if not entry.key.endswith("stack_trace")]
            del node.metadata_props[:]
            node.metadata_props.extend(kept)
        onnx_file.save(program, onnx / f"{name}.dynamo.onnx")
        reference |= {f"{name}.{key}": value for key, value in ({"images": images.numpy()} | values(net, images)).items()}
    for folder in (djl, onnx):
        np.savez(folder / "endings.npz", **reference)


if __name__ == "__main__":
    main(*(Path(folder) for folder in sys.argv[1:]))
