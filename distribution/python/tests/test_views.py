"""One score and one study: every view has the same values under the same names."""

import csv
import html
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import DIGITS, NETWORKS, ROOT

import stir_java as stir

EXAMPLE = ROOT / "distribution" / "examples" / "pandas" / "read_study.py"
FILES = [NETWORKS / "vgg0.onnx", NETWORKS / "resnet0.onnx"]
QUANTITIES = (
    "stir",
    "similarity",
    "ceiling",
    "seed_floor",
    "permutation_floor",
    "input_similarity",
    "corrected",
    "converged_only",
)
SEARCH = {"accepted": "accepted", "converged": "converged", "moved": "moved"}


def run(*words):
    home = Path(os.environ.get("STIR_HOME", ROOT / "distribution" / "target" / "stir"))
    launcher = home / "bin" / "stir"
    done = subprocess.run([launcher, *map(str, words)], capture_output=True, check=True)
    return done.stdout.decode()


@pytest.fixture(scope="module")
def score(tmp_path_factory):
    folder = tmp_path_factory.mktemp("views") / "score"
    words = ["score", *FILES, f"--inputs={DIGITS}", "--limit=12"]
    words += ["--optimizer=fast", "--iterations=10", f"--out={folder}"]
    run(*words)
    return words, folder


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    folder = tmp_path_factory.mktemp("views") / "study"
    file = folder.with_suffix(".yaml")
    models = [{"name": name, "file": str(file)} for name, file in zip("vr", FILES, strict=True)]
    inputs = {"path": str(DIGITS), "limit": 12}
    search = {"optimizer": "fast", "iterations": 10}
    file.write_text(json.dumps({"models": models, "inputs": inputs, "search": search}))
    words = ["matrix", file, f"--out={folder}"]
    run(*words)
    return words, folder


def directions(document):
    """Return the values of a document by pair and measure, flat under the names of columns."""
    found = {}
    for each in document["directions"]:
        for measure, values in each["measures"].items():
            verdict = each["verdict"] if measure == each["measure"] else {}
            row = {"verdict": verdict.get("word"), "reason": verdict.get("reason")}
            row["gap"] = verdict.get("gap")
            row["p"] = values.get("p")
            for name in QUANTITIES:
                estimate = values.get(name, {})
                row[name] = estimate.get("value")
                prefix = "" if name == "stir" else name + "_"
                row[prefix + "low"] = estimate.get("low")
                row[prefix + "high"] = estimate.get("high")
            row["prediction_low"] = values["stir"].get("prediction_low")
            row["prediction_high"] = values["stir"].get("prediction_high")
            floors = [row["seed_floor"], row["permutation_floor"]]
            row["floor"] = max((one for one in floors if one is not None), default=None)
            metamers = each.get("shared_metamers", {})
            row["shared_metamers"] = metamers.get("share")
            row |= {f"shared_metamers_{end}": metamers.get(end) for end in ("low", "high", "floor")}
            row["target_moved"] = each["outcomes"]["target_moved"]["mean"]
            row["target_moved_in_units"] = each["outcomes"].get("target_moved_in_units")
            search = each["search"]
            row["inputs"] = document["inputs"]["count"]
            row["residual"] = search["residual"]["mean"]
            row["distance_from_input"] = search["distance_from_input"]["mean"]
            row |= {name: search.get(key) for name, key in SEARCH.items()}
            place = (each["target"], each["target_layer"], each["reference"])
            found[(*place, each["reference_layer"], measure)] = row
    return found


def rows(text):
    """Return the rows of a table of all values by pair and measure."""
    places = ("target", "target_layer", "reference", "reference_layer", "measure")
    found = {}
    for row in csv.DictReader(io.StringIO(text)):
        found[tuple(row.pop(each) for each in places)] = row
    return found


def assert_same(row, values):
    for name, cell in row.items():
        if name in ("search", "repeat", "p_corrected", "p_max"):  # of all scores together
            continue
        expected = values[name]
        if expected is None:
            assert cell == "", name
        elif isinstance(expected, str):
            assert cell == expected, name
        else:
            assert float(cell) == expected, name


@pytest.mark.parametrize("made", ["score", "study"])
def test_tables_and_documents_agree(made, request):
    words, folder = request.getfixturevalue(made)
    printed = json.loads(run(*words, "--format=json"))
    stored = json.loads((folder / "result.json").read_text())
    assert printed["schema"] == ("stir-score/3" if made == "score" else "stir-matrix/2")
    assert stored["directions"] == printed["directions"]
    assert stored["differences"] == printed["differences"]
    values = directions(printed)
    table = (folder / "results.csv").read_bytes().decode()
    assert run(*words, "--format=csv").replace("\r\n", "\n") == table.replace("\r\n", "\n")
    found = rows(table)
    assert found.keys() == values.keys()
    for place, row in found.items():
        assert_same(row, values[place])


@pytest.mark.parametrize("made", ["score", "study"])
def test_the_page_and_details_agree_with_the_document(made, request):
    words, folder = request.getfixturevalue(made)
    document = json.loads((folder / "result.json").read_text())
    run("report", folder)
    page = (folder / "report.html").read_text(encoding="utf-8")
    data = re.search(r'id="study-data"[^>]*>(.*?)</script>', page, re.DOTALL)
    result = json.loads(html.unescape(data.group(1)))["result"]
    assert result["networks"] == document["networks"]
    values, shown = directions(document), directions(result)
    assert shown.keys() == values.keys()
    for place, row in shown.items():
        for name, value in row.items():
            expected = values[place][name]
            if isinstance(expected, float):
                assert value == pytest.approx(expected, rel=1e-6, abs=1e-6), (place, name)
            else:
                assert value == expected, (place, name)
    text = run(*words, "--details")
    for (target, target_layer, reference, reference_layer, measure), row in values.items():
        head = f"STIR({target}:{target_layer} | {reference}:{reference_layer})"
        block = re.sub(r"\s+", " ", text[text.index(head) :].split("\n\n")[0])
        assert (row["verdict"] or measure) in block and measure in block
        for name in QUANTITIES:
            if row[name] is not None:
                assert re.search(rf"\b{name} [^a-z]*{row[name]:.4f}\b", block), (name, block)


def test_the_terminal_and_papers_agree_with_the_document(score):
    words, folder = score
    document = json.loads((folder / "result.json").read_text())
    text = run(*words)
    papers = [run(*words, "--format=markdown"), run(*words, "--format=latex")]
    for each in document["directions"]:
        values = each["measures"][each["measure"]]
        target, reference = each["target"], each["reference"]
        place = text.index(f"How much of {target} survives what {reference} ignores?")
        answer = re.sub(r"\s+", " ", re.split(r"\n(?:How|Similarity|Difference) ", text[place:])[0])
        verdict = each["verdict"]
        assert f"ignores? {verdict['word']}" in answer
        assert verdict["reason"] in answer
        score = values["stir"]
        ends = f"{score['value']:.2f} [{score['low']:.2f}, {score['high']:.2f}]"
        assert re.search(rf"^{target} +{re.escape(ends)} ", text, re.MULTILINE)
        search = each["search"]
        assert re.search(rf"^{each['reference']} .*\b{search['moved']:.2f}$", text, re.MULTILINE)
        for paper in papers:
            line = next(
                one
                for one in paper.splitlines()
                if each["measure"] in one
                and one.index(each["target"]) < one.index(each["reference"])
            )
            plain = line.replace("$-$", "-")
            for name in ("stir", "ceiling", "input_similarity", "similarity"):
                assert f" {values[name]['value']:.2f} " in plain, (name, line)
    difference = next(
        one for one in document["differences"] if one["measure"] == "linear-cka-debiased"
    )
    assert difference["target"] == document["networks"][0]["name"]


def test_python_and_pandas_agree_with_the_document(study):
    pandas = pytest.importorskip("pandas")
    words, folder = study
    document = json.loads((folder / "result.json").read_text())
    values = directions(document)
    found = stir.Study.of(document, folder, None)
    assert [each.document for each in found.directions] == document["directions"]
    for each in found.directions:
        place = (each.target, each.target_layer, each.reference, each.reference_layer)
        for measure, one in each.measures.items():
            row = values[(*place, measure)]
            assert row["verdict"] == (each.verdict.word if measure == each.measure else None)
            assert one.p == row["p"]
            for name in QUANTITIES:
                value = getattr(one, name)
                assert (value.value if value else None) == row[name]
    frame = found.to_frame()
    assert isinstance(frame, pandas.DataFrame) and len(frame) == len(values)
    printed = subprocess.run(
        [sys.executable, "-W", "error", EXAMPLE, folder],
        capture_output=True,
        text=True,
        check=True,
        cwd=folder,
    ).stdout
    marks = {"NOTHING TO IGNORE": "=", "INCONCLUSIVE": "?", "LITTLE": "~"}
    marks |= {"BELOW THE INPUTS": "!", "PARTLY": "", "NEARLY ALL": ""}
    counts = printed.split("of different layers:\n")[1].split("\n\n")[0].splitlines()[1:]
    different = [each for each in found.directions if each.target != each.reference]
    assert sum(int(line.split()[-1]) for line in counts) == len(different)
    grid = run(*words)
    for each in found.directions:
        value = each.stir.value
        mark = marks[each.verdict.word]
        assert mark + f"{value:.2f}" in printed
        compact = re.sub(r"^(-?)0\.", r"\1.", f"{value:.2f}").replace("1.00", "1.0")
        cell = mark if mark == "?" else mark + compact  # an inconclusive value is not printed
        assert cell in grid or mark == "="
