"""Writes two compressed copies of a network of the demo: python compress.py DEMO

DEMO is the folder of the demo. Needs numpy and onnx. Writes vgg-8bit.onnx, whose weights have 8 bits and a scale per output
channel, and vgg-pruned.onnx, in which the smallest three quarters of the weights of each layer are 0, into this folder.
"""

import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import helper, numpy_helper

HERE = Path(__file__).resolve().parent
PRUNED = 0.75


def weights(model):
    return [each for each in model.graph.initializer if each.name.endswith(".weight")]


def pruned(model):
    for weight in weights(model):
        values = numpy_helper.to_array(weight).copy()
        values[np.abs(values) < np.quantile(np.abs(values), PRUNED)] = 0
        weight.CopyFrom(numpy_helper.from_array(values, weight.name))


def eight_bits(model):
    for weight in weights(model):
        values = numpy_helper.to_array(weight)
        scale = np.abs(values).max(axis=tuple(range(1, values.ndim))) / 127
        whole = np.round(values / scale.reshape(-1, *[1] * (values.ndim - 1))).astype(np.int8)
        model.graph.initializer.remove(weight)
        model.graph.initializer.extend(
            numpy_helper.from_array(array, weight.name + end)
            for array, end in [(whole, ".int8"), (scale.astype(np.float32), ".scale"), (np.zeros(len(scale), np.int8), ".zero")]
        )
        names = [weight.name + end for end in (".int8", ".scale", ".zero")]
        model.graph.node.insert(0, helper.make_node("DequantizeLinear", names, [weight.name], axis=0))


for name, change in [("vgg-8bit", eight_bits), ("vgg-pruned", pruned)]:
    model = onnx.load(Path(sys.argv[1]) / "vgg_gelu0.onnx")
    change(model)
    onnx.checker.check_model(model)
    onnx.save(model, HERE / f"{name}.onnx")
