"""Scores networks whose answer is known, and compares STIR with the closed form.

Usage: python known.py FOLDER STIR    (needs NumPy and onnx; STIR is the program, such as bin/stir)

All networks are linear, h = W x. With white inputs, and seeds from other inputs, the metamers of m are
x' = P x + (1 - P) x_other, where P projects on the rows of m. So t(X) and t(X') have the linear CKA

    STIR(t | m) = ||T P T'||^2 / ||T T'||^2     (Frobenius norms)

in expectation: how much of t's representation survives the changes that m ignores.
"""

import csv
import pathlib
import subprocess
import sys

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper

SIDE = 10
PIXELS = SIDE * SIDE
INPUTS = 100
SEARCHES = ("fast", "thorough")
SAMPLES = (1, 2, 3)
COLUMNS = ("network", "reference", "search", "inputs", "sample", "known", "stir", "low", "high", "shared_metamers")
COLUMNS += ("similarity", "residual", "accepted", "verdict")


def network(name, weights):
    """Returns a network of one linear layer, `h`, and three arbitrary outputs after it."""
    head = numpy.random.default_rng(5).normal(size=(3, len(weights)))
    constants = [
        numpy_helper.from_array(weights.astype("f4"), "W"),
        numpy_helper.from_array(head.astype("f4"), "C"),
    ]
    channels = weights.shape[1] // PIXELS
    image = helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", channels, SIDE, SIDE])
    nodes = [
        helper.make_node("Flatten", ["x"], ["f"]),
        helper.make_node("Gemm", ["f", "W"], ["h"], transB=1),
        helper.make_node("Gemm", ["h", "C"], ["y"], transB=1),
    ]
    outputs = [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", 3])]
    graph = helper.make_graph(nodes, name, [image], outputs, constants)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def cosines(frequencies):
    """Returns a low-pass filter: the lowest frequencies of the cosine transform in each direction."""
    place = (numpy.arange(SIDE) + 0.5) / SIDE
    waves = numpy.cos(numpy.pi * numpy.outer(numpy.arange(frequencies), place))
    waves /= numpy.linalg.norm(waves, axis=1, keepdims=True)
    return numpy.einsum("ai,bj->abij", waves, waves).reshape(-1, PIXELS)


def networks():
    """Returns the weights of all networks, and the pairs of target and reference to score."""
    rows = numpy.linalg.qr(numpy.random.default_rng(7).normal(size=(PIXELS, PIXELS)))[0]
    power = (1 + numpy.arange(20)) ** -0.5
    weights = {"m": rows[:20], "power-m": power[:, None] * rows[:20]}
    pairs = []
    for common in (0, 5, 10, 15, 20):
        # Spread over the spectrum, so that strong and weak rows are among the common ones.
        chosen = rows[50:70].copy()
        places = numpy.linspace(0, 19, common).round().astype(int)
        chosen[places] = rows[places]
        weights[f"common-{common}"] = chosen
        weights[f"power-{common}"] = power[:, None] * chosen
        pairs += [(f"common-{common}", "m"), (f"power-{common}", "power-m")]
    for frequencies in (4, 6, 8):
        weights[f"low-pass-{frequencies}"] = cosines(frequencies)
    pairs += [(f"low-pass-{a}", f"low-pass-{b}") for a in (4, 6, 8) for b in (4, 6, 8) if a != b]
    flip = rows[:20].reshape(-1, SIDE, SIDE)[:, :, ::-1].reshape(-1, PIXELS)
    weights["mirrored"] = (rows[:20] + flip) / 2
    pairs += [("m", "mirrored"), ("mirrored", "m")]
    colours = numpy.linalg.qr(numpy.random.default_rng(8).normal(size=(3 * PIXELS, 3 * PIXELS)))[0][:30]
    grey = numpy.concatenate([rows[:30]] * 3, axis=1) / 3
    weights["colour"] = numpy.concatenate([colours, grey])
    weights["colour-blind"] = grey
    pairs += [("colour", "colour-blind"), ("colour-blind", "colour")]
    return weights, pairs


def known(target, reference):
    """Returns the closed form."""
    basis = numpy.linalg.svd(reference, full_matrices=False)[2][: numpy.linalg.matrix_rank(reference)]
    kept = target @ basis.T
    return numpy.linalg.norm(kept @ kept.T) ** 2 / numpy.linalg.norm(target @ target.T) ** 2


def scores(folder, stir):
    """Yields a row of the table per score, of one study per sample and number of channels."""
    weights, pairs = networks()
    for name, matrix in weights.items():
        onnx.save(network(name, matrix), folder / f"{name}.onnx")
    for channels in (1, 3):
        chosen = [pair for pair in pairs if weights[pair[0]].shape[1] == channels * PIXELS]
        names = sorted({name for pair in chosen for name in pair})
        for sample in SAMPLES:
            inputs = 0.5 + 0.04 * numpy.random.default_rng(sample).normal(size=(INPUTS, channels, SIDE, SIDE))
            numpy.save(folder / f"x{channels}-{sample}.npy", inputs.astype("f4"))
            lines = ["models:"]
            lines += [f"  - {{name: {name}, file: {name}.onnx, layers: [h]}}" for name in names]
            lines += [f"inputs: x{channels}-{sample}.npy", "measures: [linear-cka-debiased]", "search:"]
            lines += [
                f"  - {{name: {search}, optimizer: {search}, seed: other-input, rng-seed: {sample}}}"
                for search in SEARCHES
            ]
            lines += ["pairs:"]
            lines += [f"  - {{target: {target}, reference: {reference}}}" for target, reference in chosen]
            study = folder / f"study-{channels}-{sample}.yaml"
            study.write_text("\n".join(lines) + "\n")
            out = folder / f"result-{channels}-{sample}"
            subprocess.run([stir, "matrix", study, "--out", out, "--quiet"], check=True, stdout=subprocess.DEVNULL)
            with open(out / "results.csv", newline="") as file:
                for found in csv.DictReader(file):
                    if found["target"] != found["reference"]:
                        expected = known(weights[found["target"]], weights[found["reference"]])
                        yield row(sample, expected, found)


def row(sample, expected, found):
    """Returns the columns of one score."""
    names = ("stir", "low", "high", "shared_metamers", "similarity")
    numbers = [f"{expected:.4f}"] + [found[name] and f"{float(found[name]):.4f}" for name in names]
    residual = f"{float(found['residual']):.5f}"
    return (
        found["target"],
        found["reference"],
        found["search"],
        INPUTS,
        sample,
        *numbers,
        residual,
        f"{float(found['accepted']):.2f}",
        found["verdict"],
    )


def figure(table):
    """Returns the picture: STIR by the known value, one dot per score."""
    size, edge = 300, 40
    colours = {"fast": "#0072b2", "thorough": "#d55e00"}
    place = lambda value: edge + size * value  # noqa: E731
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size + 2 * edge} {size + 2 * edge}"'
        ' font-family="sans-serif" font-size="12" role="img">',
        "<title>STIR of linear networks by its known value</title>",
        f'<rect width="100%" height="100%" fill="#fff"/><path d="M{edge} {edge}V{edge + size}H{edge + size}'
        f'M{edge} {edge + size}L{edge + size} {edge}" fill="none" stroke="#888"/>',
    ]
    for tick in (0, 0.25, 0.5, 0.75, 1):
        parts.append(f'<text x="{place(tick)}" y="{edge + size + 16}" text-anchor="middle">{tick:g}</text>')
        parts.append(f'<text x="{edge - 6}" y="{place(1 - tick) + 4}" text-anchor="end">{tick:g}</text>')
    for line in table:
        x, y = place(float(line[5])), place(1 - float(line[6]))
        shift = 2 if line[2] == "fast" else -2
        parts.append(f'<circle cx="{x + shift:.1f}" cy="{y:.1f}" r="3" fill="{colours[line[2]]}" fill-opacity=".6"/>')
    for i, (search, colour) in enumerate(colours.items()):
        parts.append(f'<text x="{edge + 12}" y="{edge + 16 + 16 * i}" fill="{colour}">{search}</text>')
    parts.append(f'<text x="{edge + size / 2}" y="{size + 2 * edge - 6}" text-anchor="middle">known value</text>')
    parts.append(f'<text x="12" y="{edge - 14}">STIR</text></svg>')
    return "\n".join(parts) + "\n"


def summary(table):
    """Returns the mean and largest error of each search."""
    lines = []
    for search in SEARCHES:
        errors = [float(line[6]) - float(line[5]) for line in table if line[2] == search]
        residual = numpy.mean([float(line[11]) for line in table if line[2] == search])
        lines.append(
            f"{search}: {len(errors)} scores, mean error {numpy.mean(errors):+.3f},"
            f" largest {max(errors, key=abs):+.3f}, mean residual {residual:.4f}"
        )
    return lines


def main():
    folder, stir = pathlib.Path(sys.argv[1]), sys.argv[2]
    folder.mkdir(parents=True, exist_ok=True)
    table = list(scores(folder, stir))
    with open(folder / "known.csv", "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(table)
    (folder / "known.svg").write_text(figure(table))
    print("\n".join(summary(table)))


if __name__ == "__main__":
    main()
