#!/usr/bin/env python3
"""Exports many families of networks in every way, and compares what Stir measures with their frameworks.

    python sweep.py --stir distribution/target/stir/bin/stir --work sweep --table distribution/benchmarks/SWEEP.md

Needs torch, torchvision, timm, transformers, onnx, onnxscript and onnxruntime for PyTorch's networks, tensorflow and
keras for keras.applications: --only torch or --only keras where these are in environments of their own. Weights are
random, with batch normalisations that have the statistics of random inputs, and inputs are small. What is in the
work folder already is not computed again.

For each network and way of export, `stir represent` saves the default layer and three inner ones, which are compared
with forward hooks (PyTorch) or models that end there (Keras), and `stir check` compares gradients with finite
differences, and ONNX files with the trace at all layers of like names. "ok" is followed by the largest relative
difference of representations, which is below 1e-4, and the largest error of a gradient, which is below 0.05; "N layers
as traced" by the largest relative difference of these.
"""

import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import traceback

ROWS = 4
TOLERANCE = 1e-4
LIMIT_SECONDS = 900
MOST_LAYERS = 150  # each one is a hook of its own in both exports

TORCHVISION = [
    "alexnet", "convnext_tiny", "densenet121", "efficientnet_b0", "efficientnet_v2_s", "googlenet", "inception_v3", "maxvit_t",
    "mnasnet0_5", "mobilenet_v2", "mobilenet_v3_small", "regnet_x_400mf", "regnet_y_400mf", "resnet18", "resnext50_32x4d",
    "shufflenet_v2_x0_5", "squeezenet1_1", "swin_t", "swin_v2_t", "vgg11_bn", "vit_b_32", "wide_resnet50_2",
]
TIMM = [
    "beit_base_patch16_224", "botnet26t_256", "cait_xxs24_224", "coat_tiny", "coatnet_nano_rw_224", "convit_tiny",
    "convmixer_768_32", "convnextv2_atto", "crossvit_tiny_240", "cspresnet50", "davit_tiny", "deit3_small_patch16_224", "dla34",
    "dpn48b", "edgenext_xx_small", "efficientformer_l1", "efficientnet_lite0", "efficientvit_b0", "eva02_tiny_patch14_224",
    "fastvit_t8", "focalnet_tiny_srf", "gcvit_xxtiny", "gernet_s", "ghostnet_050", "gmixer_24_224", "gmlp_ti16_224", "halonet26t",
    "hardcorenas_a", "hrnet_w18_small", "inception_next_tiny", "lcnet_035", "levit_128s", "mambaout_femto", "maxvit_pico_rw_256",
    "mixer_s32_224", "mixnet_s", "mobilenetv4_conv_small", "mobileone_s0", "mobilevit_xxs", "mobilevitv2_050", "mvitv2_tiny",
    "nf_resnet26", "nest_tiny_jx", "nfnet_l0", "pit_ti_224", "poolformer_s12", "pvt_v2_b0", "regnetz_005", "repghostnet_050",
    "repvgg_a0", "res2net50_14w_8s", "resmlp_12_224", "resnest14d", "resnetv2_50", "rexnet_100", "selecsls42b", "sequencer2d_s",
    "swinv2_cr_tiny_224", "tinynet_e", "tiny_vit_5m_224", "tnt_s_patch16_224", "tresnet_m",
    "twins_pcpvt_small", "vgg11", "visformer_tiny", "vit_tiny_patch16_224", "volo_d1_224", "xception41", "xcit_nano_12_p16_224",
]
TRANSFORMERS = [
    "BeitForImageClassification", "BitForImageClassification", "ConvNextForImageClassification",
    "ConvNextV2ForImageClassification", "CvtForImageClassification", "DeiTForImageClassification",
    "Dinov2ForImageClassification", "FocalNetForImageClassification", "LevitForImageClassification",
    "MobileNetV2ForImageClassification", "PoolFormerForImageClassification", "PvtForImageClassification",
    "RegNetForImageClassification", "ResNetForImageClassification", "SwinForImageClassification", "ViTForImageClassification",
]


def run(stir, *arguments):
    """What a command prints as JSON; raises with its sentence."""
    command = [stir, *arguments, "--format", "json", "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_SECONDS, check=False)
    if not done.stdout.strip():
        raise RuntimeError(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else f"exit code {done.returncode}")
    return json.loads(done.stdout)


def chosen(listed, truths, default):
    """The default layer and three inner ones that the framework knows too."""
    known = [layer["name"] for layer in listed if "obstacle" not in layer and layer["name"] in truths]
    inner = [known[len(known) * part // 4] for part in (1, 2, 3)] if known else []
    return list(dict.fromkeys(([default] if default else []) + inner))


def examine(stir, model, folder, inputs, truths, classifier_input, against=None):
    """What became of one export: representation and gradient of each layer that was looked at.

    With another export to compare it with, also how far apart they are at all layers of like names.
    """
    import numpy

    shape = ["--shape", "x".join(str(size) for size in inputs["model_shape"])]
    listed = run(stir, "layers", str(model), *shape)
    default = listed["default"]
    layers = chosen(listed["layers"], truths, default)
    outcome = {"layers": len(listed["layers"]), "default": default, "found": {}}
    if not layers:
        raise RuntimeError("no layer could be determined")
    out = folder / "out"
    arguments = [str(model), "--layer", ",".join(layers), "--inputs", str(inputs["file"])]
    saved = run(stir, "represent", *arguments, "--out", str(out), "--force")
    for one in saved["files"]:
        found = numpy.load(one["file"])
        truth = truths.get(one["layer"])
        if one["layer"] == default and (truth is None or truth.size != found.size):
            truth = classifier_input
        if truth is None or truth.size != found.size:
            outcome["found"][one["layer"]] = {"representation": None}
            continue
        norm = max(numpy.linalg.norm(truth), 1e-30)
        error = float(numpy.linalg.norm(found.ravel() - truth.ravel()) / norm)
        outcome["found"][one["layer"]] = {"representation": error}
    pair_of_exports = []
    if against and against.exists() and len(listed["layers"]) <= MOST_LAYERS:
        pair_of_exports = ["--against", str(against)]
    checked = run(stir, "check", *arguments, *pair_of_exports)
    compared = [pair["difference"] for pair in checked["differences"] if "difference" in pair]
    if compared:
        outcome["against"] = {"layers": len(compared), "largest": max(compared)}
    for name, gradient in checked["gradients"].items():
        outcome["found"].setdefault(name, {})["gradient"] = gradient["error"]
        outcome["found"][name]["agrees"] = gradient["agrees"]
    outcome["problems"] = checked["problems"]
    return outcome


def attempt(results, key, work):
    """Computes one cell unless it is there."""
    file = results / (re.sub(r"[^\w.-]", "_", key) + ".json")
    if file.exists():
        return
    try:
        outcome = work()
    except subprocess.TimeoutExpired:
        outcome = {"refused": f"not done in {LIMIT_SECONDS} s"}
    except Exception as failure:  # any exporter's own failure is a finding, too
        outcome = {"refused": str(failure).strip().splitlines()[-1][:300] if str(failure).strip() else repr(failure)}
        if os.environ.get("SWEEP_DEBUG"):
            traceback.print_exc()
    outcome["key"] = key
    file.write_text(json.dumps(outcome, indent=1))
    print(key, outcome.get("refused") or verdict(outcome), flush=True)


# --- PyTorch -----------------------------------------------------------------------------------------------------


def torch_networks(pattern):
    """Name and a function that makes the network and the shape of an input."""
    import torch
    import torchvision

    for name in TORCHVISION:
        size = {"inception_v3": 96, "maxvit_t": 224, "vit_b_32": 224, "alexnet": 96}.get(name, 64)
        extra = {"aux_logits": False, "init_weights": True} if name in ("googlenet", "inception_v3") else {}
        if re.search(pattern, "torchvision " + name):
            yield "torchvision " + name, lambda name=name, extra=extra, size=size: (
                torchvision.models.get_model(name, weights=None, num_classes=10, **extra), (3, size, size))
    if re.search(pattern, "timm " + pattern) or True:
        import timm

        for name in TIMM:
            if re.search(pattern, "timm " + name):
                def make(name=name):
                    model = timm.create_model(name, pretrained=False, num_classes=10)
                    size = model.pretrained_cfg["input_size"][-1]
                    fixed = model.pretrained_cfg.get("fixed_input_size") or size > 224
                    return model, (3, size if fixed else 96, size if fixed else 96)
                yield "timm " + name, make
    import transformers

    for name in TRANSFORMERS:
        if re.search(pattern, "transformers " + name):
            def make(name=name):
                kind = getattr(transformers, name)
                config = kind.config_class(num_labels=10)
                model = kind(config)

                class Logits(torch.nn.Module):
                    def __init__(self):
                        super().__init__()
                        self.model = model

                    def forward(self, x):
                        return self.model(pixel_values=x).logits

                size = getattr(config, "image_size", 224)
                return Logits(), (3, size, size)
            yield "transformers " + name, make


def settle(model, shape):
    """Gives batch normalisations the statistics of random inputs, without which a fresh network's values vanish."""
    import torch

    norms = [module for module in model.modules() if isinstance(module, torch.nn.modules.batchnorm._BatchNorm)]
    for norm in norms:
        norm.momentum = 1.0
    if norms:
        model.train()
        with torch.no_grad():
            model(torch.rand(2 * ROWS, *shape))
    model.eval()


def hooked(model, x):
    """Every module's last output, and what the last dense layer (or convolution) took."""
    import torch

    truths, last = {}, {}

    def keep(name):
        def hook(module, taken, given):
            if isinstance(given, torch.Tensor) and given.dim() > 1:
                truths[name] = given.detach().float().numpy().copy()
            if isinstance(module, (torch.nn.Linear, torch.nn.Conv2d)) and isinstance(taken[0], torch.Tensor):
                last[type(module)] = taken[0].detach().float().numpy().copy()
        return hook

    handles = [module.register_forward_hook(keep(name)) for name, module in model.named_modules() if name]
    with torch.no_grad():
        model(x)
    for handle in handles:
        handle.remove()
    return truths, last.get(torch.nn.Linear, last.get(torch.nn.Conv2d))


def sweep_torch(options, results):
    """All ways of PyTorch's networks."""
    import numpy
    import torch

    torch.backends.mha.set_fastpath_enabled(False)
    for name, make in torch_networks(options.families):
        folder = options.work / re.sub(r"\W+", "_", name)
        keys = {way: f"{name} | {way}" for way in ("trace", "script", "onnx-ts", "onnx-dynamo")}
        keys = {way: key for way, key in keys.items() if re.search(options.exports, way)}
        if all((results / (re.sub(r"[^\w.-]", "_", key) + ".json")).exists() for key in keys.values()):
            continue
        folder.mkdir(parents=True, exist_ok=True)
        torch.manual_seed(0)
        try:
            model, shape = make()
        except Exception as failure:
            print(name, "could not be made:", failure, flush=True)
            continue
        settle(model, shape)
        x = torch.rand(ROWS, *shape)
        numpy.save(folder / "x.npy", x.numpy())
        truths, classifier_input = hooked(model, x)
        inputs = {"file": folder / "x.npy", "model_shape": shape}

        def export(way):
            file = folder / (way + (".onnx" if "onnx" in way else ".pt"))
            if way == "trace":
                with torch.no_grad():
                    torch.jit.trace(model, x, check_trace=False).save(str(file))
            elif way == "script":
                torch.jit.script(model).save(str(file))
            elif way == "onnx-ts":
                torch.onnx.export(
                    model, x, str(file), dynamo=False, opset_version=17, input_names=["input"],
                    dynamic_axes={"input": {0: "batch"}})
            else:
                torch.onnx.export(
                    model, (x,), str(file), dynamo=True, verbose=False, input_names=["input"],
                    dynamic_shapes=({0: torch.export.Dim("batch")},))
            return file

        for way, key in keys.items():
            attempt(results, key,
                    lambda way=way: examine(
                        options.stir, export(way), folder, inputs, truths, classifier_input,
                        folder / "trace.pt" if "onnx" in way else None))
        if not options.keep:
            for file in folder.glob("*"):
                if file.suffix in (".pt", ".onnx", ".data"):
                    file.unlink()


# --- Keras -------------------------------------------------------------------------------------------------------

KERAS = {
    "ConvNeXtTiny": 64, "DenseNet121": 64, "EfficientNetB0": 64, "EfficientNetV2B0": 64, "InceptionResNetV2": 96,
    "InceptionV3": 96, "MobileNet": 64, "MobileNetV2": 64, "MobileNetV3Large": 64, "MobileNetV3Small": 64, "NASNetMobile": 64,
    "ResNet50": 64, "ResNet50V2": 64, "VGG16": 64, "Xception": 96,
}


def sweep_keras(options, results):
    """All of keras.applications, by model.export."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import keras
    import numpy

    for family, size in KERAS.items():
        name = "keras " + family
        key = f"{name} | export"
        if not re.search(options.families, name) or (results / (re.sub(r"[^\w.-]", "_", key) + ".json")).exists():
            continue
        folder = options.work / re.sub(r"\W+", "_", name)
        folder.mkdir(parents=True, exist_ok=True)
        keras.backend.clear_session()
        keras.utils.set_random_seed(0)
        model = getattr(keras.applications, family)(weights=None, classes=10, input_shape=(size, size, 3))
        generator = numpy.random.default_rng(1)
        for layer in model.layers:
            if isinstance(layer, keras.layers.BatchNormalization):
                layer.momentum = 0.0
        model(generator.random((2 * ROWS, size, size, 3)).astype("float32"), training=True)
        x = generator.random((ROWS, size, size, 3)).astype("float32")
        numpy.save(folder / "x.npy", x)
        inside = [layer for layer in model.layers if not isinstance(layer, keras.layers.InputLayer)]
        values = keras.Model(model.inputs, [layer.output for layer in inside]).predict(x, verbose=0)
        truths = {layer.name: numpy.asarray(value) for layer, value in zip(inside, values)}
        inputs = {"file": folder / "x.npy", "model_shape": (size, size, 3)}

        def work():
            model.export(str(folder / "model"), verbose=False)
            return examine(options.stir, folder / "model", folder, inputs, truths, None)

        attempt(results, key, work)


# --- The table ---------------------------------------------------------------------------------------------------


def verdict(outcome):
    """ok, or what is wrong, of representations and gradients."""
    found = outcome["found"].items()
    wrong = [f"{name}: {value['representation']:.1e}" for name, value in found
             if value.get("representation") is not None and value["representation"] > TOLERANCE]
    bent = [f"{name}: {value['gradient']}" for name, value in found if value.get("agrees") is False]
    compared = [value["representation"] for _, value in found if value.get("representation") is not None]
    if wrong:
        return "WRONG " + ", ".join(wrong)
    if bent:
        return "gradient WRONG " + ", ".join(bent)
    if not compared:
        return "nothing could be compared"
    gradients = [value["gradient"] for _, value in found if value.get("gradient") is not None]
    without = len(outcome["found"]) - len(gradients)
    text = f"ok {max(compared):.0e}"
    if gradients:
        text += f" / {max(gradients):.0e}"
    if "against" in outcome:
        text += f"; {outcome['against']['layers']} layers as traced, {outcome['against']['largest']:.0e}"
    return text + (f"; {without} without gradient" if without else "")


def table(results):
    """Markdown: a row a family, a column a way."""
    cells = {}
    for file in sorted(results.glob("*.json")):
        outcome = json.loads(file.read_text())
        name, way = outcome["key"].split(" | ")
        cells.setdefault(name, {})[way] = "refused: " + outcome["refused"] if "refused" in outcome else verdict(outcome)
    lines = []
    for ways, prefix in ((["trace", "script", "onnx-ts", "onnx-dynamo"], ("torchvision", "timm", "transformers")),
                         (["export"], ("keras",))):
        rows = {name: row for name, row in cells.items() if name.startswith(prefix)}
        if not rows:
            continue
        lines += ["| network | " + " | ".join(ways) + " |", "|---|" + "---|" * len(ways)]
        for name, row in sorted(rows.items()):
            lines.append(f"| {name} | " + " | ".join(row.get(way, "").replace("|", "/") for way in ways) + " |")
        lines.append("")
    return "\n".join(lines)


def main():
    """Sweeps, and writes the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stir", default="stir")
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--table", type=pathlib.Path)
    parser.add_argument("--only", choices=["torch", "keras"])
    parser.add_argument("--families", default="", help="a pattern, as in 'timm (vit|beit)'")
    parser.add_argument("--exports", default="", help="a pattern, as in 'trace|onnx-ts'")
    parser.add_argument("--keep", action="store_true", help="keep the exported files")
    options = parser.parse_args()
    results = options.work / "results"
    results.mkdir(parents=True, exist_ok=True)
    if options.only != "keras":
        sweep_torch(options, results)
    if options.only != "torch":
        sweep_keras(options, results)
    text = table(results)
    if options.table:
        options.table.write_text(text)
    else:
        sys.stdout.write(text)


if __name__ == "__main__":
    main()
