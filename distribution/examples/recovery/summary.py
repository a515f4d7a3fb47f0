"""Writes the tables and figures of the recovery study's pages from the results of Stir."""

import csv
import re
from collections import Counter, defaultdict
from pathlib import Path

import matplotlib

matplotlib.use("svg")
matplotlib.rcParams.update({"svg.hashsalt": "stir", "svg.fonttype": "none", "font.size": 9})
import matplotlib.pyplot as plt  # noqa: E402
import numpy as np  # noqa: E402

DATA = ("digits", "clothes")
SEARCHES = ("thorough", "fast", "published")
DECIDING = "linear-cka-debiased"
CHAIN = ("format", "tuned1", "tuned3", "tuned10", "seed")  # each is assumed to be nearer than the next
CHANGED = ("halves", "width", "classes", "architecture", "robust")  # another seed and one more difference

# The steps of the assumed order, and those where a measure that sees the second difference ranks the seed alone higher.
KNOWN = [*zip(CHAIN, CHAIN[1:]), *((name, "random") for name in ("seed", *CHANGED))]
SEEN = [("seed", name) for name in CHANGED]
SHOWN = ("hard-correlation-match", DECIDING, "linear-cka", "rsa-pearson", "procrustes", "mutual-knn", "gulp", "svcca")
SHOWN += ("magnitude-difference", "procrustes-size-and-shape")
BLUE, RED = "#0b6e99", "#d1495b"
LABELS = {
    "format": "same weights",
    "tuned1": "fine-tuned 1 %",
    "tuned3": "fine-tuned 3 %",
    "tuned10": "fine-tuned 10 %",
    "seed": "other seed",
    "halves": "other half of data",
    "width": "twice the width",
    "classes": "half the classes",
    "architecture": "ResNet",
    "robust": "adversarial",
    "random": "random weights",
}


def values_of(folder):
    """By data set, search and measure the values of each relation, one per seed; larger is more similar."""
    values = defaultdict(lambda: defaultdict(dict))
    distances = distances_of(folder / "measures.txt")
    for data in DATA:
        with open(folder / data / "measures.csv") as file:
            for row in csv.DictReader(file):
                relation, seed = re.fullmatch(r"(.+)-(\d+)", row["target"]).groups()
                if row["value"] and relation != "reference":
                    sign = -1 if row["measure"] in distances else 1
                    values[data, row["search"], row["measure"]][relation][int(seed)] = sign * float(row["value"])
    return values


def distances_of(file):
    """The measures that are smaller for more similar representations, by the list of `stir measures`."""
    return {line.split()[0] for line in file.read_text().splitlines() if re.match(r"  \S+ .*\bdistance: ", line)}


def auc(near, far):
    """The share of pairs in which the nearer relation has the larger value; ties count half."""
    a, b = np.array(near)[:, None], np.array(far)[None, :]
    return float((a > b).mean() + (a == b).mean() / 2)


def sensitivity(near, far):
    """d': the difference of the means in standard deviations of the two relations' seeds."""
    spread = np.sqrt((np.var(near, ddof=1) + np.var(far, ddof=1)) / 2)
    return float((np.mean(near) - np.mean(far)) / max(spread, 1e-12))


def draws(count, number=1000):
    """Bootstrap samples of the seeds: all networks of a seed are drawn together."""
    return np.random.default_rng(0).integers(0, count, (number, count))


def interval(statistic, near, far):
    """The 95 % bootstrap interval over seeds."""
    near, far = np.array(near), np.array(far)
    return np.percentile([statistic(near[rows], far[rows]) for rows in draws(len(near))], [2.5, 97.5])


def seeds_of(values, data, search, measure, name):
    """The values of a relation in the order of the seeds."""
    found = values[data, search, measure].get(name, {})
    return np.array([found[seed] for seed in sorted(found)])


def mean_auc(values, search, measure, pairs):
    """The mean AUC of steps over the data sets, and the same for each bootstrap sample; None if a value is undefined."""
    means = []
    for data in DATA:
        for names in pairs:
            near, far = (seeds_of(values, data, search, measure, name) for name in names)
            if len(near) != len(far) or len(near) == 0:
                return None
            larger = (near[:, None] > far[None, :]) + (near[:, None] == far[None, :]) / 2
            rows = draws(len(near))
            means.append([larger.mean(), *larger[rows[:, :, None], rows[:, None, :]].mean(axis=(1, 2))])
    return np.mean(means, axis=0)


def rows_of_steps(values):
    """For the measure that decides: AUC and d' of each step, with intervals."""
    rows = []
    for search in (*SEARCHES, "none"):
        for data in DATA:
            for near, far in [*KNOWN, *SEEN]:
                both = [seeds_of(values, data, search, DECIDING, name) for name in (near, far)]
                row = {"search": search, "data": data, "nearer": near, "farther": far}
                for name, statistic in (("auc", auc), ("d", sensitivity)):
                    low, high = interval(statistic, *both)
                    row |= {name: statistic(*both), f"{name}_low": low, f"{name}_high": high}
                rows.append(row)
    return rows


def rows_of_measures(values):
    """Per measure and search its mean AUC over the known and the seen steps, and how far it lies above the default's."""
    rows = []
    for measure in sorted({key[2] for key in values}):
        row = {"measure": measure}
        for search in (*SEARCHES, "none"):
            for name, pairs in (("known", KNOWN), ("seen", SEEN)):
                aucs, default = (mean_auc(values, search, id, pairs) for id in (measure, DECIDING))
                row[f"{search}_{name}"] = None if aucs is None else aucs[0]
                if search == "thorough":
                    low, high = (None, None) if aucs is None else np.percentile((aucs - default)[1:], [2.5, 97.5])
                    row |= {f"{name}_above_low": low, f"{name}_above_high": high}
        rows.append(row)
    return sorted(rows, key=lambda row: -sum(row[f"thorough_{name}"] or 0 for name in ("known", "seen")))


def verdicts_of(folder):
    """By search, data set and relation how many scores have each verdict."""
    verdicts = defaultdict(Counter)
    for data in DATA:
        with open(folder / data / "study/results.csv") as file:
            for row in csv.DictReader(file):
                if row["measure"] == DECIDING:
                    verdicts[row["search"], data, row["target"].rpartition("-")[0]][row["verdict"]] += 1
    return verdicts


def accuracies_of(folder):
    """By data set and relation the mean share of 2,000 images that the networks are right on."""
    accuracies = defaultdict(lambda: defaultdict(list))
    for data in DATA:
        for line in (folder / data / "accuracy.csv").read_text().splitlines():
            name, _, accuracy = line.partition(",")
            if accuracy != "accuracy":
                accuracies[data][name.rpartition("-")[0]].append(float(accuracy))
    return {data: {name: float(np.mean(all)) for name, all in found.items()} for data, found in accuracies.items()}


def number(value, digits=2):
    return "–" if value is None else f"{value:.{digits}f}".replace("0.", ".", 1) if abs(value) < 1 else f"{value:.{digits}f}"


def redundancy_of(folder):
    """STIR of all units given some, and their similarity, by data set and the share of the units in per cent."""
    stir, plain = ({data: defaultdict(list) for data in DATA} for _ in range(2))
    for data in DATA:
        with open(folder / data / "redundancy/results.csv") as file:
            for row in csv.DictReader(file):
                units = re.fullmatch(r"units(\d+)-\d+", row["reference"])
                if units and row["measure"] == DECIDING:
                    stir[data][int(units[1])].append(float(row["stir"]))
                    plain[data][int(units[1])].append(float(row["similarity"]))
    return [{data: dict(sorted(points.items())) for data, points in both.items()} for both in (stir, plain)]


def table_of_relations(values, verdicts, accuracies, labels):
    """A row per relation and data set."""
    lines = ["| network | data | accuracy | verdicts | STIR | similarity |", "|---|---|---|---|---|---|"]
    for relation, label in labels.items():
        for data in DATA:
            given = verdicts["thorough", data, relation].most_common()
            accuracy = accuracies[data].get(relation, accuracies[data]["reference"])
            cells = [label, data, number(accuracy), ", ".join(f"{count} {verdict}" for verdict, count in given)]
            for search in ("thorough", "none"):
                seeds = seeds_of(values, data, search, DECIDING, relation)
                cells.append(f"{number(np.mean(seeds))} ({number(min(seeds))} to {number(max(seeds))})")
            lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def table_of_steps(rows):
    found = {(row["search"], row["data"], row["nearer"], row["farther"]): row for row in rows}
    lines = ["| nearer, farther | STIR, digits | clothes | similarity, digits | clothes |", "|---|---|---|---|---|"]
    for near, far in [*KNOWN, *SEEN]:
        both = [found[search, data, near, far] for search in ("thorough", "none") for data in DATA]
        if min(row["auc"] for row in both) < 1:
            cells = [f"{LABELS[near]}, {LABELS[far]}"]
            for row in both:
                within = f"[{number(row['auc_low'])}, {number(row['auc_high'])}]"
                cells.append(f"{number(row['auc'])} {within}, {number(row['d'], 1)}")
            lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def table_of_measures(rows, chosen):
    lines = ["| measure | `thorough` | `fast` | `published` | similarity without a search |", "|---|---|---|---|---|"]
    for row in rows:
        if row["measure"] in chosen:
            cells = [f"`{row['measure']}`"]
            cells += [f"{number(row[f'{s}_known'])}, {number(row[f'{s}_seen'])}" for s in (*SEARCHES, "none")]
            lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def above(row):
    """The sentence on how far a measure lies above the default."""
    ends = [f"[{number(row[f'{name}_above_low'])}, {number(row[f'{name}_above_high'])}]" for name in ("known", "seen")]
    return f"`{row['measure']}` minus the default, by `thorough`: {ends[0]} for the assumed order, and {ends[1]} for second changes."


def strip(axes, values, data, search, names, color, offset, label):
    for i, name in enumerate(names):
        seeds = seeds_of(values, data, search, DECIDING, name)
        axes.plot(seeds, np.full(len(seeds), i + offset), "o", ms=3, mew=0, color=color, label=label if i == 0 else None)


def figure_of_relations(values, file, labels, height):
    """A row per relation, and a dot per seed."""
    figure, panels = plt.subplots(1, 2, figsize=(8, height), sharey=True, layout="constrained")
    for axes, data in zip(panels, DATA):
        strip(axes, values, data, "thorough", labels, BLUE, -0.15, "STIR")
        strip(axes, values, data, "none", labels, RED, 0.15, "similarity without a search")
        axes.set(title=data, yticks=range(len(labels)), yticklabels=labels.values())
        axes.grid(axis="x", lw=0.4)
    panels[0].invert_yaxis()
    save(figure, file)


def figure_of_lines(file, courses, xlabel):
    """A line per course: its label, and by data set and x the values of all seeds, as mean and range."""
    figure, panels = plt.subplots(1, 2, figsize=(8, 2.6), sharey=True, layout="constrained")
    for axes, data in zip(panels, DATA):
        for (label, points), color in zip(courses, (BLUE, RED, "#5b8c5a", "#a26769")):
            seeds = list(points[data].values())
            axes.plot(list(points[data]), [np.mean(one) for one in seeds], "o-", ms=3, color=color, label=label)
            ends = [min(one) for one in seeds], [max(one) for one in seeds]
            axes.fill_between(list(points[data]), *ends, color=color, alpha=0.15, lw=0)
        axes.set(title=data, xlabel=xlabel)
        axes.grid(lw=0.4)
    save(figure, file)


def save(figure, file):
    handles, labels = figure.axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncol=len(labels), frameon=False)
    figure.savefig(file, metadata={"Date": None})
    plt.close(figure)


def replace(page, name, text):
    """Puts a text between the page's marks of that name."""
    marks = f"<!-- {name} -->", f"<!-- /{name} -->"
    before, rest = page.read_text().split(marks[0])
    after = rest.split(marks[1])[1]
    page.write_text(f"{before}{marks[0]}\n{text}\n{marks[1]}{after}")


def write_rows(file, rows):
    with open(file, "w", newline="") as lines:
        writer = csv.DictWriter(lines, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        rounded = lambda value: f"{value:.3f}" if isinstance(value, float) else value
        writer.writerows([{name: rounded(value) for name, value in row.items()} for row in rows])


def write(folder, here):
    values, verdicts, accuracies = values_of(folder), verdicts_of(folder), accuracies_of(folder)
    page = here / "README.md"
    steps, measures = rows_of_steps(values), rows_of_measures(values)
    write_rows(here / "steps.csv", steps)
    write_rows(here / "measures.csv", measures)
    every = [
        {"search": search, "data": data, "relation": relation, "seed": seed, "value": float(value)}
        for (data, search, measure), relations in sorted(values.items())
        if measure == DECIDING
        for relation, seeds in relations.items()
        for seed, value in sorted(seeds.items())
    ]
    write_rows(here / "values.csv", every)
    replace(page, "relations", table_of_relations(values, verdicts, accuracies, LABELS))
    replace(page, "steps", table_of_steps(steps))
    replace(page, "measures", table_of_measures(measures, SHOWN))
    replace(page, "above", "\n".join(above(row) for row in measures if row["measure"] in ("gulp", "hard-correlation-match")))
    figure_of_relations(values, here / "relations.svg", LABELS, 3.8)
    students = {"alone": "trained alone", "distilled": "distilled"}
    figure_of_relations(values, here / "distillation.svg", students, 1.8)
    replace(here / "distillation.md", "students", table_of_relations(values, verdicts, accuracies, students))

    def course(label, search, points):
        return label, {
            data: {x: seeds_of(values, data, search, DECIDING, name) for x, name in points.items()} for data in DATA
        }

    tuned = {share: f"tuned{share}" for share in (1, 3, 10, 30, 100)}
    courses = [course("STIR", "thorough", tuned), course("similarity", "none", tuned)]
    figure_of_lines(here / "fine-tuning.svg", courses, "fine-tuning, % of the training")
    line = {at: f"line{at}" for at in (25, 50, 75)} | {100: "seed"}
    tunedline = {at: f"tunedline{at}" for at in (25, 50, 75)} | {100: "tuned100"}
    courses = [
        course("STIR, another seed", "thorough", line),
        course("similarity, another seed", "none", line),
        course("STIR, fine-tuned", "thorough", tunedline),
        course("similarity, fine-tuned", "none", tunedline),
    ]
    figure_of_lines(here / "between.svg", courses, "% of the way to the other network")
    lines = {f"line{at}": f"{at} % to another seed" for at in (25, 50, 75)}
    lines |= {f"tunedline{at}": f"{at} % to a fine-tuned copy" for at in (25, 50, 75)}
    replace(here / "between.md", "lines", table_of_relations(values, verdicts, accuracies, lines))
    stir, plain = redundancy_of(folder)
    rows = [f"| {share} % | " + " | ".join(number(np.mean(found[data][share])) for found in (stir, plain) for data in DATA) + " |" for share in stir[DATA[0]]]
    head = ["| units | STIR, digits | clothes | similarity, digits | clothes |", "|---|---|---|---|---|"]
    replace(here / "redundancy.md", "units", "\n".join(head + rows))
    figure_of_lines(here / "redundancy.svg", [("STIR", stir), ("similarity", plain)], "% of the units")
