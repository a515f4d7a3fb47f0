"""Judges numbers of mutants that Stir has computed, by ONNX Runtime without its optimisations or onnx's reference evaluator, PyTorch or TensorFlow.

    mvn test -pl backend-onnx -am -Dtest=MutantsTest -Dstir.mutants=100 -Dstir.mutants.kept=FOLDER
    python distribution/benchmarks/mutants.py FOLDER

Each mutant lies in a folder of its own with the layer, the inputs and the values of the end of the network. Those that
the judge cannot read, or whose last layer is not its output, are counted and not judged. Ends with 1 if numbers differ.
"""

import collections
import json
import pathlib
import re
import sys

import numpy


def array(text):
    shape, _, values = text.partition(" ")
    return numpy.array(json.loads(values), "float32").reshape([int(size) for size in shape.split("x") if size])


def by_onnx(file, layer, inputs):
    import onnx
    import onnxruntime
    from onnx.reference import ReferenceEvaluator

    model = onnx.load(file)
    if layer in [value for node in model.graph.node for value in node.output]:
        del model.graph.output[:]
        model.graph.output.append(onnx.ValueInfoProto(name=layer))
    constants = {tensor.name for tensor in model.graph.initializer}
    name = next(value.name for value in model.graph.input if value.name not in constants)
    try:
        plain = onnxruntime.SessionOptions()
        plain.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        return onnxruntime.InferenceSession(model.SerializeToString(), plain).run(None, {name: inputs})[0]
    except Exception:  # Stir removes nodes that the runtime refuses
        return ReferenceEvaluator(model).run(None, {name: inputs})[0]


def by_torch(file, layer, inputs):
    import torch

    with torch.no_grad():
        model = torch.export.load(file).module() if file.suffix == ".pt2" else torch.jit.load(file)
        return model(torch.from_numpy(inputs)).numpy()


def by_tensorflow(file, layer, inputs):
    import tensorflow

    if file.is_dir():
        signature = tensorflow.saved_model.load(str(file)).signatures["serving_default"]
        name = next(iter(signature.structured_input_signature[1]))
        return next(iter(signature(**{name: inputs}).values())).numpy()
    graph = tensorflow.compat.v1.GraphDef.FromString(file.read_bytes())
    with tensorflow.Graph().as_default() as opened:
        tensorflow.import_graph_def(graph, name="")
        name = next(node.name for node in graph.node if node.op == "Placeholder")
        ends = [node.name for node in graph.node if re.search(rf"(^|/){re.escape(layer)}(_\d+)?(/|$)", node.name)]
        with tensorflow.compat.v1.Session(graph=opened) as session:
            return session.run(ends[-1] + ":0", {name + ":0": inputs})


def judged(folder):
    file = next(path for path in folder.iterdir() if path.name not in ("layer.txt", "inputs.txt", "values.txt"))
    layer = (folder / "layer.txt").read_text()
    inputs, values = (array((folder / name).read_text()) for name in ("inputs.txt", "values.txt"))
    judge = {".onnx": by_onnx, ".pt": by_torch, ".pt2": by_torch}.get(file.suffix, by_tensorflow)
    try:
        expected = numpy.asarray(judge(file, layer, inputs), "float32")
    except Exception as e:  # whatever the judge can't read
        return "not judged", f"{type(e).__name__}: {str(e)[:100]}"
    if expected.size != values.size:
        return "not judged", f"{layer} is not the output"
    difference = numpy.abs(expected.ravel() - values.ravel()).max() / max(1e-6, numpy.abs(expected).max())
    return ("same" if difference < 1e-3 else "DIFFERENT"), f"{layer}: {difference:.2g}"


counts = collections.Counter()
for folder in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    verdict, text = judged(folder)
    counts[verdict] += 1
    if verdict != "same":
        print(folder.name, verdict, text.replace("\n", " "), flush=True)
print(dict(counts))
sys.exit(1 if counts["DIFFERENT"] else 0)
