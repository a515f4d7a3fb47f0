"""Compares the input gradients of this backend with PyTorch's, for torchvision's families with
random weights and both of PyTorch's exporters, and prints a table in Markdown.

    python sweep.py CLASSPATH [--models resnet18,...] [--folder DIR] [--batch 2]

CLASSPATH holds the backend's classes, its tests' classes, stir-api and onnxruntime; `mvn
dependency:build-classpath` prints the last two. Each error is ||g - g64|| / ||g64||, g64 being the
gradient of <c, h(x)> in double precision by PyTorch, for random c and x and the default layer h.
"""
import argparse
import os
import subprocess
import time

import numpy as np
import torch
import torchvision

FAMILIES = [
    "alexnet", "vgg11", "vgg16_bn", "resnet18", "resnet50", "wide_resnet50_2", "resnext50_32x4d",
    "densenet121", "inception_v3", "googlenet", "mobilenet_v2", "mobilenet_v3_small",
    "mobilenet_v3_large", "efficientnet_b0", "efficientnet_v2_s", "convnext_tiny", "vit_b_16",
    "swin_t", "swin_v2_t", "regnet_y_400mf", "regnet_x_400mf", "shufflenet_v2_x1_0",
    "squeezenet1_1", "mnasnet1_0", "maxvit_t",
]


def build(name):
    torch.manual_seed(0)
    options = {"init_weights": True} if name in ("inception_v3", "googlenet") else {}
    if name == "googlenet":
        options["init_weights"] = False
    return torchvision.models.get_model(name, weights=None, **options).eval()


def representation(model, x):
    """Returns the input of the last dense layer, or the output if there is none."""
    dense = [m for m in model.modules() if isinstance(m, torch.nn.Linear)]
    kept = []
    handle = dense[-1].register_forward_pre_hook(lambda m, i: kept.append(i[0])) if dense else None
    y = model(x)
    if handle:
        handle.remove()
    return kept[-1] if kept else y


def gradient(model, x, c):
    x = x.clone().requires_grad_(True)
    (representation(model, x) * c).sum().backward()
    return x.grad


def export(model, x, path, exporter):
    if exporter == "dynamo":
        torch.onnx.export(model, (x,), dynamo=True, external_data=False, verbose=False).save(path)
    else:
        torch.onnx.export(model, (x,), path, opset_version=17, input_names=["input"],
                          output_names=["output"], dynamic_axes={"input": {0: "n"}}, dynamo=False)


def error(g, reference):
    return float(np.linalg.norm(g.astype(np.float64) - reference) / np.linalg.norm(reference))


def run(classpath, *arguments):
    done = subprocess.run(["java", "-Xmx6g", "-cp", classpath, "stir.backend.onnx.PassRunner", *arguments],
                          capture_output=True, text=True)
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        raise RuntimeError(lines[0] if lines else "failed")
    return done.stdout


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("classpath")
    arguments.add_argument("--models", default=",".join(FAMILIES))
    arguments.add_argument("--exporters", default="torchscript,dynamo")
    arguments.add_argument("--folder", default="sweep")
    arguments.add_argument("--batch", type=int, default=2)
    options = arguments.parse_args()
    os.makedirs(options.folder, exist_ok=True)
    torch.set_num_threads(2)
    print("| network | exporter | this backend | PyTorch float32 | seconds |\n|---|---|---|---|---|", flush=True)
    for name in options.models.split(","):
        size = 299 if name == "inception_v3" else 224
        model = build(name)
        generator = torch.Generator().manual_seed(1)
        x = torch.rand(options.batch, 3, size, size, generator=generator)
        c = torch.randn(representation(model, x).shape, generator=generator)
        single = gradient(model, x, c).numpy()
        double = gradient(model.double(), x.double(), c.double()).numpy()
        model = build(name)
        place = os.path.join(options.folder, name)
        x.numpy().tofile(place + ".x")
        c.numpy().tofile(place + ".c")
        for exporter in options.exporters.split(","):
            start = time.time()
            path = f"{place}.{exporter}.onnx"
            try:
                if not os.path.exists(path):
                    export(model, x, path, exporter)
                layer = "output" if name.startswith("squeezenet") and exporter == "torchscript" else "default"
                if name.startswith("squeezenet") and exporter == "dynamo":
                    import onnx
                    layer = onnx.load(path, load_external_data=False).graph.output[0].name
                run(options.classpath, "pullback", path, layer, f"3x{size}x{size}", "2",
                    place + ".x", place + ".c", place + ".g")
                ours = np.fromfile(place + ".g", np.float32).reshape(double.shape)
                found = f"{error(ours, double):.1e}"
            except Exception as e:
                found = "failed: " + str(e).splitlines()[0][:300]
            print(f"| {name} | {exporter} | {found} | {error(single, double):.1e} | {time.time() - start:.0f} |", flush=True)


if __name__ == "__main__":
    main()
