"""Exports small networks of many families, random weights, with both of PyTorch's exporters, and keeps what
PyTorch's forward hooks see at every module: what ModulePathsTest compares the paths of ONNX files with.

    python modules.py FOLDER [--families resnet,...]        (torch, torchvision, timm, transformers, onnxscript)
    mvn test -pl backend-onnx -am -Dtest=ModulesTest -Dsurefire.failIfNoSpecifiedTests=false -Dstir.modules=FOLDER

src/test/resources/modules is what `--families odd` writes.

FOLDER/FAMILY.npz holds the inputs `x`, and for every module that is called `path` (its result at the last call),
`path#0`, `path#1` ... (earlier calls) and `path@in` (its first argument); of a tuple or a dictionary of several
tensors none is kept under the plain path. FOLDER/FAMILY.script.onnx and FAMILY.dynamo.onnx are the exports; the
exporters `script_apart` and `dynamo_apart` merge no batch normalisation into convolutions.
"""
import argparse
import inspect
import os
import traceback
import warnings

import numpy as np
import torch

ROWS = 3


def torchvision_resnet():
    from torchvision.models.resnet import Bottleneck, ResNet
    return ResNet(Bottleneck, [2, 1, 1, 1], num_classes=7, width_per_group=16), 64


def resnet_basic():
    from torchvision.models.resnet import BasicBlock, ResNet
    return ResNet(BasicBlock, [2, 1, 1, 1], num_classes=7), 64


def vgg():
    from torchvision.models.vgg import VGG, make_layers
    features = make_layers([8, "M", 16, "M", 32, 32, "M"], batch_norm=True)
    network = VGG(features, num_classes=7, init_weights=False)
    network.avgpool = torch.nn.AdaptiveAvgPool2d(2)
    network.classifier[0] = torch.nn.Linear(32 * 4, 64)
    network.classifier[3] = torch.nn.Linear(64, 32)
    network.classifier[6] = torch.nn.Linear(32, 7)
    return network, 64


def densenet():
    from torchvision.models.densenet import DenseNet
    return DenseNet(8, (2, 3, 2), 16, num_classes=7), 64


def mobilenet_v3():
    from torchvision.models import mobilenet_v3_small
    return mobilenet_v3_small(num_classes=7), 64


def efficientnet():
    from torchvision.models.efficientnet import EfficientNet, MBConvConfig
    settings = [MBConvConfig(1, 3, 1, 16, 8, 1), MBConvConfig(4, 3, 2, 8, 16, 2), MBConvConfig(4, 5, 2, 16, 24, 2)]
    return EfficientNet(settings, dropout=0.2, num_classes=7, last_channel=64), 64


def convnext():
    from torchvision.models.convnext import CNBlockConfig, ConvNeXt
    return ConvNeXt([CNBlockConfig(16, 32, 2), CNBlockConfig(32, 48, 1), CNBlockConfig(48, None, 1)],
                    layer_scale=0.7, num_classes=7), 64


def swin():
    from torchvision.models.swin_transformer import SwinTransformer
    return SwinTransformer([4, 4], 16, [2, 2], [2, 4], [4, 4], num_classes=7), 64


def vit():
    from torchvision.models import VisionTransformer
    return VisionTransformer(32, 8, 2, 2, 32, 64, num_classes=7), 32


def timm_model(name, size, **options):
    import timm
    return timm.create_model(name, pretrained=False, num_classes=7, **options), size


def timm_beit():
    import timm
    timm.layers.set_fused_attn(False)  # PyTorch 2.15 can't export it fused
    return timm_model("beit_base_patch16_224", 32, img_size=32, patch_size=8, depth=2, embed_dim=48, num_heads=3)


def timm_mixer():
    from timm.models.mlp_mixer import MlpMixer
    return MlpMixer(num_classes=7, img_size=32, patch_size=8, num_blocks=2, embed_dim=32), 32


def timm_xcit():
    from timm.models.xcit import Xcit
    return Xcit(img_size=32, patch_size=8, num_classes=7, embed_dim=32, depth=2, num_heads=2, eta=1.0), 32


def transformers_vit():
    from transformers import ViTConfig, ViTForImageClassification
    return ViTForImageClassification(ViTConfig(hidden_size=32, num_hidden_layers=2, num_attention_heads=2,
                                               intermediate_size=64, image_size=32, patch_size=8, num_labels=7)), 32


def transformers_beit():
    from transformers import BeitConfig, BeitForImageClassification
    return BeitForImageClassification(BeitConfig(hidden_size=32, num_hidden_layers=2, num_attention_heads=2,
                                                 intermediate_size=64, image_size=32, patch_size=8, num_labels=7)), 32


def transformers_convnext():
    from transformers import ConvNextV2Config, ConvNextV2ForImageClassification
    return ConvNextV2ForImageClassification(ConvNextV2Config(hidden_sizes=[8, 16, 24], num_stages=3, depths=[1, 2, 1],
                                                             num_labels=7)), 64


class Block(torch.nn.Module):
    """A block like ResNet's, which calls one ReLU twice."""

    def __init__(self):
        super().__init__()
        self.conv1, self.bn1 = torch.nn.Conv2d(4, 4, 3, padding=1), torch.nn.BatchNorm2d(4)
        self.conv2 = torch.nn.Conv2d(4, 4, 3, padding=1)
        self.relu = torch.nn.ReLU(inplace=True)

    def forward(self, x):
        return self.relu(x + self.conv2(self.relu(self.bn1(self.conv1(x)))))


class Turned(torch.nn.Module):
    """A module that ends in a transposition."""

    def __init__(self):
        super().__init__()
        self.conv = torch.nn.Conv2d(4, 4, 1)

    def forward(self, x):
        return self.conv(x).transpose(2, 3)


class Pair(torch.nn.Module):
    """A module with two results."""

    def __init__(self):
        super().__init__()
        self.first, self.second = torch.nn.Linear(4, 4), torch.nn.Sigmoid()

    def forward(self, x):
        y = self.first(x)
        return y, self.second(y)


class Odd(torch.nn.Module):
    """A network with modules whose results are hard to find."""

    def __init__(self):
        super().__init__()
        self.stem = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3, padding=1), torch.nn.BatchNorm2d(4), torch.nn.ReLU())
        self.sides = torch.nn.ModuleDict({"left": Block(), "right": Block()})  # never called itself
        self.within = torch.nn.Sequential(torch.nn.Conv2d(4, 4, 1))  # its normalisation is outside of it
        self.outside = torch.nn.BatchNorm2d(4)
        self.turned = Turned()
        self.pair = Pair()
        self.drop = torch.nn.Dropout(0.1)
        self.twice = torch.nn.Sequential(torch.nn.Linear(4, 4), torch.nn.Tanh())
        self.layers = torch.nn.ModuleList([torch.nn.Sequential(torch.nn.Linear(4, 4), torch.nn.GELU()) for _ in range(2)])
        self.head = torch.nn.Linear(4, 5)

    def forward(self, x):
        x = self.sides["right"](self.sides["left"](self.stem(x)))
        x = self.outside(self.within(x))
        a, b = self.pair(self.turned(x).permute(0, 2, 3, 1) + 1)
        x = self.drop((a * b).mean(3)).softmax(1)
        x = self.twice(self.twice(x) * 2 - x)
        for layer in self.layers:
            x = layer(x)
        return self.head(x.mean(1))


FAMILIES = {
    "odd": lambda: (Odd(), 4),
    "resnet": torchvision_resnet,
    "resnet_basic": resnet_basic,
    "vgg": vgg,
    "densenet": densenet,
    "mobilenet_v3": mobilenet_v3,
    "efficientnet": efficientnet,
    "convnext": convnext,
    "swin": swin,
    "vit": vit,
    "timm_vit": lambda: timm_model("vit_tiny_patch16_224", 32, img_size=32, patch_size=8, depth=2, embed_dim=48),
    "timm_beit": timm_beit,
    "timm_mixer": timm_mixer,
    "timm_xcit": timm_xcit,
    "timm_resnetv2": lambda: timm_model("resnetv2_50", 64, layers=(1, 1, 1, 1), channels=(16, 32, 48, 64), stem_chs=16),
    "timm_convnext": lambda: timm_model("convnext_atto", 64, depths=(1, 1, 2, 1), dims=(8, 16, 24, 32)),
    "timm_efficientnet": lambda: timm_model("tf_efficientnet_lite0", 64),
    "transformers_vit": transformers_vit,
    "transformers_beit": transformers_beit,
    "transformers_convnext": transformers_convnext,
}


def build(family):
    """Returns the network with weights and statistics that keep every module far from the identity."""
    torch.manual_seed(0)
    model, size = FAMILIES[family]()
    with torch.no_grad():
        for name, values in list(model.named_parameters()) + list(model.named_buffers()):
            if not values.is_floating_point():
                continue
            if name.endswith("running_var"):
                values.uniform_(0.5, 2)
            elif values.dim() <= 1 or "gamma" in name or "pos_embed" in name or "token" in name:
                values.add_(torch.empty_like(values).uniform_(-0.3, 0.3))
    return model.eval(), size


def tensors(value):
    """Returns the tensors in a module's result, by the suffix of their names."""
    if isinstance(value, torch.Tensor):
        return {"": value}
    found = {}
    if isinstance(value, dict):
        for key, element in value.items():
            if isinstance(element, torch.Tensor):
                found[f'["{key}"]'] = element
    elif isinstance(value, (tuple, list)):
        for i, element in enumerate(value):
            if isinstance(element, torch.Tensor):
                found[f"[{i}]"] = element
    return found


def modules(model, x):
    """Returns the argument and the result of every module; a result of one tensor is unwrapped."""
    calls = {}

    def hook(path):
        def keep(module, arguments, result):
            found = tensors(result)
            if len(found) == 1:
                found = {"": next(iter(found.values()))}
            entered = arguments[0] if arguments and isinstance(arguments[0], torch.Tensor) else None
            kept = {suffix: value.detach().clone().numpy() for suffix, value in found.items()}
            # copied before the call, because in-place modules change it
            calls.setdefault(path, []).append((before.pop(path, None) if entered is not None else None, kept))
        return keep

    before = {}

    def enter(path):
        def keep(module, arguments):
            if arguments and isinstance(arguments[0], torch.Tensor):
                before[path] = arguments[0].detach().clone().numpy()
        return keep

    for path, module in model.named_modules():
        if path:
            module.register_forward_pre_hook(enter(path))
            module.register_forward_hook(hook(path))
    with torch.no_grad():
        model(x)
    named = {}
    for path, found in calls.items():
        for i, (entered, kept) in enumerate(found):
            call = "" if i == len(found) - 1 else f"#{i}"
            if entered is not None:
                named[f"{path}{call}@in"] = entered
            for suffix, value in kept.items():
                named[f"{path}{call}{suffix}"] = value
    return named


def export(model, x, path, exporter):
    kept = exporter.endswith("_apart")  # without merging normalisation into convolutions
    if exporter.startswith("script"):
        training = torch.onnx.TrainingMode.PRESERVE if kept else torch.onnx.TrainingMode.EVAL
        torch.onnx.export(model, (x,), path, input_names=["input"], output_names=["output"], training=training,
                          dynamic_axes={"input": {0: "n"}}, opset_version=17, dynamo=False)
        return
    options = dict(dynamo=True, verbose=False, optimize=not kept)
    try:
        rows = torch.export.Dim("n", min=2, max=64)
        name = next(iter(inspect.signature(model.forward).parameters))
        program = torch.onnx.export(model, (x,), dynamic_shapes={name: {0: rows}}, **options)
    except Exception:
        program = torch.onnx.export(model, (x,), **options)
    for node in program.model.graph:
        node.metadata_props.pop("pkg.torch.onnx.stack_trace", None)  # large, and full of this machine's paths
    program.save(path, external_data=False)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("folder")
    arguments.add_argument("--families", default=",".join(FAMILIES))
    arguments.add_argument("--exporters", default="script,dynamo")
    options = arguments.parse_args()
    warnings.simplefilter("ignore")
    os.makedirs(options.folder, exist_ok=True)
    torch.set_num_threads(1)
    for family in options.families.split(","):
        model, size = build(family)
        place = os.path.join(options.folder, family)
        x = torch.rand(ROWS, 3, size, size, generator=torch.Generator().manual_seed(1))
        kept = {name: np.ascontiguousarray(values, np.float32) for name, values in modules(model, x).items()}
        np.savez_compressed(place + ".npz", x=x.numpy(), **kept)
        for exporter in filter(None, options.exporters.split(",")):
            fresh, _ = build(family)  # without hooks
            try:
                export(fresh, x, f"{place}.{exporter}.onnx", exporter)
                print(family, exporter, "done", flush=True)
            except Exception:
                print(family, exporter, "not exported:", traceback.format_exc().strip().splitlines()[-1], flush=True)


if __name__ == "__main__":
    main()
