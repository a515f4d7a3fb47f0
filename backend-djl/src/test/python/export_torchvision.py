"""Exports torchvision networks with random weights, and what Python's forward hooks see in each of their modules.

    python export_torchvision.py FOLDER [NAME...]

Needs torch 2.7 and torchvision 0.22; takes about 2 GB in FOLDER. Then

    mvn -pl backend-djl -am test -Dtest=TorchvisionTest -Dsurefire.failIfNoSpecifiedTests=false -Dstir.torchvision=FOLDER
"""
import os
import sys
import warnings

import numpy as np
import torch
import torchvision
from torch import nn

warnings.filterwarnings("ignore")
SIZE = 64
ROWS = 2
MODELS = {
    "resnet18": torchvision.models.resnet18,
    "vgg11_bn": torchvision.models.vgg11_bn,
    "mobilenet_v3_small": torchvision.models.mobilenet_v3_small,
    "efficientnet_b0": torchvision.models.efficientnet_b0,
    "vit_b_16": lambda: torchvision.models.vit_b_16(image_size=SIZE),
}


def make(name):
    torch.manual_seed(0)
    model = MODELS[name]()
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for m in model.modules():
            if isinstance(m, nn.BatchNorm2d):  # not what an untrained network has: 0 and 1
                m.running_mean.copy_(torch.randn(m.running_mean.shape, generator=generator) * 0.1)
                m.running_var.copy_(torch.rand(m.running_var.shape, generator=generator) + 0.5)
        if name.startswith("vit"):  # torchvision starts the head with zeros
            nn.init.normal_(model.heads.head.weight, std=0.02)
    return model.eval()


def main(folder, names):
    os.makedirs(folder, exist_ok=True)
    torch.backends.mha.set_fastpath_enabled(False)
    for name in names or MODELS:
        model = make(name)
        x = torch.rand(ROWS, 3, SIZE, SIZE, generator=torch.Generator().manual_seed(2))
        with torch.no_grad():
            torch.jit.script(model).save(f"{folder}/{name}.script.pt")
            torch.jit.trace(model, torch.rand(1, 3, SIZE, SIZE)).save(f"{folder}/{name}.trace.pt")
        found = {"x": x.numpy()}

        def record(path, output):
            if isinstance(output, torch.Tensor):
                found[path] = output.detach().clone().numpy()
            elif isinstance(output, tuple):
                for index, item in enumerate(output):
                    record(f"{path}[{index}]", item)

        for path, module in model.named_modules():
            if path:
                module.register_forward_hook(lambda m, i, o, path=path: record(path, o))
        model(x.clone().requires_grad_(True))
        np.savez(f"{folder}/{name}.npz", **found)
        print(name, len(found) - 1, "values", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
