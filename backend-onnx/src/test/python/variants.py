"""Writes src/test/resources/variants: one small network in the forms in which networks are exported,
with PyTorch's representation and gradient, and models that are to be refused.

    python variants.py FOLDER        (torch 2.7, onnx, onnxscript, onnxruntime)
"""
import os
import sys

import numpy as np
import onnx
import onnxruntime.quantization as quantization
import torch
import torch.nn.functional as F
from onnx import TensorProto, helper, numpy_helper, parser, version_converter


class Tiny(torch.nn.Module):
    """A network of many operators, few weights and hardly any kinks."""

    def __init__(self, steps=True):
        super().__init__()
        self.steps = steps
        self.stem = torch.nn.Conv2d(3, 8, 3, stride=2, padding=1)
        self.norm = torch.nn.BatchNorm2d(8)
        self.grouped = torch.nn.Conv2d(8, 16, 3, groups=2)
        self.layer_norm = torch.nn.LayerNorm(64)
        self.drop = torch.nn.Dropout(0.5)
        self.dense = torch.nn.Linear(64, 12)
        self.classifier = torch.nn.Linear(12, 5)

    def forward(self, x):
        x = F.softplus(self.norm(self.stem(x)))
        x = F.max_pool2d(x, 2)
        x = F.pad(x, (1, 1, 1, 1))
        x = torch.sigmoid(self.grouped(x)) * 2
        x = F.interpolate(x, scale_factor=2, mode="nearest")
        if self.steps:
            even, odd = x[:, :8, 1:7, ::2], x[:, 8:, :6, 1::2]
        else:  # the same without steps, which slices have from opset 10 on
            even = x[:, :8, 1:7].index_select(3, torch.arange(0, 8, 2))
            odd = x[:, 8:, :6].index_select(3, torch.arange(1, 8, 2))
        x = torch.cat([even, odd.clamp(0.3, 1.9)], dim=1)
        x = F.avg_pool2d(x, (3, 2))
        x = x.view(x.size(0), -1)
        x = self.layer_norm(x)
        x = self.drop(x)
        x = x - x.mean(dim=1, keepdim=True) + F.softmax(x, dim=1)
        return self.classifier(torch.tanh(self.dense(x)))


def tiny(steps=True):
    torch.manual_seed(3)
    model = Tiny(steps).eval()
    model.norm.running_mean.uniform_(-0.5, 0.5)
    model.norm.running_var.uniform_(0.5, 2)
    model.norm.weight.data.uniform_(0.5, 2)
    return model


def reference(model, x, c):
    kept = []
    handle = model.classifier.register_forward_pre_hook(lambda m, i: kept.append(i[0]))
    x = x.clone().requires_grad_(True)
    model(x)
    handle.remove()
    (kept[0] * c).sum().backward()
    return kept[0].detach().float().numpy(), x.grad.float().numpy()


def script(model, x, path, opset, free=True):
    axes = {"input": {0: "n"}} if free else None
    torch.onnx.export(model, (x,), path, opset_version=opset, input_names=["input"],
                      output_names=["output"], dynamic_axes=axes, dynamo=False)


def main(folder):
    os.makedirs(folder, exist_ok=True)
    name = lambda n: os.path.join(folder, n + ".onnx")
    generator = torch.Generator().manual_seed(4)
    x = torch.rand(5, 3, 16, 16, generator=generator)
    c = torch.randn(5, 12, generator=generator)
    model = tiny()
    h, g = reference(model.double(), x.double(), c.double())
    rounded = tiny().half().float()
    half_h, half_g = reference(rounded, x, c)
    np.savez(os.path.join(folder, "variants.ref.npz"), x=x.numpy(), c=c.numpy(), h=h, g=g, half_h=half_h, half_g=half_g)
    model = tiny()
    for opset in (9, 11, 13, 17, 20):
        script(tiny(steps=opset > 9), x, name(f"script{opset}"), opset)
    script(model, x[:2], name("fixed2"), 17, free=False)
    torch.onnx.export(model, (x,), dynamo=True, external_data=False, verbose=False,
                      dynamic_shapes=({0: torch.export.Dim("n", max=1024)},)).save(name("dynamo"))
    plain = onnx.load(name("script17"))
    newest = version_converter.convert_version(onnx.load(name("script20")), 23)
    newest.ir_version = 10
    onnx.save(newest, name("version23"))
    onnx.save(plain, name("external"), save_as_external_data=True, location="external.bin", size_threshold=64)
    script(tiny().half(), x.half(), name("half"), 17)

    # The dense layers as a function of the model's own, with an attribute.
    function = parser.parse_function("""
        <opset_import: ["" : 17], domain: "own">
        Dense <scale> (x, w, b) => (y) { t = Gemm <transB = 1, alpha: float = @scale> (x, w, b)  y = Identity (t) }""")
    with_function = onnx.load(name("script17"))
    for node in with_function.graph.node:
        if node.op_type == "Gemm":
            node.op_type, node.domain = "Dense", "own"
            del node.attribute[:]
            node.attribute.append(helper.make_attribute("scale", 1.0))
    with_function.functions.append(function)
    with_function.opset_import.append(helper.make_opsetid("own", 1))
    onnx.save(with_function, name("function"))

    control(name)
    counted(name)
    scan(name)
    lstm(name)

    class Samples(quantization.CalibrationDataReader):
        def __init__(self):
            self.left = [{"input": x.numpy()}]

        def get_next(self):
            return self.left.pop() if self.left else None

    quantization.quantize_static(name("script17"), name("quantised"), Samples())
    for left in os.listdir(folder):
        if left.endswith(".tmp") or "augment" in left:
            os.remove(os.path.join(folder, left))


def control(name):
    """y = 3 rounds of x * w + 1 where a shape selects the branch; and one where x does."""
    text = """
        <ir_version: 8, opset_import: ["" : 17]>
        g (float[n, 4] input) => (float[n, 4] output)
        <float[4] w = {0.5, -1.5, 2.0, 1.25}, int64 two = {2}, int64 rounds = {3}, bool on = {1}, float one = {1.0}, float zero = {0.0}>
        {
            rank = Shape (input)
            size = Size (rank)
            flat = Equal (size, two)
            hidden = If (flat) <
                then_branch = t () => (float[n, 4] a) {
                    first, all = Loop (rounds, on, input) <
                        body = b (int64 i, bool keep, float[n, 4] state) => (bool still, float[n, 4] next, float[n, 4] seen) {
                            still = Identity (keep)
                            m = Mul (state, w)
                            next = Add (m, one)
                            seen = Tanh (next)
                        }
                    >
                    axes = Constant <value_ints = [0]> ()
                    sum = ReduceSum <keepdims = 0> (all, axes)
                    a = Add (first, sum)
                },
                else_branch = e () => (float[n, 4] b2) { b2 = Neg (input) }
            >
            output = Sigmoid (hidden)
        }"""
    onnx.save(parser.parse_model(text), name("control"))
    text = """
        <ir_version: 8, opset_import: ["" : 17]>
        g (float[n, 4] input) => (float[n, 4] output)
        <float zero = {0.0}>
        {
            before = Tanh (input)
            total = ReduceSum <keepdims = 0> (before)
            positive = Greater (total, zero)
            hidden = If (positive) <
                then_branch = t () => (float[n, 4] a) { a = Exp (before) },
                else_branch = e () => (float[n, 4] b) { b = Neg (before) }
            >
            output = Sigmoid (hidden)
        }"""
    onnx.save(parser.parse_model(text), name("undecided"))


def counted(name):
    """The same rounds as those of control, in a loop that ends by its own condition; its nodes have names."""
    text = """
        <ir_version: 8, opset_import: ["" : 17]>
        g (float[n, 4] input) => (float[n, 4] output)
        <float[4] w = {0.5, -1.5, 2.0, 1.25}, int64 zero = {0}, int64 three = {3}, bool on = {1}, float one = {1.0}>
        {
            last, first, all = Loop (, on, zero, input) <
                body = b (int64 i, bool keep, int64 count, float[n, 4] state)
                        => (bool still, int64 more, float[n, 4] next, float[n, 4] seen) {
                    step = Constant <value_int = 1> ()
                    more = Add (count, step)
                    still = Less (more, three)
                    m = Mul (state, w)
                    next = Add (m, one)
                    seen = Tanh (next)
                }
            >
            axes = Constant <value_ints = [0]> ()
            sum = ReduceSum <keepdims = 0> (all, axes)
            a = Add (first, sum)
            output = Sigmoid (a)
        }"""
    model = parser.parse_model(text)
    loop = model.graph.node[0]
    loop.name = "loop"
    for node in loop.attribute[0].g.node:
        node.name = node.output[0]
    onnx.save(model, name("counted"))


def scan(name):
    """state = state * w + x, from the last x to the first, and all its tanh in the order of computation."""
    text = """
        <ir_version: 8, opset_import: ["" : 17]>
        g (float[n, 3, 4] input) => (float[n, 3, 4] output)
        <float[4] w = {0.5, -1.5, 2.0, 1.25}>
        {
            mean = ReduceMean <axes = [1], keepdims = 0> (input)
            last, seen = Scan <num_scan_inputs = 1, scan_input_axes = [1], scan_input_directions = [1], scan_output_axes = [1],
                body = b (float[n, 4] state, float[n, 4] x) => (float[n, 4] next, float[n, 4] out) {
                    m = Mul (state, w)
                    next = Add (m, x)
                    out = Tanh (next)
                }
            > (mean, input)
            axes = Constant <value_ints = [1]> ()
            row = Unsqueeze (last, axes)
            output = Add (seen, row)
        }"""
    onnx.save(parser.parse_model(text), name("scan"))


def lstm(name):
    torch.manual_seed(5)

    class Recurrent(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.before = torch.nn.Linear(3, 4)
            self.rnn = torch.nn.LSTM(4, 4, batch_first=True)
            self.classifier = torch.nn.Linear(4, 2)

        def forward(self, x):
            return self.classifier(self.rnn(torch.tanh(self.before(x)))[0][:, -1])

    torch.onnx.export(Recurrent().eval(), (torch.rand(2, 6, 3),), name("lstm"), opset_version=17,
                      input_names=["input"], output_names=["output"], dynamic_axes={"input": {0: "n"}}, dynamo=False)


if __name__ == "__main__":
    main(sys.argv[1])
