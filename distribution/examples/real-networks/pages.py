"""Writes table.csv, networks.csv, the tables of README.md and the pictures from the results in FOLDER: python pages.py FOLDER."""

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
    print(f"{folder} {reason}: its rows stay as they are. Continue with real_networks.py --families {name}.")
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


def notes(name, folder):
    """The clear differences of a family and its cautions, by the network that each names first."""
    results = [json.loads((part / "result.json").read_text()) for part in parts(name, folder)]
    cautions = [caution for result in results for caution in result["cautions"] if caution["kind"] != "biased-by-width"]
    texts = dict.fromkeys(caution["text"] for caution in cautions)
    names = sorted((network.name for network in members(name, folder)), key=len, reverse=True)
    of = {}
    for text in [*([] if "pairs" in FAMILIES[name].search else directions(folder)), *texts]:
        of.setdefault(re.search("|".join(map(re.escape, names)), text)[0], []).append(text)
    return {network: " ".join(of.get(network, ())) for network in names}


def networks(name, work):
    """A row per network of a family: its file, layer and licence, and the inputs, the search and the time of the family."""
    family, folder = FAMILIES[name], work / "results" / name
    study = json.loads((folder / "study.json").read_text())
    packages = {row["package"].split(":")[-1]: row for row in rows("packages.csv")}
    stored = {network["name"]: network for network in study["networks"]}
    search = study["settings"]["searches"][0]
    texts = notes(name, folder)
    for network in members(name, folder):
        first = packages[re.sub(r"-\d[\d.]*$", "", network.packages[-1])]
        version = network.packages[-1].rsplit("-", 1)[1] if network.packages[-1] not in packages else first["version"]
        facts = stored[network.name]
        layer = facts["layers"][0]
        yield {
            "family": name,
            "network": network.name,
            "content": network.kind,
            "package": f"{first['package'].split(':')[-1]} {version}",
            "licence": first["licence"],
            "layer": layer["name"],
            "units": "x".join(map(str, layer["shape"])),
            "sha256": facts["sha256"],
            "inputs": study["inputs"]["count"],
            "shape": "x".join(map(str, study["inputs"]["shape"])),
            "search": ", ".join(f"{key} {search[key]}" for key in ("optimizer", "iterations", "seed", "pairs") if key in search),
            "protocol": "" if "pairs" in family.search else PROTOCOL,
            "machine": study["networks"][0]["machine"]["cpu"],
            "minutes": minutes({folder, *parts(name, folder)}),
            "notes": texts[network.name],
        }


def picture(name, folder, size=96):
    """Draws photos and their metamers, if the inputs are photos."""
    if "photos" not in FAMILIES[name].inputs["path"]:
        return
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


def replace_rows(file, keys, computed, done):
    """Writes a table with computed rows in place of the rows of these families."""
    others = [row for row in rows(file) if row["family"] not in done]
    part = HERE / f"{file}.part"
    with open(part, "w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, keys, lineterminator="\n", extrasaction="ignore", restval="")
        writer.writeheader()
        writer.writerows(sorted(computed + others, key=lambda row: list(FAMILIES).index(row["family"])))
    part.rename(HERE / file)


def main():
    work = Path(sys.argv[1])
    done = [name for name in FAMILIES if complete(name, work / "results" / name)]
    keys = ("family", "target", "reference", *COLUMNS, "published_stir", "published_similarity", *OUTCOMES)
    computed = [row | {"family": name} for name in done for row in scores(name, work / "results" / name)]
    replace_rows("table.csv", keys, computed, done)
    replace_rows("networks.csv", tuple(rows("networks.csv")[0]), [row for name in done for row in networks(name, work)], done)
    for name in done:
        picture(name, work / "results" / name)
    readme = HERE / "README.md"
    text = readme.read_text(encoding="utf-8")
    for name in done:
        block = f"<!-- {name} -->\n{matrix(name, work / 'results' / name)}\n<!-- end -->"
        text = re.sub(rf"<!-- {name} -->\n.*?<!-- end -->", lambda _, block=block: block, text, flags=re.DOTALL)
    readme.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
