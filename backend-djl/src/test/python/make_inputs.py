"""Makes small networks of several inputs and of inputs that are not images, with PyTorch's gradients.

usage: make_inputs.py DJL_RESOURCES ONNX_RESOURCES

Each network NAME is written as NAME.pt2, NAME.trace.pt and NAME.onnx. inputs.npz holds for each NAME the searched inputs
(NAME.x), the cotangents at the layer "hidden" (NAME.c), its values (NAME.h) and the gradients by the inputs (NAME.g), and
for "masked" the side inputs (masked.mask, masked.bias).
"""

import json
import sys
import zipfile
from pathlib import Path

import numpy as np
import torch
from strip_archives import strip
from torch import nn
from torch.onnx._internal import onnx_proto_utils

# The exporter needs the package onnx only for functions of onnxscript, which these networks do not have.
onnx_proto_utils._add_onnxscript_fn = lambda model, functions: model

ROWS = 5


class Masked(nn.Module):
    """The mean of a sequence over the positions of a mask, plus a given bias."""

    def __init__(self):
        super().__init__()
        self.embed = nn.Linear(3, 6)
        self.hidden = nn.Linear(6, 4)
        self.head = nn.Linear(4, 2)

    def forward(self, bias, x, mask):
        steps = torch.tanh(self.embed(x) + bias.unsqueeze(1))
        used = mask.to(torch.float32).unsqueeze(2)
        mean = (steps * used).sum(1) / used.sum(1)
        return self.head(torch.tanh(self.hidden(mean)))


class Shaped(nn.Module):
    """A first layer for inputs of a shape, then a dense layer."""

    def __init__(self, first, width):
        super().__init__()
        self.first = first
        self.hidden = nn.Linear(width, 4)
        self.head = nn.Linear(4, 2)

    def forward(self, x):
        steps = torch.tanh(self.first(x))
        return self.head(torch.tanh(self.hidden(steps.flatten(1))))


def networks():
    """Returns the networks by name, with the shape of a row of the searched input."""
    return {
        "masked": (Masked(), (5, 3)),
        "sequence": (Shaped(nn.Linear(3, 2), 10), (5, 3)),
        "channels": (Shaped(nn.Conv1d(2, 3, 3), 18), (2, 8)),
        "volume": (Shaped(nn.Conv3d(2, 2, 2), 24), (2, 3, 4, 3)),
        "wave": (Shaped(nn.Linear(12, 5), 5), (12,)),
        "table": (Shaped(nn.Linear(6, 5), 5), (6,)),
    }


def arguments(name, x):
    if name != "masked":
        return (x,)
    mask = (torch.arange(5) < torch.tensor([5, 3, 1, 4, 2])[:, None]).to(torch.int64)
    return (torch.linspace(-1, 1, ROWS * 6).reshape(ROWS, 6), x, mask)


def without_traces(node):
    """Removes what names folders of this machine."""
    kept = ("nn_module_stack", "torch_fn")
    if "target" in node and "metadata" in node:
        node["metadata"] = {key: value for key, value in node["metadata"].items() if key in kept}
    return node


def clean(file):
    with zipfile.ZipFile(file) as old:
        records = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as new:
        for name, data in records.items():
            if "example_inputs" in name or "sample_inputs" in name:
                continue
            if name.endswith("exported_program.json") or "/models/" in name:
                data = json.dumps(json.loads(data, object_hook=without_traces)).encode()
            new.writestr(name, data)


def export(model, name, given, djl, onnx):
    batch = torch.export.Dim("batch", min=1, max=1000)
    shapes = tuple({0: batch} for _ in given)
    torch.export.save(torch.export.export(model, given, dynamic_shapes=shapes), djl / f"{name}.pt2")
    clean(djl / f"{name}.pt2")
    torch.jit.trace(model, given).save(djl / f"{name}.trace.pt")
    strip(djl / f"{name}.trace.pt")
    names = ["bias", "x", "mask"] if name == "masked" else ["x"]
    torch.onnx.export(
        model,
        given,
        onnx / f"{name}.onnx",
        input_names=names,
        output_names=["y"],
        dynamic_axes={one: {0: "batch"} for one in names},
        opset_version=17,
        dynamo=False,
    )


def main(djl, onnx):
    arrays = {}
    for name, (model, shape) in networks().items():
        torch.manual_seed(len(name))
        for weights in model.parameters():
            nn.init.normal_(weights, std=0.5)
        model.eval().requires_grad_(False)
        x = torch.rand(ROWS, *shape)
        given = arguments(name, x)
        export(model, name, given, djl, onnx)
        x.requires_grad_(True)
        found = []
        hook = model.hidden.register_forward_hook(lambda module, taken, result: found.append(result))
        model(*given)
        hook.remove()
        c = torch.rand(ROWS, 4) - 0.5
        (g,) = torch.autograd.grad(found[0], x, c)
        for part, value in {"x": x, "c": c, "h": found[0], "g": g}.items():
            arrays[f"{name}.{part}"] = value.detach().numpy()
        if name == "masked":
            arrays["masked.bias"] = given[0].numpy()
            arrays["masked.mask"] = given[2].to(torch.float32).numpy()
    for folder in (djl, onnx):
        np.savez(folder / "inputs.npz", **arrays)


main(Path(sys.argv[1]), Path(sys.argv[2]))
