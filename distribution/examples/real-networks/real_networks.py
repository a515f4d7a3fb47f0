"""Makes the table of real networks: fetches and converts them, checks them, runs Stir, and writes the tables.

    python real_networks.py FOLDER distribution/target [--families images,nsfw] [--plan]

Needs a build of Stir and Python 3.11 on Debian or Ubuntu; some families need npm, Maven or espeak-ng. It makes two
environments with PyTorch and TensorFlow in FOLDER, continues where it was interrupted, and states hours and disk first.
Weights and inputs stay in FOLDER; the tables and pictures go next to this file.
"""

import argparse
import os
import shutil
import subprocess
import sys
import venv
from array import array
from pathlib import Path

from families import FAMILIES, PAIRS, experiment, restrict
from fetch import HERE, PROGRAMS, fetch, label, rows, run, sha256

ENVIRONMENTS = {
    "torch": "torch==2.7.1 onnx==1.18.0 numpy==2.2.6 pillow==11.2.1 tokenizers==0.21.1 matplotlib==3.10.1",
    "tensorflow": "tensorflow-cpu==2.18.0 tf_keras==2.18.0",
}
GIGABYTES = 10  # environments 8, packages 0.6, networks 0.4, results below 1
PHOTOS = {"cat": (281, 282, 285), "coffee": (504, 967, 968), "motorcycle": (665, 670, 671), "rocket": (657, 744, 833)}
LOGITS = {"lite0": "_fc", "lite1": "_fc", "lite2": "_fc", "mobilenet-v1": "Predictions"}
SHIFT = {"mobilenet-v1": 1}  # its class 0 is the background


def plan(names, optimizer):
    """States what a run takes, by the minutes in networks.csv, and ends if a program that it needs is absent."""
    longer = {"fast": 1, "thorough": 10}[optimizer]
    for name in names:
        networks = len(FAMILIES[name].networks)
        known = [int(row["minutes"]) for row in rows("networks.csv") if row["family"] == name]
        hours = f"{longer * known[0] * networks / len(known) / 60:.1f} hours" if known else "an unknown time"
        print(f"{name:15} {networks} networks, about {hours} on two cores, and some minutes for each check", flush=True)
    print(f"disk            about {GIGABYTES} GB, without weights in the results")
    programs = {PROGRAMS[row["index"]] for row in needed(names) if row["index"] in PROGRAMS}
    programs |= {program for name in names for program in FAMILIES[name].programs}
    if absent := [program for program in sorted(programs) if not shutil.which(program)]:
        sys.exit(f"Install {', '.join(absent)}: the chosen families need it.")


def needed(names):
    """The rows of packages.csv that families need, for their networks and inputs."""
    families = [FAMILIES[name] for name in names]
    wanted = {package for family in families for network in family.networks for package in network.packages}
    wanted.update(package for family in families for package in family.packages)
    if any("photos" in family.inputs["path"] for family in families):
        wanted.update(row["package"] for row in rows("photos.csv"))
    return [row for row in rows("packages.csv") if wanted & {label(row), f"{label(row)}-{row['version']}"}]


def compare_versions(work):
    """Warns if other versions of these scripts made the files of the folder, which are not made again."""
    sources = ("inputs.py", "packages.csv", "photos.csv", "tensorflow_networks.py", "torch_networks.py")
    version, file = " ".join(sha256(HERE / source) for source in sources), work / "version"
    if file.exists() and file.read_text() != version:
        print(f"Another version of these scripts made files in {work}, which are kept: use an empty folder for new ones.")
    elif not file.exists():
        file.write_text(version)


def environment(work, name):
    """The Python of an environment, which is made if it is absent."""
    folder = work / name
    if not (folder / "complete").exists():
        print(f"installing {ENVIRONMENTS[name]}", flush=True)
        venv.create(folder, clear=True, with_pip=True)
        run([folder / "bin/python", "-m", "pip", "install", "-q", *ENVIRONMENTS[name].split()])
        (folder / "complete").touch()
    return folder / "bin/python"


def convert(work, name):
    """Converts the networks of a family that are absent."""
    family = FAMILIES[name]
    (work / "networks").mkdir(exist_ok=True)
    absent = [n.name for n in family.networks if not (work / "networks" / (n.file or n.name)).exists()]
    for kind in ENVIRONMENTS:
        chosen = [n for n in absent if (n in family.tensorflow) == (kind == "tensorflow")]
        if chosen:
            run([environment(work, kind), HERE / f"{kind}_networks.py", work, *chosen])


def check(work, stir, name):
    """Runs `stir check` on the networks of a family, and looks at what classifiers of ImageNet see in four photos."""
    folder = work / "checks"
    folder.mkdir(exist_ok=True)
    for network in FAMILIES[name].networks:
        report = folder / f"{network.name}.txt"
        if report.exists() or "pairs" in FAMILIES[name].search:
            continue
        print(f"checking {network.name}, up to 10 minutes", flush=True)
        options = [f"--{key}={value}" for key, value in FAMILIES[name].inputs.items() if key not in ("path", "limit")]
        options += [f"--layer={layer}" for layer in network.keys.get("layers", ())]
        options += [f"--{key}={','.join(map(str, network.keys[key]))}" for key in ("mean", "std") if key in network.keys]
        options += [f"--normalise={network.keys['normalise']}"] if "normalise" in network.keys else []
        options += [f"--input={key}={str(value).lower()}" for key, value in network.keys.get("inputs", {}).items()]
        file = work / "networks" / (network.file or network.name)
        command = [stir, "check", file, "--inputs", work / FAMILIES[name].inputs["path"], "--limit", "4", *options]
        result = subprocess.run(command, check=False, capture_output=True, text=True)
        if result.returncode:
            sys.exit(f"stir check refuses {network.name}: {result.stderr.strip()}")
        if network.name in LOGITS:
            look(work, stir, file, network, options)
        report.write_text(result.stdout)


def look(work, stir, file, network, options):
    """Ends if a classifier names fewer than three of four photos as people would: its inputs are prepared wrongly."""
    out = work / "checks" / f"{network.name}.npy"
    command = [
        stir,
        "represent",
        file,
        "--inputs",
        work / "inputs/photos-224",
        "--layer",
        LOGITS[network.name],
        "--out",
        out,
    ]
    subprocess.run([*command, "--force", *options], check=True, capture_output=True)
    names = sorted(path.stem for path in (work / "inputs/photos-224").glob("*.png"))
    content = out.read_bytes()
    values = array("f", content[10 + int.from_bytes(content[8:10], "little") :])  # after the header of the .npy
    size = len(values) // len(names)
    classes = [
        max(range(size), key=lambda at: values[row * size + at]) - SHIFT.get(network.name, 0) for row in range(len(names))
    ]
    wrong = [photo for photo, known in PHOTOS.items() if classes[names.index(photo)] not in known]
    print(f"{network.name} names {len(PHOTOS) - len(wrong)} of {len(PHOTOS)} photos as people would", flush=True)
    if len(wrong) > 1:
        sys.exit(f"{network.name} does not know {', '.join(wrong)}: its inputs are prepared wrongly.")


def compute(work, stir, name, optimizer, results):
    """Runs the experiment of a family within the folder of results.

    Given pairs are the same for all references, so that each is also scored on those alone that it accepts.
    """
    variables = os.environ | FAMILIES[name].environment

    def matrix(to, reference=None):
        (work / f"{to}.yaml").write_text(experiment(name, optimizer, reference))
        run([stir, "matrix", f"{to}.yaml", "--out", f"{results}/{to}"], cwd=work, env=variables)

    matrix(name)
    if "pairs" not in FAMILIES[name].search:
        return
    for network in FAMILIES[name].networks:
        marks = work / results / f"{name}-{network.name}-marks"
        shutil.rmtree(marks, ignore_errors=True)  # those of other inputs would be taken for these
        file = f"networks/{network.file}"
        options = ["--inputs", PAIRS["path"], "--pairs", PAIRS["pairs"], "--range", FAMILIES[name].inputs["range"]]
        options += ["--layer", network.keys["layers"][0], "--seed", "other-input", "--quiet", "--out", marks]
        run([stir, "score", file, file, *options], cwd=work, env=variables)
        run([environment(work, "torch"), HERE / "inputs.py", work, "accepted", marks / "inputs.csv", network.name])
        matrix(f"{name}-{network.name}", network.name)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("build", type=Path)
    parser.add_argument("--families", default=",".join(FAMILIES))
    parser.add_argument("--networks", help="only these of the families, with results in a folder of their own")
    parser.add_argument("--optimizer", choices=("fast", "thorough"), default="fast")
    parser.add_argument("--plan", action="store_true", help="only state hours and disk")
    arguments = parser.parse_args()
    names = arguments.families.split(",")
    if unknown := set(names) - set(FAMILIES):
        parser.error(f"There is no family {', '.join(unknown)}: choose of {', '.join(FAMILIES)}.")
    only = arguments.networks.split(",") if arguments.networks else None
    known = [network.name for name in names for network in FAMILIES[name].networks]
    if only and (len(names) != 1 or set(only) - set(known)):
        parser.error(f"--networks needs one of --families, and some of its networks: {', '.join(known)}.")
    if only:
        restrict(names[0], only)
    plan(names, arguments.optimizer)
    if arguments.plan:
        return
    work, stir = arguments.folder.resolve(), arguments.build.resolve() / "stir/bin/stir"
    if not stir.exists():
        parser.error(f"{stir} does not exist: build Stir first, and name its distribution/target.")
    work.mkdir(parents=True, exist_ok=True)
    compare_versions(work)
    fetch(work, needed(names))
    python = environment(work, "torch")
    run([python, HERE / "inputs.py", work, *names])
    rows_of_table = arguments.optimizer == "fast" and not only
    results = "results" if rows_of_table else "-".join([arguments.optimizer, *(only or ())])
    for name in names:
        convert(work, name)
        check(work, stir, name)
        compute(work, stir, name, arguments.optimizer, results)
    if rows_of_table:
        run([python, HERE / "pages.py", work])


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("Interrupted: the same command continues.")
