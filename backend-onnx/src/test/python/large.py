"""A model of more than 2 GB with external data: writes it, hooks it and checks the gradient.

    python large.py CLASSPATH [--folder DIR] [--gigabytes 2.4]

The network is x + sum over i of tanh(x A_i) B_i, whose gradient NumPy computes. Prints the sizes, the
relative errors of representation and gradient, and the most memory that the Java process had.
"""
import argparse
import os
import resource
import subprocess

import numpy as np
import onnx
from onnx import TensorProto, helper

WIDTH, HIDDEN = 4096, 32768


def write(folder, blocks):
    """Writes the weights directly to the file, without protobuf."""
    rng = np.random.default_rng(0)
    tensors, nodes, weights, offset = [], [], [], 0
    with open(os.path.join(folder, "large.bin"), "wb") as file:
        for i in range(blocks):
            for name, shape, size in ((f"a{i}", (WIDTH, HIDDEN), WIDTH), (f"b{i}", (HIDDEN, WIDTH), HIDDEN)):
                values = rng.standard_normal(shape, dtype=np.float32) / np.float32(np.sqrt(size))
                file.write(values.tobytes())
                tensor = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=shape, data_location=TensorProto.EXTERNAL)
                for key, value in (("location", "large.bin"), ("offset", offset), ("length", values.nbytes)):
                    tensor.external_data.add(key=key, value=str(value))
                offset += values.nbytes
                tensors.append(tensor)
                weights.append(values)
            nodes += [helper.make_node("MatMul", ["x" if i == 0 else f"y{i - 1}", f"a{i}"], [f"h{i}"]),
                      helper.make_node("Tanh", [f"h{i}"], [f"t{i}"]),
                      helper.make_node("MatMul", [f"t{i}", f"b{i}"], [f"m{i}"]),
                      helper.make_node("Add", ["x" if i == 0 else f"y{i - 1}", f"m{i}"], [f"y{i}"])]
    graph = helper.make_graph(nodes, "large", [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", WIDTH])],
                              [helper.make_tensor_value_info(f"y{blocks - 1}", TensorProto.FLOAT, ["n", WIDTH])], tensors)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.save(model, os.path.join(folder, "large.onnx"))
    return weights, offset


def expected(weights, x, c):
    states, tanhs = [x], []
    for a, b in zip(weights[::2], weights[1::2]):
        tanhs.append(np.tanh(states[-1] @ a))
        states.append(states[-1] + tanhs[-1] @ b)
    for a, b, t in reversed(list(zip(weights[::2], weights[1::2], tanhs))):
        c = c + (c @ b.T * (1 - t * t)) @ a.T
    return states[-1], c


def error(found, reference):
    return float(np.linalg.norm(found.astype(np.float64) - reference) / np.linalg.norm(reference))


def run(options, *arguments):
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    subprocess.run(["java", "-Xmx512m", "-cp", options.classpath, "stir.backend.onnx.PassRunner", *arguments], check=True)
    return max(before, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 2 ** 20


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("classpath")
    arguments.add_argument("--folder", default="large")
    arguments.add_argument("--gigabytes", type=float, default=2.4)
    options = arguments.parse_args()
    os.makedirs(options.folder, exist_ok=True)
    place = lambda name: os.path.join(options.folder, name)
    blocks = int(np.ceil(options.gigabytes * 2 ** 30 / (8 * WIDTH * HIDDEN)))
    weights, size = write(options.folder, blocks)
    rng = np.random.default_rng(1)
    x, c = (rng.standard_normal((3, WIDTH), dtype=np.float32) for _ in range(2))
    x.tofile(place("x"))
    c.tofile(place("c"))
    y, g = expected(weights, x, c)
    del weights
    layer = f"y{blocks - 1}"
    forward = run(options, "represent", place("large.onnx"), layer, str(WIDTH), "2", place("x"), place("y"))
    backward = run(options, "pullback", place("large.onnx"), layer, str(WIDTH), "2", place("x"), place("c"), place("g"))
    print(f"weights {size / 2 ** 30:.2f} GiB; representation: error {error(np.fromfile(place('y'), np.float32).reshape(y.shape), y):.1e}, "
          f"most memory {forward:.1f} GiB; gradient: error {error(np.fromfile(place('g'), np.float32).reshape(g.shape), g):.1e}, "
          f"most memory {backward:.1f} GiB (the mapped file counts)")


if __name__ == "__main__":
    main()
