"""Reads a study with pandas: python read_study.py STUDY [measure]

Prints STIR of each target (down) on each reference (across) with the marks of `stir matrix`, and counts the verdicts
of scores of different layers. Saves the matrix as a picture (stir-SEARCH-REPEAT.png) if matplotlib is there.
docs/results has all columns.
"""

import pathlib
import sys

import pandas as pd

PAIR = ["target", "reference", "search", "repeat"]
MARKS = {"NOTHING TO IGNORE": "=", "INCONCLUSIVE": "?", "LITTLE": "~", "BELOW THE INPUTS": "!"}

WORDS = {"verdict": str, "gap": str}  # also where a column is empty

results = pd.read_csv(pathlib.Path(sys.argv[1]) / "results.csv", dtype=WORDS)
results = results[results["search"].notna()]
if results.empty:
    sys.exit("The study has no scores: run stir matrix with a search.")
for network in ("target", "reference"):
    results[network] += ":" + results[network + "_layer"]
# The verdict is in the row of the measure that decides.
deciding = results.loc[results["verdict"].notna(), "measure"].iloc[0]
measure = sys.argv[2] if len(sys.argv) > 2 else deciding
for answer in ("verdict", "gap"):
    results[answer] = results.groupby(PAIR)[answer].transform("first")
results = results[results["measure"] == measure].copy()
results["shown"] = results["verdict"].map(MARKS).fillna("") + results["stir"].map("{:.2f}".format)

for (search, repeat), scores in results.groupby(["search", "repeat"], sort=False):
    cells = scores.pivot(index="target", columns="reference", values="shown").fillna("")
    cells = cells.loc[scores["target"].unique(), scores["reference"].unique()]
    print(f"STIR(row | column) by {measure}, search {search}, repeat {repeat}")
    print(cells.to_string(), "\n")
    different = scores[scores["target"] != scores["reference"]]
    print("of different layers:")
    print(different.groupby(["verdict", different["gap"].fillna("")]).size().to_string(), "\n")

    try:
        import matplotlib

        matplotlib.use("Agg")
        from matplotlib import pyplot
    except ImportError:
        continue
    matrix = scores.pivot(index="target", columns="reference", values="stir").loc[cells.index, cells.columns]
    figure, axes = pyplot.subplots()
    drawn = axes.imshow(matrix, vmin=min(0, matrix.min().min()), vmax=1)
    axes.set_xticks(range(len(cells.columns)), cells.columns, rotation=90)
    axes.set_yticks(range(len(cells.index)), cells.index)
    for row, values in enumerate(matrix.to_numpy()):
        for column, value in enumerate(values):
            colour = "white" if value < 0.5 else "black"
            axes.text(column, row, cells.iloc[row, column], ha="center", va="center", color=colour)
    axes.set_xlabel("reference m")
    axes.set_ylabel("target t")
    legend = "; ".join(f"{mark} {word.lower()}" for word, mark in MARKS.items())
    axes.set_title(f"STIR(t | m) by {measure}, {search}\n{legend}", fontsize=8)
    figure.colorbar(drawn)
    figure.savefig(f"stir-{search}-{repeat}.png", bbox_inches="tight")
    pyplot.close(figure)
