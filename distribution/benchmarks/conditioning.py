#!/usr/bin/env python3
"""Shows how far rounding moves a network's gradients, to judge differences of single precision.

    python conditioning.py timm repvit_m0_9 [--seed 0] [--steps 1e-7,1e-6]

At a few modules from the first to the last, the gradient of a weighted sum of their values (as in sweep.py) at two inputs,
in PyTorch: its relative difference between single and double precision; in double precision, its relative change when the inputs move by random
noise of a given size; and how many ReLUs that noise turns on or off. A gradient that moves in proportion to the noise
while no ReLU turns is ill-conditioned: no computation in single precision comes nearer than this. Batch normalisations
have random weights, biases and statistics. Needs torch, and timm or torchvision.
"""

import argparse
import copy

import numpy
import torch
from sweep import MAKERS, TorchReference, apart, settle

MODULES = 20


def randomise(model):
    """Gives batch normalisations random weights and biases, and other statistics than their inputs have."""
    for module in model.modules():
        if isinstance(module, torch.nn.modules.batchnorm._BatchNorm):
            module.weight.uniform_(0.5, 1.5)
            module.bias.normal_(0, 0.3)
            module.running_mean.add_(0.3 * module.running_var.sqrt() * torch.randn_like(module.running_mean))
            module.running_var.mul_(torch.empty_like(module.running_var).uniform_(0.5, 1.5))


def examine(model, x):
    """The gradients at some modules, and which units of ReLUs are on."""
    model = copy.deepcopy(model).to(x.dtype)
    on = []
    for module in model.modules():
        if isinstance(module, torch.nn.ReLU):
            module.register_forward_pre_hook(lambda _, taken: on.append((taken[0] > 0).flatten()))
    reference = TorchReference(model, x)
    gradients = {}
    for name in reference.names()[:: max(1, len(reference.names()) // MODULES)]:
        tensor = reference.outputs[name]
        weights = torch.sin(1 + torch.arange(tensor.numel(), dtype=torch.float64)).to(x.dtype).reshape(tensor.shape)
        gradients[name] = torch.autograd.grad(tensor, reference.x, weights, retain_graph=True)[0].numpy()
    return gradients, torch.cat(on) if on else torch.zeros(0, dtype=torch.bool)


def main():
    """Prints the modules with the largest differences, and the median."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("group", choices=list(MAKERS))
    parser.add_argument("network")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--steps", default="1e-7,1e-6")
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    torch.set_num_threads(1)
    model, shape = MAKERS[options.group][0](options.network)
    settle(model, shape)
    with torch.no_grad():
        randomise(model)
    x = torch.rand(2, *shape, dtype=torch.float64)
    exact = examine(model, x)
    compare("single against double precision", exact, examine(model, x.float()))
    noise = torch.randn_like(x)
    for step in map(float, options.steps.split(",")):
        compare(f"inputs moved by {step:g}", exact, examine(model, x + step * noise))


def compare(what, exact, other):
    """Prints a line."""
    differences = {name: apart(other[0][name], gradient) for name, gradient in exact[0].items()}
    largest = max(differences, key=differences.get)
    median = numpy.median(list(differences.values()))
    turned = int((exact[1] != other[1]).sum())
    print(f"{what}: largest {differences[largest]:.1e} at {largest}, median {median:.1e}; {turned} ReLUs turned", flush=True)


if __name__ == "__main__":
    main()
