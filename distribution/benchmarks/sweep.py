#!/usr/bin/env python3
"""Exports many families of networks in every way, and compares what Stir measures with their frameworks.

    python sweep.py --image distribution/target/stir --modules distribution/target/modules --work sweep --table distribution/benchmarks/sweep.csv

Needs Java, and torch, torchvision, timm, transformers, onnx, onnxscript and onnxruntime for PyTorch's networks,
tensorflow and keras for keras.applications: --only torch or --only keras where these are in environments of their own.
--only tensorflow needs tensorflow, tf_keras and transformers 4, the last one with networks for TensorFlow.
Weights are random, with batch normalisations that have the statistics of random inputs, and inputs are small. The
smallest networks come first. Each network has a process of its own and a time, after which the next one follows; what
is in the work folder already is not computed again, so that a sweep goes on where it was stopped.

For each network and way of export, Stir computes representations and gradients at the default layer and three inner
ones (`Exports.java`), which are compared with what the framework's own hooks and automatic differentiation give in
single precision; with --against also ONNX files with the trace at all layers of like names, as `stir check` does. "ok"
is followed by the largest relative difference of representations, which is below 1e-4, and of gradients, which is below
0.05, since kinks may be decided otherwise; "N layers as traced" by the largest relative difference of these.
"""

import argparse
import collections
import contextlib
import csv
import json
import multiprocessing
import os
import pathlib
import re
import signal
import subprocess
import sys
import traceback

ROWS = 2
TOLERANCE = 1e-4
GRADIENT_TOLERANCE = 0.05  # one kink of many is worth 1e-3 to 1e-2
LOST = 3  # the exit code of a process whose Stir ended
HERE = pathlib.Path(__file__).resolve().parent

# Smallest first.
TORCHVISION = [
    "shufflenet_v2_x0_5", "squeezenet1_1", "mnasnet0_5", "mobilenet_v3_small", "mobilenet_v2", "regnet_y_400mf",
    "efficientnet_b0", "regnet_x_400mf", "googlenet", "densenet121", "resnet18", "efficientnet_v2_s", "inception_v3",
    "resnext50_32x4d", "swin_t", "swin_v2_t", "convnext_tiny", "maxvit_t", "alexnet", "wide_resnet50_2", "vit_b_32",
    "vgg11_bn",
]
TIMM = [
    "lcnet_035", "tinynet_e", "mobilevit_xxs", "repghostnet_050", "mobilevitv2_050", "edgenext_xx_small", "ghostnet_050",
    "efficientvit_b0", "mobilenetv4_conv_small", "mixnet_s", "xcit_nano_12_p16_224", "fastvit_t8", "efficientnet_lite0",
    "convnextv2_atto", "pvt_v2_b0", "rexnet_100", "hardcorenas_a", "mobileone_s0", "pit_ti_224", "tiny_vit_5m_224",
    "coat_tiny", "eva02_tiny_patch14_224", "convit_tiny", "vit_tiny_patch16_224", "gmlp_ti16_224", "regnetz_005",
    "mambaout_femto", "gernet_s", "crossvit_tiny_240", "levit_128s", "maxvit_pico_rw_256", "repvgg_a0", "dpn48b",
    "resnest14d", "visformer_tiny", "halonet26t", "botnet26t_256", "hrnet_w18_small", "efficientformer_l1",
    "poolformer_s12", "gcvit_xxtiny", "cait_xxs24_224", "nf_resnet26", "coatnet_nano_rw_224", "resmlp_12_224", "dla34",
    "nest_tiny_jx", "mixer_s32_224", "convmixer_768_32", "cspresnet50", "deit3_small_patch16_224", "res2net50_14w_8s",
    "tnt_s_patch16_224", "mvitv2_tiny", "resnetv2_50", "twins_pcpvt_small", "gmixer_24_224", "xception41",
    "inception_next_tiny", "volo_d1_224", "sequencer2d_s", "swinv2_cr_tiny_224", "davit_tiny", "focalnet_tiny_srf",
    "tresnet_m", "selecsls42b", "nfnet_l0", "beit_base_patch16_224", "vgg11",
]

# A few narrow layers have the operations of many wide ones.
SMALL = {"image_size": 64, "hidden_size": 96, "intermediate_size": 192, "num_hidden_layers": 3, "num_attention_heads": 4}
STAGES = {"hidden_sizes": [24, 32, 48, 64], "depths": [1, 1, 2, 1]}
TRANSFORMERS = {
    "ViT": SMALL, "DeiT": SMALL, "Beit": SMALL, "Data2VecVision": SMALL, "ViTMSN": SMALL,
    "Dinov2": {**SMALL, "patch_size": 16}, "Dinov2WithRegisters": {**SMALL, "patch_size": 16},
    "IJepa": SMALL,
    "ConvNext": STAGES, "ConvNextV2": STAGES, "ResNet": STAGES, "RegNet": {**STAGES, "groups_width": 8},
    "Bit": {"depths": [1, 1, 1, 1], "num_groups": 8}, "MobileNetV1": {}, "MobileNetV2": {}, "MobileViT": {"image_size": 64}, "MobileViTV2": {"image_size": 64},
    "Swin": {"image_size": 64, "window_size": 4, "embed_dim": 24, "depths": [1, 2, 1], "num_heads": [2, 4, 8]},
    "Swinv2": {"image_size": 64, "window_size": 4, "embed_dim": 24, "depths": [1, 2, 1], "num_heads": [2, 4, 8]},
    "FocalNet": {"image_size": 64, "embed_dim": 24, "depths": [1, 1, 2, 1]},
    "PoolFormer": {"depths": [1, 1, 2, 1]}, "Pvt": {"image_size": 64, "depths": [1, 1, 1, 1]},
    "PvtV2": {"image_size": 64, "depths": [1, 1, 1, 1]},
    "Segformer": {"depths": [1, 1, 1, 1]}, "EfficientNet": {"width_coefficient": 1.0, "depth_coefficient": 1.0, "hidden_dim": 1280},
    "Cvt": {"embed_dim": [16, 32, 48], "num_heads": [1, 2, 3]}, "Levit": {"image_size": 64, "depths": [1, 1, 1]}, "HGNetV2": {}, "TextNet": {}, "SwiftFormer": {},
}

# Networks of text, on embeddings.
TEXT_WIDTH = 64
TEXT_SIZES = {
    "hidden_size": TEXT_WIDTH, "intermediate_size": 128, "num_hidden_layers": 2, "num_attention_heads": 4, "vocab_size": 99,
    "max_position_embeddings": 64, "pad_token_id": 0,
}
KEY_VALUES = {"num_key_value_heads": 2}
TEXT = {
    "BertModel": {}, "RobertaModel": {}, "AlbertModel": {"embedding_size": TEXT_WIDTH}, "MobileBertModel": {
        "embedding_size": TEXT_WIDTH, "true_hidden_size": 32, "intra_bottleneck_size": 32},
    "DistilBertModel": {"dim": TEXT_WIDTH, "hidden_dim": 128, "n_layers": 2, "n_heads": 4},
    "ElectraModel": {"embedding_size": TEXT_WIDTH}, "MPNetModel": {}, "DebertaV2Model": {}, "CamembertModel": {},
    "GPT2Model": {"n_embd": TEXT_WIDTH, "n_layer": 2, "n_head": 4}, "GPTNeoXModel": {}, "OPTModel": {
        "ffn_dim": 128, "word_embed_proj_dim": TEXT_WIDTH}, "LlamaModel": KEY_VALUES, "MistralModel": KEY_VALUES, "Qwen2Model": KEY_VALUES,
    "GemmaModel": {**KEY_VALUES, "head_dim": 16}, "PhiModel": {}, "T5Model": {
        "d_model": TEXT_WIDTH, "d_kv": 16, "d_ff": 128, "num_layers": 2, "num_heads": 4},
    "ModernBertModel": {"global_attn_every_n_layers": 2}, "NomicBertModel": {},
}
EAGER = {"MPNetModel", "DebertaV2Model", "T5Model", "MobileBertModel"}

# Networks of sound: their sizes and the shape of an input, samples or a spectrogram.
SPEECH = {
    "hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 2, "num_attention_heads": 4, "conv_dim": (32, 32),
    "conv_kernel": (10, 3), "conv_stride": (5, 2), "num_feat_extract_layers": 2, "num_conv_pos_embeddings": 16,
    "num_conv_pos_embedding_groups": 4, "mask_time_prob": 0.0,
}
AUDIO = {
    "Wav2Vec2Model": (SPEECH, (1600,)), "HubertModel": (SPEECH, (1600,)), "WavLMModel": (SPEECH, (1600,)),
    "UniSpeechModel": (SPEECH, (1600,)), "SEWModel": ({**SPEECH, "squeeze_factor": 2}, (1600,)),
    "Data2VecAudioModel": ({**SPEECH, "num_conv_pos_embeddings": 2, "conv_pos_kernel_size": 3}, (1600,)),
    "ASTModel": ({
        "hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 2, "num_attention_heads": 4, "max_length": 64,
        "num_mel_bins": 32}, (64, 32)),
    "WhisperModel": ({
        "d_model": 64, "encoder_layers": 2, "decoder_layers": 1, "encoder_attention_heads": 4, "decoder_attention_heads": 4,
        "encoder_ffn_dim": 128, "decoder_ffn_dim": 128, "num_mel_bins": 16, "max_source_positions": 40}, (16, 80)),
}

# Those of the networks of text and sound that transformers 4 has for TensorFlow too.
TENSORFLOW = [
    "BertModel", "RobertaModel", "AlbertModel", "MobileBertModel", "DistilBertModel", "ElectraModel", "MPNetModel",
    "DebertaV2Model", "CamembertModel", "GPT2Model", "OPTModel", "MistralModel", "T5Model", "Wav2Vec2Model",
    "HubertModel", "WhisperModel",
]

KERAS = {  # the size of an input
    "MobileNetV3Small": 64, "MobileNetV2": 64, "MobileNet": 64, "MobileNetV3Large": 64, "NASNetMobile": 64,
    "EfficientNetB0": 64, "EfficientNetV2B0": 64, "DenseNet121": 64, "VGG16": 64, "Xception": 96, "InceptionV3": 96,
    "ResNet50": 64, "ResNet50V2": 64, "ConvNeXtTiny": 64, "InceptionResNetV2": 96,
}


class Lost(RuntimeError):
    """Stir's process ended: what it was asked is to blame, and nothing else can be asked."""


class Stir:
    """A process that examines one export after the other; those that a fork has made may ask it, too."""

    def __init__(self, options):
        self.command = ["java", "-Xmx3g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", f"{options.modules}/*", str(HERE / "Exports.java"), str(options.image)]
        self.log = open(options.work / "stir.log", "ab")
        self.process = None

    def start(self):
        """Starts it unless it runs."""
        if self.process is None or self.process.poll() is not None:
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log, bufsize=0)

    def stop(self):
        """Ends it, whatever it is at."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def ask(self, *words):
        """What it finds out about an export; raises with its sentence."""
        os.write(self.process.stdin.fileno(), ("\t".join(str(word) for word in words) + "\n").encode())
        line = b""
        while not line.endswith(b"\n"):
            more = os.read(self.process.stdout.fileno(), 1 << 16)
            if not more:
                raise Lost("Stir's process ended")
            line += more
        answer = json.loads(line)
        for word in ("refused", "broken"):
            if word in answer:
                raise RuntimeError(answer[word])
        return answer


def examine(stir, model, folder, reference, against=None):
    """What became of one export: representation and gradient of each layer that was looked at."""
    import numpy

    names = folder / "names.txt"
    names.write_text("\n".join(reference.names()))
    other = [against] if against and against.exists() else []
    answer = stir.ask(model, folder / "x.npy", names, folder / "out", *other)
    default = answer["default"]
    outcome = {"layers": answer["layers"], "default": default, "found": {}, "problems": answer.get("problems", [])}
    if not answer["saved"]:
        raise RuntimeError("No layer could be determined.")
    for layer, prefix in answer["saved"].items():
        found = numpy.load(prefix + ".representation.npy")
        truth = reference.at(layer, found.size, layer == default)
        outcome["found"][layer] = {}
        if truth is not None:
            cotangent = numpy.sin(1 + numpy.arange(found.size)).astype("float32")
            outcome["found"][layer] = {
                "representation": apart(found, truth.values()),
                "gradient": apart(numpy.load(prefix + ".gradient.npy"), truth.gradient(cotangent)),
            }
    if "compared" in answer:
        outcome["against"] = {"layers": answer["compared"], "largest": answer["apart"]}
    return outcome


def apart(found, truth):
    """The relative difference of two arrays; of two that are zero throughout it is 0."""
    import numpy

    difference = float(numpy.linalg.norm(found.ravel() - truth.ravel()))
    return difference / max(float(numpy.linalg.norm(truth)), 1e-30) if difference else 0.0


class Results:
    """One file a cell."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def file(self, key):
        """Where a cell is kept."""
        return self.folder / (re.sub(r"[^\w.-]", "_", key) + ".json")

    def has(self, key, seconds):
        """Whether a cell is there, and would not be done in so many seconds if it is not yet."""
        file = self.file(key)
        return file.exists() and json.loads(file.read_text()).get("late", seconds) >= seconds

    def keep(self, key, outcome):
        """Keeps a cell."""
        self.file(key).write_text(json.dumps({"key": key, **outcome}, indent=1))
        print(key, verdict(outcome), flush=True)

    def attempt(self, key, work):
        """Computes a cell; whatever fails is a finding, too."""
        try:
            outcome = work()
        except Lost:
            raise
        except Exception as failure:
            lines = str(failure).strip().splitlines()
            outcome = {"refused": (told(lines) if lines else repr(failure))[:300]}
            if os.environ.get("SWEEP_DEBUG"):
                traceback.print_exc()
        self.keep(key, outcome)


def told(lines):
    """The line of a message that tells most: exporters put reports around it."""
    for line in lines:
        if re.match(r"<class|.*(Error|Exception)\b.*:", line):
            return line
    return lines[0]


# --- PyTorch -----------------------------------------------------------------------------------------------------


def make_torchvision(name):
    """A network and the shape of an input."""
    import torchvision

    size = {"inception_v3": 96, "maxvit_t": 224}.get(name, 64)
    extra = {"aux_logits": False, "init_weights": True} if name in ("googlenet", "inception_v3") else {}
    if name == "vit_b_32":
        extra = {"image_size": size}
    return torchvision.models.get_model(name, weights=None, num_classes=10, **extra), (3, size, size)


def make_timm(name):
    """A network and the shape of an input."""
    import timm
    import torch

    model = timm.create_model(name, pretrained=False, num_classes=10)
    size = model.pretrained_cfg["input_size"][-1]
    fixed = model.pretrained_cfg.get("fixed_input_size")
    try:
        small = timm.create_model(name, pretrained=False, num_classes=10, **({"img_size": 64} if fixed else {})).eval()
        with torch.no_grad():
            small(torch.rand(1, 3, 64, 64))
        return small, (3, 64, 64)
    except Exception:  # each family has reasons of its own why it takes one size only
        return model, (3, size, size)


def make_transformers(name):
    """A network and the shape of an input."""
    import torch
    import transformers

    kind = getattr(transformers, name + "ForImageClassification")
    config = kind.config_class(num_labels=10, **TRANSFORMERS[name])
    class Logits(torch.nn.Module):
        """The logits alone."""

        def __init__(self):
            super().__init__()
            self.model = kind(config)

        def forward(self, x):
            return self.model(pixel_values=x).logits

    return Logits(), (3, 64, 64)


def make_text(name):
    """A network of text on embeddings, and the shape of an input."""
    import torch
    import transformers

    kind = getattr(transformers, name)
    config = kind.config_class(**{**TEXT_SIZES, **TEXT[name]})
    config._attn_implementation = "eager" if name in EAGER else "sdpa"
    config.use_cache = False

    class Hidden(torch.nn.Module):
        """The last hidden states, of all or of the encoder."""

        def __init__(self):
            super().__init__()
            model = kind(config)
            self.model = model.encoder if name.startswith("T5") else model
            self.head = torch.nn.Linear(TEXT_WIDTH, 10)

        def forward(self, x):
            return self.head(self.model(inputs_embeds=x, return_dict=False)[0].mean(1))

    return Hidden(), (16, TEXT_WIDTH)


def make_audio(name):
    """A network of samples or spectrograms, and the shape of an input."""
    import torch
    import transformers

    kind = getattr(transformers, name)
    sizes, shape = AUDIO[name]
    config = kind.config_class(**sizes)

    class Hidden(torch.nn.Module):
        """The last hidden states, of all or of the encoder."""

        def __init__(self):
            super().__init__()
            self.model = kind(config)
            self.model = self.model.encoder if name == "WhisperModel" else self.model
            self.head = torch.nn.Linear(64, 10)

        def forward(self, x):
            return self.head(self.model(x, return_dict=False)[0].mean(1))

    return Hidden(), shape


MAKERS = {
    "torchvision": (make_torchvision, TORCHVISION), "timm": (make_timm, TIMM),
    "transformers": (make_transformers, list(TRANSFORMERS)),
    "text": (make_text, list(TEXT)), "audio": (make_audio, list(AUDIO)),
}


def settle(model, shape):
    """Gives batch normalisations the statistics of random inputs, without which a fresh network's values vanish."""
    import torch

    norms = [module for module in model.modules() if isinstance(module, torch.nn.modules.batchnorm._BatchNorm)]
    for norm in norms:
        norm.momentum = 1.0
        if norm.weight is not None and not norm.weight.any():  # a branch that is silent before training
            torch.nn.init.ones_(norm.weight)
    if norms:
        model.train()
        with torch.no_grad():
            model(torch.rand(2 * ROWS, *shape))
    model.eval()


class TorchReference:
    """What a network computes at its modules, by forward hooks and autograd."""

    def __init__(self, model, x):
        import torch

        self.x = x.clone().requires_grad_()
        self.outputs = {}
        self.last = {}
        handles = [module.register_forward_hook(self.keep(name)) for name, module in model.named_modules() if name]
        model(self.x)
        for handle in handles:
            handle.remove()
        self.classifier_input = self.last.get(torch.nn.Linear, self.last.get(torch.nn.Conv2d))

    def keep(self, name):
        """A hook that keeps a module's last output, and what the last dense layer (or convolution) took."""
        import torch

        def hook(module, taken, given):
            if isinstance(module, (torch.nn.Linear, torch.nn.Conv2d)) and isinstance(taken[0], torch.Tensor):
                self.last[type(module)] = taken[0]
            if isinstance(given, torch.Tensor) and given.dim() > 1:
                self.outputs[name] = given
                return given.clone()  # which what follows may change in place
            return None

        return hook

    def names(self):
        """The modules' paths."""
        return list(self.outputs)

    def at(self, layer, size, default):
        """What is known of a layer, if it has so many values."""
        tensor = self.outputs.get(layer)
        if default and (tensor is None or tensor.numel() != size):
            tensor = self.classifier_input
        return TorchTruth(self.x, tensor) if tensor is not None and tensor.numel() == size else None


class TorchTruth:
    """What a tensor holds."""

    def __init__(self, x, tensor):
        self.x = x
        self.tensor = tensor

    def values(self):
        """Its values."""
        return self.tensor.detach().numpy()

    def gradient(self, cotangent):
        """What reaches the input."""
        import torch

        with_shape = torch.from_numpy(cotangent).reshape(self.tensor.shape)
        return torch.autograd.grad(self.tensor, self.x, with_shape, retain_graph=True)[0].numpy()


def program(model, x):
    """A program with a free number of inputs, or with that of x if the network's code fixes it."""
    import torch

    free = ({0: torch.export.Dim("batch", min=1, max=1024)},)
    try:
        return torch.export.export(model, (x,), dynamic_shapes=free)
    except Exception:
        return torch.export.export(model, (x,))


def export(model, x, way, folder):
    """A file that PyTorch's network became."""
    import torch

    file = folder / (way + (".onnx" if "onnx" in way else ".pt"))
    if way.startswith("pt2"):
        file = file.with_suffix(".pt2")
        torch.export.save(program(model, x), str(file))
    elif way == "trace":
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
            program(model, x), f=str(file), dynamo=True, verbose=False, input_names=["input"])
    return file


def sweep_torch(options, results, stir, name, ways):
    """The ways of one of PyTorch's networks."""
    import numpy
    import torch

    torch.set_num_threads(1)
    torch.manual_seed(0)
    torch.backends.mha.set_fastpath_enabled(False)
    group, short = name.split(" ")
    folder = options.work / re.sub(r"\W+", "_", name)
    folder.mkdir(parents=True, exist_ok=True)
    model, shape = MAKERS[group][0](short)
    settle(model, shape)
    x = torch.rand(ROWS, *shape)
    numpy.save(folder / "x.npy", x.numpy())
    reference = TorchReference(model, x)
    trace = folder / "trace.pt"
    for way in ways:
        def work(way=way):
            file = export(model, x, way, folder)
            return examine(stir, file, folder, reference, trace if options.against and "onnx" in way else None)

        results.attempt(f"{name} | {way}", work)
    if not options.keep:
        for file in folder.glob("*"):
            if file.suffix in (".pt", ".pt2", ".onnx", ".data"):
                file.unlink()


# --- Keras -------------------------------------------------------------------------------------------------------


class KerasReference:
    """What a model computes at its layers, by models that end there."""

    def __init__(self, model, x):
        self.model = model
        self.x = x

    def names(self):
        """The layers' names."""
        return [layer.name for layer in self.model.layers[1:]]

    def at(self, layer, size, default):
        """What is known of a layer, if it has so many values; the default layer has Keras's name, too."""
        import keras
        import tensorflow

        del default
        if layer not in self.names():
            return None
        inner = keras.Model(self.model.inputs, self.model.get_layer(layer).output)
        x = tensorflow.constant(self.x)
        with tensorflow.GradientTape(persistent=True) as tape:
            tape.watch(x)
            tensor = inner(x, training=False)
        return KerasTruth(x, tensor, tape) if tensor.shape.num_elements() == size else None


class KerasTruth:
    """What a tensor holds."""

    def __init__(self, x, tensor, tape):
        self.x = x
        self.tensor = tensor
        self.tape = tape

    def values(self):
        """Its values."""
        return self.tensor.numpy()

    def gradient(self, cotangent):
        """What reaches the input."""
        return self.tape.gradient(self.tensor, self.x, cotangent.reshape(self.tensor.shape)).numpy()


class ScopeReference:
    """What a model computes at its layers and the layers inside them, which Keras 2 calls in scopes of their names."""

    def __init__(self, model, x):
        import tensorflow
        import tf_keras

        self.x = tensorflow.constant(x)
        self.outputs = {}
        scopes = []
        call = tf_keras.layers.Layer.__call__

        def recorded(layer, *given, **options):
            scopes.append(layer.name)
            try:
                result = call(layer, *given, **options)
            finally:
                path = "/".join(scopes[1:])
                scopes.pop()
            first = result
            while isinstance(first, (dict, tuple, list)) and first:
                first = next(iter(first.values() if isinstance(first, dict) else first))
            if tensorflow.is_tensor(first):
                self.outputs[path] = first
            return result

        with tensorflow.GradientTape(persistent=True) as self.tape:
            self.tape.watch(self.x)
            tf_keras.layers.Layer.__call__ = recorded
            try:
                model(self.x, training=False)
            finally:
                tf_keras.layers.Layer.__call__ = call

    def names(self):
        """The layers' paths."""
        return [name for name in self.outputs if name]

    def at(self, layer, size, default):
        """What is known of a layer, if it has so many values; the default layer has its path, too."""
        del default
        tensor = self.outputs.get(layer)
        known = tensor is not None and tensor.shape.num_elements() == size
        return KerasTruth(self.x, tensor, self.tape) if known else None


def make_tensorflow(name):
    """A network of text on embeddings or of sound, and the shape of an input."""
    import tensorflow
    import tf_keras
    import transformers

    sizes, shape = AUDIO[name] if name in AUDIO else ({**TEXT_SIZES, **TEXT[name]}, (16, TEXT_WIDTH))
    kind = getattr(transformers, "TFT5EncoderModel" if name == "T5Model" else "TF" + name)
    config = kind.config_class(**sizes)
    config.use_cache = False
    x = tf_keras.Input(shape, name="x")
    network = kind(config)
    if name == "WhisperModel":
        hidden = network.model.encoder(x)
    elif name in AUDIO:
        hidden = network(x)
    else:
        hidden = network(None, inputs_embeds=x)
    return tf_keras.Model(x, tf_keras.layers.Dense(10, name="head")(tensorflow.reduce_mean(hidden[0], 1))), shape


def sweep_tensorflow(options, results, stir, name, ways):
    """One of the networks of transformers for TensorFlow, by Keras 2."""
    os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", TF_USE_LEGACY_KERAS="1")
    import numpy
    import tensorflow

    folder = options.work / re.sub(r"\W+", "_", name)
    folder.mkdir(parents=True, exist_ok=True)
    tensorflow.keras.utils.set_random_seed(0)
    model, shape = make_tensorflow(name.split(" ")[1])
    x = numpy.random.default_rng(1).random((ROWS, *shape)).astype("float32")
    numpy.save(folder / "x.npy", x)
    reference = ScopeReference(model, x)

    def work():
        with contextlib.redirect_stdout(sys.stderr):
            model.export(str(folder / "model"))
        return examine(stir, folder / "model", folder, reference)

    results.attempt(f"{name} | {ways[0]}", work)

def sweep_keras(options, results, stir, name, ways):
    """One of keras.applications, by model.export."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import keras
    import numpy

    family = name.split(" ")[1]
    size = KERAS[family]
    folder = options.work / re.sub(r"\W+", "_", name)
    folder.mkdir(parents=True, exist_ok=True)
    keras.utils.set_random_seed(0)
    model = getattr(keras.applications, family)(weights=None, classes=10, input_shape=(size, size, 3))
    generator = numpy.random.default_rng(1)
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.momentum = 0.0
    model(generator.random((2 * ROWS, size, size, 3)).astype("float32"), training=True)
    x = generator.random((ROWS, size, size, 3)).astype("float32")
    numpy.save(folder / "x.npy", x)
    reference = KerasReference(model, x)

    def work():
        model.export(str(folder / "model"), verbose=False)
        return examine(stir, folder / "model", folder, reference)

    results.attempt(f"{name} | {ways[0]}", work)


# --- One network after the other ---------------------------------------------------------------------------------


def networks(only):
    """Names and ways of all networks, small ones of all groups first."""
    found = []
    torch_ways = ["trace", "onnx-dynamo", "onnx-ts", "script"]
    if only in (None, "torch"):
        import torch

        torch_ways.append("pt2 " + ".".join(torch.__version__.split(".")[:2]))
    groups = {group: (names, torch_ways) for group, (_, names) in MAKERS.items()} if only in (None, "torch") else {}
    if only in (None, "keras"):
        groups["keras"] = (list(KERAS), ["export"])
    if only == "tensorflow":  # of an older transformers, in an environment of its own
        groups["tensorflow"] = (TENSORFLOW, ["export"])
    for group, (names, ways) in groups.items():
        found += [(place / len(names), f"{group} {name}", ways) for place, name in enumerate(names)]
    return [(name, ways) for _, name, ways in sorted(found, key=lambda one: one[0])]


def sweep(options, results, stir, name, ways):
    """Lets a process of its own compute what is missing of a network."""

    def child():
        os.setsid()
        sys.stderr = open(options.work / "python.log", "a")
        try:
            with contextlib.redirect_stderr(sys.stderr):
                work = {"keras": sweep_keras, "tensorflow": sweep_tensorflow}.get(name.split(" ")[0], sweep_torch)
                work(options, results, stir, name, missing)
        except Lost:
            os._exit(LOST)
        except Exception as failure:
            lines = str(failure).strip().splitlines() or [repr(failure)]
            for way in missing:
                results.keep(f"{name} | {way}", {"refused": "could not be made: " + told(lines)[:200]})

    while missing := [way for way in ways if not results.has(f"{name} | {way}", options.seconds)]:
        stir.start()
        process = multiprocessing.get_context("fork").Process(target=child)
        process.start()
        process.join(options.seconds)
        if process.exitcode == 0:
            continue
        if process.exitcode is None:
            outcome = {"late": options.seconds}
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.join()
        else:
            who = "Stir's" if process.exitcode == LOST else "the exporting"
            outcome = {"refused": f"{who} process ended"}
        stir.stop()
        left = [way for way in missing if not results.has(f"{name} | {way}", options.seconds)]
        if left:
            results.keep(f"{name} | {left[0]}", outcome)


# --- The table ---------------------------------------------------------------------------------------------------


def verdict(outcome):
    """The outcome, the largest differences of representations and gradients, and a note."""
    if "late" in outcome:
        return "not done", "", "", f"in {outcome['late']} s"
    if "refused" in outcome:
        return "refused", "", "", outcome["refused"]
    found = outcome["found"].items()
    wrong = [f"{name}: {value['representation']:.1e}" for name, value in found
             if value.get("representation") is not None and not value["representation"] <= TOLERANCE]
    bent = [f"{name}: {value['gradient']:.1e}" for name, value in found
            if value.get("gradient") is not None and not value["gradient"] <= GRADIENT_TOLERANCE]
    compared = [value["representation"] for _, value in found if value.get("representation") is not None]
    if wrong:
        return "wrong", "", "", ", ".join(wrong)
    if bent:
        return "wrong", "", "", "gradient " + ", ".join(bent)
    if outcome["problems"]:
        return "wrong", "", "", outcome["problems"][0]
    if not compared:
        return "nothing compared", "", "", ""
    gradients = [value["gradient"] for _, value in found if value.get("gradient") is not None]
    notes = []
    if "against" in outcome:
        notes.append(f"{outcome['against']['layers']} layers as traced, {outcome['against']['largest']:.0e}")
    if outcome["default"] is None:
        notes.append("no default")
    return "ok", f"{max(compared):.0e}", f"{max(gradients):.0e}" if gradients else "", "; ".join(notes)


def table(results):
    """A row per network and way of export."""
    rows = []
    for file in results.folder.glob("*.json"):
        outcome = json.loads(file.read_text())
        rows.append([*outcome["key"].split(" | "), *verdict(outcome)])
    return [["network", "export", "outcome", "representation", "gradient", "note"], *sorted(rows)]


def count(rows):
    """A line per library: how often each outcome occurs."""
    outcomes = collections.Counter((row[0].split(" ")[0], row[2]) for row in rows)
    for (group, outcome), number in sorted(outcomes.items()):
        print(f"{group}: {number} {outcome}")


def main():
    """Sweeps, and writes the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--image", type=pathlib.Path, default=HERE.parent / "target" / "stir")
    parser.add_argument("--modules", type=pathlib.Path, default=HERE.parent / "target" / "modules")
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--table", type=pathlib.Path, help="a CSV file to write")
    parser.add_argument("--only", choices=["torch", "keras", "tensorflow"])
    parser.add_argument("--families", default="", help="a pattern, as in 'timm (vit|beit)'")
    parser.add_argument("--exports", default="", help="a pattern, as in 'trace|onnx-ts'")
    parser.add_argument("--seconds", type=int, default=900, help="for one network")
    parser.add_argument("--against", action="store_true", help="compare ONNX files with the trace at all layers, which takes long")
    parser.add_argument("--keep", action="store_true", help="keep the exported files")
    options = parser.parse_args()
    options.work = options.work.resolve()
    results = Results(options.work / "results")
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    if options.only in (None, "torch"):
        import timm  # noqa: F401  so that each network's process has them
        import torchvision  # noqa: F401
        import transformers  # noqa: F401
    stir = Stir(options)
    for name, ways in networks(options.only):
        ways = [way for way in ways if re.search(options.exports, way)]
        if re.search(options.families, name) and ways:
            sweep(options, results, stir, name, ways)
    stir.stop()
    rows = table(results)
    count(rows[1:])
    if options.table:
        with options.table.open("w", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)


if __name__ == "__main__":
    main()
