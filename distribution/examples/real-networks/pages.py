"""Writes the table, the pages of families and their pictures from the results in FOLDER: python pages.py FOLDER."""

import csv
import json
import re
import sys
from datetime import datetime
from pathlib import Path

import numpy
from families import FAMILIES, PROTOCOL
from fetch import HERE, rows
from PIL import Image, ImageDraw

DECIDING, PUBLISHED = "linear-cka-debiased", "linear-cka"
MARKS = {"INCONCLUSIVE": "?", "LITTLE": "~", "BELOW THE INPUTS": "!", "NOTHING TO IGNORE": "="}
COLUMNS = ("stir", "low", "high", "verdict", "gap", "p", "p_corrected", "ceiling", "floor", "input_similarity")
COLUMNS += ("similarity", "similarity_low", "similarity_high")
OUTCOMES = ("accepted", "residual", "distance_from_input", "moved")
SHOWN = ("cat", "coffee", "dogs", "fig")  # photos whose licences allow changed copies


def number(text):
    """A value with two decimals and without the zero before the point, as the pages show it."""
    return "" if text == "" else f"{float(text):.2f}".replace("0.", ".", 1) if abs(float(text)) < 1 else f"{float(text):.1f}"


def interval(row, value, low, high):
    """A value with its interval."""
    return f"{number(row[value])} [{number(row[low])}, {number(row[high])}]"


def rows_of(folder):
    """The scores of different networks in a folder: rows of the deciding measure, and the published one."""
    with open(folder / "results.csv", newline="", encoding="utf-8") as file:
        values = list(csv.DictReader(file))
    published = {(row["target"], row["reference"]): row for row in values if row["measure"] == PUBLISHED}
    chosen = [row for row in values if row["measure"] == DECIDING and row["target"] != row["reference"]]
    for row in chosen:
        other = published[row["target"], row["reference"]]
        row |= {"published_stir": other["stir"], "published_similarity": other["similarity"]}
    return chosen


def scores(name, folder):
    """The rows of a family; of given pairs, those on the pairs that the reference accepts, with the outcomes of all."""
    chosen = rows_of(folder)
    if "pairs" not in FAMILIES[name].search:
        return chosen
    of_all = {row["reference"]: {key: row[key] for key in OUTCOMES} for row in chosen}
    return [
        row | of_all[row["reference"]] | {"pairs": json.loads((part / "study.json").read_text())["inputs"]["count"]}
        for part in parts(name, folder)
        for row in rows_of(part)
        if part.name == f"{name}-{row['reference']}"
    ]


def parts(name, folder):
    """The folders of a family's scores: of given pairs, one for each reference."""
    networks = members(name, folder)
    return [folder.with_name(f"{name}-{one.name}") for one in networks] if "pairs" in FAMILIES[name].search else [folder]


def complete(name, folder):
    """Whether a family has all its scores, by the protocol if it is searched; otherwise they are no rows of the table."""
    if not (folder / "results.csv").exists():
        return False
    settings = json.loads((folder / "study.json").read_text())["settings"]
    if "pairs" not in FAMILIES[name].search and settings.get("protocol") != PROTOCOL:
        reason = f"is not by the protocol {PROTOCOL}"
    elif not all((part / "results.csv").exists() for part in parts(name, folder)):
        reason = "is not complete"
    else:
        return True
    print(f"{folder} {reason}: its page stays as it is. Continue with real_networks.py --families {name}.")
    return False


def members(name, folder):
    """The networks of a family that its results have."""
    stored = {network["name"] for network in json.loads((folder / "study.json").read_text())["networks"]}
    return [network for network in FAMILIES[name].networks if network.name in stored]


def directions(folder):
    """A sentence per pair with two conclusive verdicts whose directions differ clearly by the deciding measure."""
    undecided = [{row["target"], row["reference"]} for row in rows_of(folder) if row["verdict"] == "INCONCLUSIVE"]
    with open(folder / "differences.csv", newline="", encoding="utf-8") as file:
        clear = [row for row in csv.DictReader(file) if row["measure"] == DECIDING and float(row["p_corrected"]) < 0.05]
    return [
        f"STIR({row['target']} | {row['reference']}) is {interval(row, 'difference', 'low', 'high')} above its reverse"
        f" (corrected p {float(row['p_corrected']):.3f})."
        for row in clear
        if (row["target"], row["reference"]) == (row["other_reference"], row["other_target"])
        and {row["target"], row["reference"]} not in undecided
    ]


def minutes(folders):
    """The minutes of all runs that folders log."""
    total = 0
    for log in (log for folder in folders for log in (folder / "logs").glob("run-*.log")):
        times = [datetime.fromisoformat(line.split(" ")[0]) for line in log.read_text().splitlines()]
        total += (times[-1] - times[0]).total_seconds()
    return round(total / 60)


def table(headings, lines):
    """A table of Markdown."""
    return "\n".join(f"| {' | '.join(line)} |" for line in [headings, ["---"] * len(headings), *lines])


def matrix(name, folder):
    """STIR of all pairs, targets as rows."""
    values = scores(name, folder)
    names = [network.name for network in members(name, folder)]
    cells = {(row["target"], row["reference"]): MARKS.get(row["verdict"], "") + number(row["stir"]) for row in values}
    return table(
        ["target \\ reference", *names], [[name, *(cells.get((name, other), "") for other in names)] for name in names]
    )


def page(name, work):
    """The page of one family."""
    family, folder = FAMILIES[name], work / "results" / name
    study = json.loads((folder / "study.json").read_text())
    packages = {row["package"].split(":")[-1]: row for row in rows("packages.csv")}
    stored = {network["name"]: network for network in study["networks"]}
    search = study["settings"]["searches"][0]
    networks = []
    for network in members(name, folder):
        first = packages[re.sub(r"-\d[\d.]*$", "", network.packages[-1])]
        version = network.packages[-1].rsplit("-", 1)[1] if network.packages[-1] not in packages else first["version"]
        facts = stored[network.name]
        layer = facts["layers"][0]
        shape = "x".join(map(str, layer["shape"]))
        package = f"{first['package'].split(':')[-1]} {version}"
        measured = f"`{layer['name']}`, {shape}"
        networks.append([network.name, network.kind, package, first["licence"], measured, f"`{facts['sha256']}`"])
    lines = []
    for row in scores(name, folder):
        given = "pairs" in family.search  # ids of tokens have no distances
        share = f"{float(row['accepted']):.0%}".replace("%", " %")
        lines.append(
            [
                row["target"],
                row["reference"],
                interval(row, "stir", "low", "high"),
                row["verdict"],
                "" if given else number(row["input_similarity"]),
                number(row["ceiling"]),
                interval(row, "similarity", "similarity_low", "similarity_high"),
                number(row["published_stir"]),
                number(row["published_similarity"]),
                f"{share} ({row['pairs']})" if given else share,
                *(["", ""] if given else [number(row["distance_from_input"]), number(row["moved"])]),
            ]
        )
    machine = study["networks"][0]["machine"]
    protocol = "" if "pairs" in family.search else f", by the protocol {PROTOCOL}"
    chosen = (
        " A reference is scored on the pairs that it accepts, whose number follows their share."
        if "pairs" in family.search
        else ""
    )
    results = [json.loads((part / "result.json").read_text()) for part in parts(name, folder)]
    cautions = [caution for result in results for caution in result["cautions"] if caution["kind"] != "biased-by-width"]
    notes = dict.fromkeys(f"Caution: {caution['text']}" for caution in cautions)
    notes = "".join(f"- {note}\n" for note in [*([] if "pairs" in family.search else directions(folder)), *notes])
    notes = f"\n{notes}" if notes else ""
    settings = ", ".join(f"{key} {search[key]}" for key in ("optimizer", "iterations", "seed", "pairs") if key in search)
    text = f"""# {family.question}

Written by `real_networks.py`; [what it shows, and what not](README.md).

{table(["network", "what it is", "package", "licence", "layer, units", "SHA-256"], networks)}

{study["inputs"]["count"]} inputs of {"x".join(map(str, study["inputs"]["shape"]))}; search: {settings}. `stir matrix {name}.yaml` of {len(networks)} networks took {minutes({folder, *parts(name, folder)})} minutes, of all runs together, on {machine["cpu"]}{protocol}.{chosen}

{table(["target", "reference", "STIR", "verdict", "S(X, X')", "ceiling", "CKA", "STIR, biased", "CKA, biased", "accepted", "X' from X", "moved"], lines)}

STIR and CKA are debiased, with 95 % intervals. The biased columns are the measure of the first publication; they are high for few inputs and many units, whatever the networks. Verdicts are not corrected for the number of scores.
{notes}"""
    if picture(name, folder):
        text += f"""
![Photos, and metamers of each network]({name}.jpg)

A row is a photo, and images that each network represents nearly like it. Photos: {", ".join(f"{row['name']} by {row['author']} ({row['licence']})" for row in rows("photos.csv") if row["name"] in SHOWN)}; the metamers have the same licences.
"""
    (HERE / f"{name}.md").write_text(text, encoding="utf-8")


def picture(name, folder, size=96):
    """Draws photos and their metamers; returns whether the inputs are photos."""
    if "photos" not in FAMILIES[name].inputs["path"]:
        return False
    with open(folder / "names.csv", newline="", encoding="utf-8") as file:
        names = [Path(row["name"]).stem for row in csv.DictReader(file)]
    networks = [network.name for network in members(name, folder)]
    columns = [numpy.load(folder / "inputs.npy", mmap_mode="r")]
    columns += [
        numpy.load(next((folder / "searches" / network).rglob("invariant.npy")), mmap_mode="r") for network in networks
    ]
    sheet = Image.new("RGB", ((size + 4) * len(columns), (size + 4) * len(SHOWN) + 16), "white")
    for column, (title, values) in enumerate(zip(["photo", *networks], columns, strict=True)):
        ImageDraw.Draw(sheet).text((column * (size + 4), 2), title, "black")
        for row, shown in enumerate(SHOWN):
            image = numpy.moveaxis(numpy.asarray(values[names.index(shown)]), 0, -1)
            image = image if image.shape[-1] == 3 else numpy.moveaxis(image, 0, -1)
            image = Image.fromarray(numpy.uint8(numpy.clip(numpy.round(image * 255), 0, 255)))
            sheet.paste(image.resize((size, size)), (column * (size + 4), row * (size + 4) + 16))
    sheet.save(HERE / f"{name}.jpg", quality=75)
    return True


def main():
    work = Path(sys.argv[1])
    done = [name for name in FAMILIES if complete(name, work / "results" / name)]
    keys = ("family", "target", "reference", *COLUMNS, "published_stir", "published_similarity", *OUTCOMES)
    computed = [row | {"family": name} for name in done for row in scores(name, work / "results" / name)]
    others = [row for row in rows("table.csv") if row["family"] not in done]
    part = HERE / "table.csv.part"
    with open(part, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, keys, lineterminator="\n", extrasaction="ignore", restval="")
        writer.writeheader()
        writer.writerows(sorted(computed + others, key=lambda row: list(FAMILIES).index(row["family"])))
    part.rename(HERE / "table.csv")
    for name in done:
        page(name, work)
    readme = HERE / "README.md"
    text = readme.read_text(encoding="utf-8")
    for name in done:
        block = f"<!-- {name} -->\n{matrix(name, work / 'results' / name)}\n<!-- end -->"
        text = re.sub(rf"<!-- {name} -->\n.*?<!-- end -->", lambda _, block=block: block, text, flags=re.DOTALL)
    readme.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
