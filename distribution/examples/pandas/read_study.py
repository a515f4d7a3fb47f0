"""Reads a study with pandas: python read_study.py STUDY [measure]

Prints STIR of each target on each reference as a matrix, with the residual of each search, and saves the same as a
picture (stir.png) if matplotlib is there. Needs pandas alone; the columns are defined in docs/results.
"""

import json
import pathlib
import sys

import pandas as pd

study = pathlib.Path(sys.argv[1])
results = pd.read_csv(study / "results.csv")
measure = sys.argv[2] if len(sys.argv) > 2 else results["measure"].iloc[0]

description = json.loads((study / "study.json").read_text())
assert description["schema"].startswith("stir-study/1"), description["schema"]
print(f"{description['inputs']['count']} inputs of {description['inputs']['source']}, {measure}\n")

results["reference"] = results["reference_model"] + ":" + results["reference_layer"]
results["target"] = results["target_model"] + ":" + results["target_layer"]
stir = results[(results["kind"] == "stir") & (results["measure"] == measure)]
for search, values in stir.groupby("search"):
    # The mean over repeats: a row for each reference m, a column for each target t.
    matrix = values.pivot_table(index="reference", columns="target", values="value")
    print(f"STIR(column | row), search {search}")
    print(matrix.round(4).to_string(), "\n")
    print(values.groupby("reference")["residual_mean"].mean().round(4).to_string(), "\n")

    try:
        import matplotlib

        matplotlib.use("Agg")
        from matplotlib import pyplot
    except ImportError:
        continue
    figure, axes = pyplot.subplots()
    drawn = axes.imshow(matrix, vmin=min(0, matrix.min().min()), vmax=1)
    axes.set_xticks(range(matrix.shape[1]), matrix.columns, rotation=90)
    axes.set_yticks(range(matrix.shape[0]), matrix.index)
    axes.set_xlabel("target t")
    axes.set_ylabel("reference m")
    axes.set_title(f"STIR(t | m), {measure}, {search}")
    figure.colorbar(drawn)
    figure.savefig(f"stir-{search}.png", bbox_inches="tight")
    pyplot.close(figure)
