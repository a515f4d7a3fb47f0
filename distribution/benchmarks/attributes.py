"""Operators of ONNX with one attribute, or a number among the data, at an extreme, opened many per process.

    python attributes.py FOLDER OPSETS COMMAND...

writes the files with the package onnx for each of OPSETS ("11,13,24"), runs COMMAND with the files, which prints a line
"opens NUMBER" before each and one after it (`java -cp 'distribution/target/modules/*'
distribution/benchmarks/OpenMany.java distribution/target/stir`), and prints those at which the process died, did not go
on in a minute, or ended with an exception that is none of Stir's. The others were refused, or ran. A file whose operator
or attribute the opset does not have counts like the others.
"""
import collections
import os
import queue
import subprocess
import sys
import threading

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper

HUGE = 2**31 - 1
NUMBERS = [-(2**63), -(2**31), -HUGE, -7, -1, 0, 3, 1000, HUGE, 2**40, 2**63 - 1]
IMAGE = [2, 4, 8, 8]


def weights(*dims):
    return numpy.random.RandomState(0).rand(*dims).astype("float32")


def cases():
    """Yields operator, shape of the input, further inputs, attributes, extremes by attribute, outputs."""
    lists = {"pads": 4, "strides": 2, "dilations": 2, "kernel_shape": 2}
    conv = {"pads": [1] * 4, "strides": [1, 1], "dilations": [1, 1], "kernel_shape": [3, 3], "group": 1}
    yield "Conv", IMAGE, [weights(4, 4, 3, 3)], conv, lists, 1
    yield "Conv", IMAGE, [weights(4, 2, 3, 3)], {**conv, "group": 2}, lists, 1
    yield "ConvTranspose", IMAGE, [weights(4, 4, 3, 3)], {**conv, "output_padding": [0, 0]}, {**lists, "output_padding": 2, "output_shape": 2}, 1
    pool = {"pads": [1] * 4, "strides": [1, 1], "dilations": [1, 1], "kernel_shape": [3, 3], "ceil_mode": 0}
    yield "MaxPool", IMAGE, [], {**pool, "storage_order": 0}, lists, 1
    yield "AveragePool", IMAGE, [], {**pool, "count_include_pad": 1}, lists, 1
    yield "LpPool", IMAGE, [], {**pool, "p": 2}, lists, 1
    yield "GlobalLpPool", IMAGE, [], {"p": 2}, {}, 1
    yield "LRN", IMAGE, [], {"size": 3}, {}, 1
    for operator in ("DepthToSpace", "SpaceToDepth"):
        yield operator, IMAGE, [], {"blocksize": 2}, {}, 1
    for operator in ("Softmax", "LogSoftmax", "Hardmax", "Flatten", "ArgMax", "LpNormalization"):
        yield operator, IMAGE, [], {"axis": 1}, {}, 1
    yield "LayerNormalization", IMAGE, [weights(8), weights(8)], {"axis": -1, "stash_type": 1}, {}, 1
    yield "GroupNormalization", IMAGE, [weights(4), weights(4)], {"num_groups": 2}, {}, 1
    yield "RMSNormalization", IMAGE, [weights(8)], {"axis": -1}, {}, 1
    yield "Concat", IMAGE, ["x"], {"axis": 1}, {}, 1
    yield "Split", IMAGE, [], {"axis": 1, "num_outputs": 2}, {}, 2
    yield "Gather", IMAGE, [numpy.array([0, 1])], {"axis": 1}, {}, 1
    yield "GatherElements", IMAGE, [numpy.zeros((2, 4, 8, 8), "int64")], {"axis": 1}, {}, 1
    yield "GatherND", IMAGE, [numpy.zeros((2, 1), "int64")], {"batch_dims": 0}, {}, 1
    yield "Transpose", IMAGE, [], {"perm": [0, 1, 3, 2]}, {"perm": 4}, 1
    yield "TopK", IMAGE, [numpy.array([2])], {"axis": 1}, {}, 2
    yield "ReduceMean", IMAGE, [numpy.array([1])], {"keepdims": 1}, {}, 1
    yield "Trilu", IMAGE, [numpy.int64(0)], {"upper": 1}, {}, 1
    yield "Attention", [2, 3, 8], ["x", "x"], {"q_num_heads": 2, "kv_num_heads": 2, "qk_matmul_output_mode": 0, "is_causal": 0}, {}, 1
    yield "RotaryEmbedding", [2, 3, 8], [weights(2, 3, 2), weights(2, 3, 2)], {"num_heads": 2, "rotary_embedding_dim": 4}, {}, 1
    yield "Col2Im", [2, 4, 49], [numpy.array([8, 8]), numpy.array([2, 2])], {"pads": [0] * 4, "strides": [1, 1], "dilations": [1, 1]}, lists, 1
    # inputs that act as attributes
    for operator, usual in (("Pad", [0] * 8), ("Tile", [1] * 4), ("Expand", [1] * 4), ("Reshape", [0, 4, 8, 8])):
        for number in NUMBERS:
            for position in (1, len(usual) - 1):
                value = list(usual)
                value[position] = number
                yield operator, IMAGE, [numpy.array(value)], {}, None, 1
    for number in NUMBERS:
        yield "Slice", IMAGE, [numpy.array([number]), numpy.array([4]), numpy.array([2])], {}, None, 1
        yield "Slice", IMAGE, [numpy.array([0]), numpy.array([4]), numpy.array([2]), numpy.array([number])], {}, None, 1
        yield "Unsqueeze", IMAGE, [numpy.array([number])], {}, None, 1
        yield "CumSum", IMAGE, [numpy.int64(number)], {}, None, 1
        yield "ReduceSum", IMAGE, [numpy.array([number])], {}, None, 1
        yield "Gather", IMAGE, [numpy.array([number])], {"axis": 1}, None, 1
        yield "TopK", IMAGE, [numpy.array([number])], {"axis": 1}, None, 2


DATA = [0, -1, 1, -(2**31), HUGE, -(2**63), 2**63 - 1]
REALS = [0.0, -1.0, float("nan"), float("inf"), -float("inf"), 3e38, -3e38]


def data():
    """Yields operator, the constants that it reads, attributes, outputs: extremes among the data."""
    for kind in ("int32", "int64"):
        usual = [n for n in DATA if -(2**31) <= n <= HUGE or kind == "int64"]
        for operator in ("Div", "Mod", "Pow", "Mul", "Max"):
            for one in usual:
                for other in usual:
                    yield operator, [numpy.array([one], kind), numpy.array([other], kind)], {}, 1
    for one in REALS:
        for other in REALS:
            values = [numpy.array([one], "float32"), numpy.array([other], "float32")]
            yield "Div", values, {}, 1
            yield "Pow", values, {}, 1
            yield "Mod", values, {"fmod": 1}, 1
            yield "Clip", ["x", *values], {}, 1
            yield "Range", [numpy.float32(one), numpy.float32(other), numpy.float32(1)], {}, 1
    for number in DATA:
        whole = numpy.int64(number)
        yield "SplitToSequence", ["x", whole], {"axis": 1}, 1
        yield "SplitToSequence", ["x", numpy.array([number, 1])], {"axis": 1}, 1
        yield "Trilu", ["x", whole], {"upper": 1}, 1
        yield "Trilu", ["x", whole], {"upper": 0}, 1
        yield "Range", [numpy.int64(0), numpy.int64(4), whole], {}, 1
        yield "Range", [whole, numpy.int64(4), numpy.int64(1)], {}, 1
        yield "OneHot", [numpy.array([number]), numpy.int64(4), numpy.array([0, 1], "float32")], {}, 1
        yield "GatherND", ["x", numpy.array([[number]])], {}, 1
        yield "ScatterND", ["x", numpy.array([[0, number]]), weights(1, 8, 8)], {}, 1
        yield "ScatterElements", ["x", numpy.full((1, 1, 1, 1), number), weights(1, 1, 1, 1)], {"axis": 1}, 1
        yield "Resize", ["x", numpy.zeros(0, "float32"), numpy.zeros(0, "float32"), numpy.array([1, 4, number, 8])], {}, 1
        yield "ConstantOfShape", [numpy.array([number])], {}, 1
        yield "EyeLike", [numpy.zeros((2, 2), "float32")], {"k": number}, 1
        yield "ReverseSequence", ["x", numpy.array([number])], {"batch_axis": 0, "time_axis": 1}, 1
        yield "NonMaxSuppression", [weights(1, 4, 4), weights(1, 1, 4), whole], {}, 1
    for number in REALS:
        yield "Resize", ["x", numpy.zeros(0, "float32"), numpy.array([1, 1, number, 1], "float32")], {}, 1


def variants():
    for operator, inputs, attributes, outputs in data():
        yield operator, IMAGE, ["", *inputs], attributes, outputs
    for operator, dims, inputs, usual, extremes, outputs in cases():
        if extremes is None:
            yield operator, dims, inputs, usual, outputs
            continue
        for name, value in usual.items():
            for number in NUMBERS:
                if isinstance(value, list):
                    for position in {0, len(value) - 1}:
                        changed = list(value)
                        changed[position] = number
                        yield operator, dims, inputs, {**usual, name: changed}, outputs
                else:
                    yield operator, dims, inputs, {**usual, name: number}, outputs
        for name, length in extremes.items():
            for other in (1, length + 1):
                yield operator, dims, inputs, {**usual, name: [1] * other}, outputs


def write(folder, opset):
    files = []
    for number, (operator, dims, inputs, attributes, outputs) in enumerate(variants()):
        names, constants = ["x"], []
        if inputs and isinstance(inputs[0], str) and inputs[0] == "":  # all that the operator reads follows
            names, inputs = [], inputs[1:]
        for index, value in enumerate(inputs):
            if isinstance(value, str):
                names.append(value)
            else:
                names.append(f"c{index}")
                constants.append(numpy_helper.from_array(numpy.asarray(value), f"c{index}"))
        results = [f"y{i}" for i in range(outputs)]
        nodes = [helper.make_node(operator, names, results, name="tested", **attributes)]
        if operator == "SplitToSequence":
            constants.append(numpy_helper.from_array(numpy.int64(0), "first"))
            nodes[0].output[0] = "all"
            nodes.append(helper.make_node("SequenceAt", ["all", "first"], results))
        elif "x" not in names:  # what the constants give is added to each row
            nodes[0].output[0] = "constant"
            nodes.append(helper.make_node("Cast", ["constant"], ["real"], to=TensorProto.FLOAT))
            nodes.append(helper.make_node("ReduceSum", ["real"], ["sum"], keepdims=0))
            nodes.append(helper.make_node("Add", ["x", "sum"], results))
        graph = helper.make_graph(
            nodes,
            "tested",
            [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n"] + dims[1:])],
            [helper.make_tensor_value_info("y0", TensorProto.FLOAT, None)],
            constants,
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=10)
        file = os.path.join(folder, f"{opset}.{number:04d}.{operator}.onnx")
        onnx.save(model, file)
        shown = [v.tolist() for v in inputs if not isinstance(v, str) and v.size < 10]
        files.append((file, f"{operator} {attributes} {shown}"))
    return files


def ends(command, files):
    """Yields the line of each file; a process that dies or hangs is followed by another for the rest."""
    done = 0
    while done < len(files):
        process = subprocess.Popen([*command, *files[done:]], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        lines = queue.Queue()
        reader = threading.Thread(target=lambda: ([lines.put(line) for line in process.stdout], lines.put("")))
        reader.start()
        opened = False
        while done < len(files):
            try:
                line = lines.get(timeout=60)
            except queue.Empty:
                process.kill()
                line = "hung"
            if line.startswith("opens "):
                opened = True
            elif line in ("", "hung"):
                if not opened:
                    sys.exit("the command does not start")
                yield line or f"died with {process.wait()}"
                done += 1
                break
            elif line.startswith(("refused", "computed", "raw")):
                yield line.strip()
                done += 1
        process.wait()
        reader.join()


def main(folder, opsets, *command):
    os.makedirs(folder, exist_ok=True)
    for opset in map(int, opsets.split(",")):
        files = write(folder, opset)
        counts = collections.Counter()
        for (file, text), end in zip(files, ends(command, [file for file, _ in files])):
            kind = end if end.startswith("died") else end.split()[0]
            counts[kind] += 1
            if kind not in ("refused", "computed"):
                print(os.path.basename(file), text, end, flush=True)
        print(f"opset {opset}: {len(files)} files:", ", ".join(f"{count} {kind}" for kind, count in counts.items()), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
