"""Writes networks that never come back, one for each backend.

    python endless.py torch|onnx|tensorflow ../resources/endless

Each takes digits of 1 x 28 x 28 and has a loop whose condition holds for whatever values. Made with PyTorch 2.15, ONNX 1.23 and
TensorFlow 2.21; backend-djl/src/test/python/strip_archives.py took the records for debugging out.
"""

import os
import sys

kind, folder = sys.argv[1:]


def torch():
    import torch

    class Endless(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.head = torch.nn.Linear(3, 2)

        def forward(self, x):
            x = x.flatten(1)[:, :3]
            while bool(x.abs().sum() >= 0):
                x = torch.tanh(x)
            return self.head(x)

    torch.manual_seed(0)
    torch.jit.script(Endless().eval()).save(os.path.join(folder, "network.pt"))


def onnx():
    import onnx
    from onnx import parser

    text = """
        <ir_version: 8, opset_import: ["" : 17]>
        g (float[2, 1, 28, 28] input) => (float[2, 2] output)
        <float zero = {0.0}, bool on = {1}, float[3, 2] w = {1, 2, 3, 4, 5, 6},
         int64[1] three = {3}, int64[1] z = {0}, int64[1] one = {1}, int64[2] rows = {2, 3}>
        {
            flat = Flatten (input)
            few = Slice (flat, z, three, one)
            hidden = Loop (, on, few) <
                body = b (int64 i, bool keep, float[2, 3] state) => (bool still, float[2, 3] next) {
                    next = Tanh (state)
                    size = Abs (next)
                    sum = ReduceSum <keepdims = 0> (size)
                    still = GreaterOrEqual (sum, zero)
                }
            >
            vectors = Reshape (hidden, rows)
            output = MatMul (vectors, w)
        }"""
    onnx.save(parser.parse_model(text), os.path.join(folder, "network.onnx"))


def tensorflow():
    import tensorflow as tf
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

    @tf.function(input_signature=[tf.TensorSpec((None, 28, 28, 1), tf.float32)])
    def network(input):
        x = tf.reshape(input, (-1, 784))[:, :3]
        (x,) = tf.while_loop(
            lambda y: tf.reduce_sum(tf.abs(y)) >= 0,
            lambda y: (tf.tanh(y),),
            (x,),
            shape_invariants=(tf.TensorShape((None, 3)),),
        )
        return tf.matmul(x, tf.constant([[1.0, 2], [3, 4], [5, 6]]), name="output")

    frozen = convert_variables_to_constants_v2(network.get_concrete_function(), lower_control_flow=False)
    with open(os.path.join(folder, "network.pb"), "wb") as file:
        file.write(frozen.graph.as_graph_def().SerializeToString(deterministic=True))


{"torch": torch, "onnx": onnx, "tensorflow": tensorflow}[kind]()
