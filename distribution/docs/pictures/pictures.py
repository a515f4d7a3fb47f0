"""Draws the pictures of the documentation: python pictures.py STIR

STIR is the folder of an unpacked distribution with all backends. The scores are those of start.md and
interpretation.md; they are computed in a temporary folder, which takes some minutes. Needs Python alone.
"""

import array
import ast
import base64
import json
import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import zlib
from html import escape

HERE = pathlib.Path(__file__).parent
DIGITS = "demo/mnist500-images-idx3-ubyte"
FONT = 'font-family="system-ui, sans-serif"'
INK, GREY, BLUE, ORANGE, GREEN = "#222222", "#8a8a8a", "#0072b2", "#d55e00", "#009e73"

# The scores: their arguments. The second network given the first is drawn.
SCORES = {
    "better": "demo/resnet_gelu0.onnx demo/resnet_gelu1.onnx --limit 40 --optimizer fast --iterations 200",
    "shared": "examples/networks/half-a.pt examples/networks/half-b.pt --limit 36 --optimizer fast",
    "chance": "examples/networks/transformer0.pt demo/vgg_gelu0.onnx --limit 40 --optimizer fast",
    "short": "demo/resnet_gelu0.onnx demo/resnet_gelu1.onnx --limit 40 --optimizer published --iterations 20",
    "nothing": "demo/vgg_gelu0.onnx demo/vgg_gelu1.onnx --limit 10 --layer features.conv1_1 --optimizer fast",
}
SHOWN = [0, 1, 3, 4]  # the inputs in pictures
CASES = {
    "shared": "Nearly all: STIR is near the ceiling and above S(X, X')",
    "chance": "Little: STIR is near the floor, by a narrow interval",
    "short": "Not converged: too few searches found an accepted input",
    "nothing": "Nothing to ignore: X' is X",
}


def images(file):
    """Returns the images of an array of N x 1 x height x width, each as rows of values from 0 to 1."""
    content = file.read_bytes()
    (length,) = struct.unpack_from("<H", content, 8)
    header = ast.literal_eval(content[10 : 10 + length].decode("latin-1"))
    assert header["descr"] == "<f4" and not header["fortran_order"], header
    count, _, height, width = header["shape"]
    values = array.array("f", content[10 + length :])
    return [
        [values[(i * height + y) * width : (i * height + y + 1) * width] for y in range(height)] for i in range(count)
    ]


def png(rows):
    """Returns grey values as the address of a picture within a page."""
    data = b"".join(b"\0" + bytes(min(255, max(0, round(255 * value))) for value in row) for row in rows)

    def chunk(name, content):
        body = name + content
        return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", len(rows[0]), len(rows), 8, 0, 0, 0, 0)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(data, 9)) + chunk(b"IEND", b"")
    return "data:image/png;base64," + base64.b64encode(b"\x89PNG\r\n\x1a\n" + parts).decode()


def image(rows, x, y, size):
    return (
        f'<image x="{x}" y="{y}" width="{size}" height="{size}" style="image-rendering:pixelated" href="{png(rows)}"/>'
        f'<rect x="{x}" y="{y}" width="{size}" height="{size}" fill="none" stroke="{GREY}"/>'
    )


def text(words, x, y, size=14, colour=INK, anchor="start", weight="normal"):
    return (
        f'<text x="{x}" y="{y}" font-size="{size}" fill="{colour}" text-anchor="{anchor}" font-weight="{weight}">'
        f"{escape(words)}</text>"
    )


def line(x1, y1, x2, y2, colour=INK, width=1.5, more=""):
    return f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{colour}" stroke-width="{width}" {more}/>'


def arrow(x1, y1, x2, y2, more=""):
    return line(x1, y1, x2, y2, INK, 1.5, f'marker-end="url(#head)" {more}')


def save(name, width, height, title, parts, background="#ffffff"):
    """Writes a picture on white, unless another background is given, so that it can also be read on a dark page."""
    (HERE / name).write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" {FONT}>\n<title>{escape(title)}</title>\n'
        '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
        f'<path d="M0,0 L8,4 L0,8 z" fill="{INK}"/></marker></defs>\n'
        f'<rect width="{width}" height="{height}" rx="8" fill="{background}"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def box(words, x, y, colour):
    return (
        f'<path d="M{x},{y - 34} L{x + 96},{y - 20} L{x + 96},{y + 20} L{x},{y + 34} z" fill="{colour}" fill-opacity="0.12" '
        f'stroke="{colour}" stroke-width="1.5"/>' + text(words, x + 48, y + 5, 14, colour, "middle", "bold")
    )


def bars(x, y, heights, colour):
    """A representation: one bar per unit."""
    return "".join(
        f'<rect x="{x + 9 * i}" y="{y - h}" width="6" height="{2 * h}" fill="{colour}"/>' for i, h in enumerate(heights)
    )


def method(folder):
    """The method: the search on the reference, and the comparison by the target."""
    reference = json.loads((folder / "result.json").read_text())["networks"][0]["name"]
    digit, found = images(folder / "inputs.npy")[3], images(folder / f"invariant-{reference}.npy")[3]
    same, moved = [8, 18, 5, 13, 20], [17, 6, 20, 9, 4]
    parts = [
        text("1  Search: X' looks like X to the reference m", 20, 28, 15, weight="bold"),
        text("2  Score: the target t compares both", 400, 28, 15, weight="bold"),
        image(digit, 20, 50, 84),
        text("X", 62, 152, 14, anchor="middle"),
        image(found, 20, 170, 84),
        text("X'", 62, 272, 14, anchor="middle"),
    ]
    for y, heights, other in [(92, same, same), (212, same, moved)]:
        parts += [
            arrow(112, y, 142, y),
            box("m", 146, y, BLUE),
            arrow(246, y, 272, y),
            bars(278, y, heights, BLUE),
            arrow(430, y, 462, y),
            box("t", 466, y, ORANGE),
            arrow(566, y, 592, y),
            bars(598, y, other, ORANGE),
        ]
    parts += [
        text("=", 298, 158, 26, BLUE, "middle", "bold"),
        f'<path d="M300,246 C300,300 110,310 66,284" fill="none" stroke="{INK}" stroke-width="1.5" '
        'stroke-dasharray="5 4" marker-end="url(#head)"/>',
        text("gradient steps on the pixels, from noise", 196, 312, 13, GREY, "middle"),
        image(digit, 384, 70, 42),
        image(found, 384, 190, 42),
        text("S( t(X), t(X') )", 618, 158, 16, ORANGE, "middle", "bold"),
        text("near the ceiling: t ignores what m ignores", 560, 290, 13, GREY, "middle"),
        text("near the floor: t tells X and X' apart", 560, 308, 13, GREY, "middle"),
    ]
    save(
        "method.svg",
        720,
        326,
        "Stir searches, from noise, for an input X' that the reference m represents as it represents X. The score is the"
        " similarity of X and X' in the representation of the target t.",
        parts,
    )


def case(name, folder):
    """One case: inputs next to their invariant inputs, and the score between floor and ceiling."""
    result = json.loads((folder / "result.json").read_text())
    reference = result["networks"][0]["name"]
    score = next(one for one in result["directions"] if one["reference"] == reference)
    values, search = score["measures"][score["measure"]], score["search"]
    found, inputs = images(folder / f"invariant-{reference}.npy"), images(folder / "inputs.npy")
    parts = [text(CASES[name], 20, 28, 16, weight="bold"), text("X", 20, 78, 14), text("X'", 20, 146, 14)]
    for place, i in enumerate(SHOWN):
        parts += [image(inputs[i], 44 + 66 * place, 44, 58), image(found[i], 44 + 66 * place, 112, 58)]

    def at(value):
        return 356 + 300 * min(1, max(0, value))

    stir, ceiling, near = values["stir"], values["ceiling"]["value"], values["input_similarity"]["value"]
    value, low, high = stir["value"], stir["low"], stir["high"]
    floor = max(values["seed_floor"]["value"], values["permutation_floor"]["value"])
    unknown = score["verdict"]["word"] in ("INCONCLUSIVE", "NOTHING TO IGNORE")
    colour = GREY if unknown else GREEN
    parts += [line(at(0), 110, at(1), 110, GREY, 1)]
    parts += [line(at(v), 106, at(v), 114, GREY, 1) + text(f"{v:g}", at(v), 130, 12, GREY, "middle") for v in (0, 0.5, 1)]
    for what, v, y in [("floor", floor, 60), ("S(X, X')", near, 76), ("ceiling", ceiling, 44)]:
        anchor = "middle" if 0.1 < v < 0.9 else "start" if v < 0.5 else "end"
        parts += [line(at(v), y + 4, at(v), 116, BLUE, 1.2, 'stroke-dasharray="4 3"'), text(what, at(v), y, 12, BLUE, anchor)]
    parts += [
        line(at(low), 96, at(high), 96, colour, 5, 'stroke-opacity="0.45"'),
        f'<circle cx="{at(value)}" cy="96" r="6" fill="{colour}"/>',
        text(f"STIR {value:.2f} [{low:.2f}, {high:.2f}]", at(0), 152, 13, INK, weight="bold"),
        text(
            f"{100 * search['accepted']:.0f} % accepted, residual {search['residual']['mean']:.3f}, "
            f"X' from X {search['distance_from_input']['mean']:.2f}",
            at(0),
            170,
            13,
        ),
    ]
    save(f"{name}.svg", 690, 188, CASES[name], parts)


def terminal(output):
    """The score of start.md on a terminal, with five numbered marks."""
    networks, _, options = SCORES["better"].partition(" --")
    command = f"$ stir score {networks} \\\n    --inputs {DIGITS} \\\n    --{options} --out better"
    shown = [*command.split("\n"), *output.rstrip().split("\n")]
    size, step, left, top = 13, 18, 18, 44
    parts = [
        f'<rect x="4" y="4" width="752" height="{top + step * len(shown)}" rx="8" fill="#16181d"/>',
        *(f'<circle cx="{22 + 18 * i}" cy="20" r="5" fill="#555a66"/>' for i in range(3)),
    ]

    def mark(number, line, column):
        x, y = left + 7.826 * column, top + step * line
        return f'<circle cx="{x}" cy="{y - 5}" r="8" fill="{ORANGE}"/>' + text(str(number), x, y - 1, 11, "#ffffff", "middle", "bold")

    for number, words in enumerate(shown):
        bold = "PARTLY" in words or words.startswith("$")
        parts.append(
            f'<text x="{left}" y="{top + step * number}" font-size="{size}" fill="{"#f2c14e" if bold else "#d6d9e0"}" '
            f'font-family="ui-monospace, DejaVu Sans Mono, monospace" xml:space="preserve">{escape(words)}</text>'
        )
    answer = next(i for i, words in enumerate(shown) if "PARTLY" in words)
    parts.append(mark(1, answer, len(shown[answer]) + 3))
    for number, head, word in [(2, "target ", "STIR"), (3, "target ", "floor"), (4, "search ", "accepted"), (5, "search ", "residual")]:
        row = next(i for i, words in enumerate(shown) if words.startswith(head))
        parts.append(mark(number, row - 1, shown[row].index(word) + len(word) / 2))
    save(
        "terminal.svg",
        760,
        top + step * len(shown) + 8,
        "The command stir score and its output on a terminal: answers, scores, and the search",
        parts,
        background="none",
    )


def main(home):
    with tempfile.TemporaryDirectory() as folder:
        outputs = {}
        for name, arguments in SCORES.items():
            words = [f"{home}/bin/stir", "score", *arguments.split(), "--inputs", DIGITS]
            out = pathlib.Path(folder, name)
            done = subprocess.run(
                [*words, "--out", str(out)], cwd=home, env={**os.environ, "COLUMNS": "100"}, stdout=subprocess.PIPE, text=True, check=True
            )
            outputs[name] = done.stdout.replace(f"{folder}/", "")
        draw({name: pathlib.Path(folder, name) for name in SCORES}, outputs["better"])


def draw(folders, output):
    method(folders["better"])
    terminal(output)
    for name in CASES:
        case(name, folders[name])


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]).resolve())
