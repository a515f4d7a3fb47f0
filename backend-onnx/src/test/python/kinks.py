"""Traces the difference between a float32 gradient and one in double precision to the ReLUs and max
poolings that took another side of a kink. For networks made of torch.nn.ReLU and MaxPool2d, after
sweep.py ran them (it leaves the model, the input, the cotangent and this backend's gradient).

    python kinks.py NETWORK... [--folder DIR]

Prints, for each network and for ONNX Runtime's and PyTorch's float32 forward pass: how many choices
differ from double precision, how far from the kink they were at most, in double precision and
relative to the tensor's largest value, and the gradient's error against PyTorch's in double precision before and after
double precision was made to choose as float32 did.
"""
import argparse
import os

import numpy as np
import onnx
import onnxruntime
import torch
import torch.nn.functional as F

import sweep


def kinks(model):
    return [m for m in model.modules() if isinstance(m, (torch.nn.ReLU, torch.nn.MaxPool2d))]


def choice(module, y):
    """Returns the choices of a kink: the mask of a ReLU's output, or the indices of a pooling's input."""
    if isinstance(module, torch.nn.ReLU):
        return y > 0
    return F.max_pool2d(y, module.kernel_size, module.stride, module.padding, module.dilation,
                        module.ceil_mode, return_indices=True)[1]


class Chosen(torch.autograd.Function):
    """A ReLU or pooling with the derivative of given choices."""

    @staticmethod
    def forward(ctx, x, y, chosen):
        ctx.save_for_backward(chosen)
        ctx.dims = x.shape
        return y.clone()

    @staticmethod
    def backward(ctx, g):
        chosen, = ctx.saved_tensors
        if chosen.dtype == torch.bool:
            return g * chosen, None, None
        flat = torch.zeros(ctx.dims, dtype=g.dtype).flatten(2)
        return flat.scatter_add(2, chosen.flatten(2), g.flatten(2)).view(ctx.dims), None, None


def observe(model, x, c, choices=None):
    """Returns the gradient, each kink's choices and, where they are close to others, the distance from the kink."""
    made, margins, handles = [], [], []

    def hook(module, inputs, output):
        relu = isinstance(module, torch.nn.ReLU)
        made.append(choice(module, output.detach() if relu else inputs[0].detach()))
        chosen = made[-1] if choices is None else choices[len(made) - 1]
        values = inputs[0].detach()
        if relu:
            margin = values.abs()
        else:
            at = lambda i: values.flatten(2).gather(2, i.flatten(2)).view(i.shape)
            margin = (at(made[-1]) - at(chosen)).abs()
        margins.append(margin / values.abs().max())
        return Chosen.apply(inputs[0], output, chosen)

    for module in kinks(model):
        if isinstance(module, torch.nn.ReLU):
            module.inplace = False
        handles.append(module.register_forward_hook(hook))
    g = sweep.gradient(model, x, c)
    for handle in handles:
        handle.remove()
    return g.numpy(), made, margins


def runtime_choices(model, path, x):
    """Returns the choices of ONNX Runtime, from the ReLUs' outputs and the poolings' inputs."""
    graph = onnx.load(path)
    nodes = [n for n in graph.graph.node if n.op_type in ("Relu", "MaxPool")]
    names = [n.output[0] if n.op_type == "Relu" else n.input[0] for n in nodes]
    del graph.graph.output[:]
    graph.graph.output.extend(onnx.ValueInfoProto(name=n) for n in dict.fromkeys(names))
    found = dict(zip(dict.fromkeys(names), onnxruntime.InferenceSession(
        graph.SerializeToString(), providers=["CPUExecutionProvider"]).run(None, {"input": x.numpy()})))
    modules = {"Relu": torch.nn.ReLU()}
    poolings = iter(m for m in kinks(model) if isinstance(m, torch.nn.MaxPool2d))
    return [choice(modules[n.op_type] if n.op_type == "Relu" else next(poolings), torch.from_numpy(found[t]))
            for n, t in zip(nodes, names)]


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("networks", nargs="+")
    arguments.add_argument("--folder", default="sweep")
    options = arguments.parse_args()
    print("| network | forward pass | other choices | distance from the kink | error | error with the same choices |")
    print("|---|---|---|---|---|---|")
    for name in options.networks:
        place = os.path.join(options.folder, name)
        model = sweep.build(name)
        x = torch.from_numpy(np.fromfile(place + ".x", np.float32)).view(-1, 3, 224, 224)
        c = torch.from_numpy(np.fromfile(place + ".c", np.float32)).view(len(x), -1)
        ours = np.fromfile(place + ".g", np.float32).reshape(x.shape)
        theirs, their_choices, _ = observe(model, x, c)
        our_choices = runtime_choices(model, place + ".torchscript.onnx", x)
        model = model.double()
        double, exact, _ = observe(model, x.double(), c.double())
        for side, g, choices in (("ONNX Runtime", ours, our_choices), ("PyTorch float32", theirs, their_choices)):
            forced, _, margins = observe(model, x.double(), c.double(), choices)
            differ = [a != b for a, b in zip(choices, exact)]
            count = sum(int(d.sum()) for d in differ)
            margin = max((float(m[d].max()) for m, d in zip(margins, differ) if d.any()), default=0.0)
            print(f"| {name} | {side} | {count} | {margin:.0e} | {sweep.error(g, double):.1e} | "
                  f"{sweep.error(g, forced):.1e} |", flush=True)


if __name__ == "__main__":
    main()
