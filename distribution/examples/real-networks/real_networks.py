"""Makes the table of real networks: fetches and converts them, checks them, runs Stir, and writes the pages.

    python real_networks.py FOLDER distribution/target [--families images,nsfw] [--optimizer fast] [--plan]

Needs a build of Stir, Python 3.11 on Debian or Ubuntu, Java, Node.js with npm, Maven and espeak-ng. It makes two
environments with PyTorch and TensorFlow in FOLDER, continues where it was interrupted, and states hours and disk first.
Weights and inputs stay in FOLDER; the pages go next to this file.
"""

import argparse
import subprocess
import sys
import venv
from array import array
from pathlib import Path

from families import FAMILIES, PAIRS, experiment
from fetch import HERE, fetch, rows

ENVIRONMENTS = {
    "torch": "torch==2.7.1 onnx==1.18.0 numpy==2.2.6 pillow==11.2.1 tokenizers==0.21.1 matplotlib==3.10.1",
    "tensorflow": "tensorflow-cpu==2.18.0 tf_keras==2.18.0",
}
GIGABYTES = 10  # environments 8, packages 0.6, networks 0.4, results below 1
PHOTOS = {"cat": (281, 282, 285), "coffee": (504, 967, 968), "motorcycle": (665, 670, 671), "rocket": (657, 744, 833)}
LOGITS = {"lite0": "_fc", "lite1": "_fc", "lite2": "_fc", "mobilenet-v1": "Predictions"}
SHIFT = {"mobilenet-v1": 1}  # its class 0 is the background


def plan(names, optimizer):
    """States what a run takes on two cores."""
    passes = {"fast": 101, "thorough": 1001}[optimizer]
    for name in names:
        hours = f"about {FAMILIES[name].seconds * 40 * passes / 3600:.1f} hours of searches on two cores"
        needs = "minutes, without searches" if "pairs" in FAMILIES[name].search else hours
        print(f"{name:15} {len(FAMILIES[name].networks)} networks, {needs}", flush=True)
    print(f"disk            about {GIGABYTES} GB, without weights in the results")


def environment(work, name):
    """The Python of an environment, which is made if it is absent."""
    folder = work / name
    if not (folder / "complete").exists():
        print(f"installing {ENVIRONMENTS[name]}", flush=True)
        venv.create(folder, clear=True, with_pip=True)
        subprocess.run([folder / "bin/python", "-m", "pip", "install", "-q", *ENVIRONMENTS[name].split()], check=True)
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
            subprocess.run([environment(work, kind), HERE / f"{kind}_networks.py", work, *chosen], check=True)


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


def compute(work, stir, name, optimizer):
    """Runs the experiment of a family; if pairs are given, also one for each reference, on the pairs that it accepts.

    Given pairs are the same for all references, so that only the choice makes the reference count.
    """
    results = "results" if optimizer == "fast" else optimizer

    def matrix(to, reference=None):
        (work / f"{to}.yaml").write_text(experiment(name, optimizer, reference))
        subprocess.run([stir, "matrix", f"{to}.yaml", "--out", f"{results}/{to}"], check=True, cwd=work)

    matrix(name)
    if "pairs" not in FAMILIES[name].search:
        return
    for network in FAMILIES[name].networks:
        marks = work / results / f"{name}-{network.name}-marks"
        file = f"networks/{network.file}"
        options = ["--inputs", PAIRS["path"], "--pairs", PAIRS["pairs"], "--range", FAMILIES[name].inputs["range"]]
        options += ["--layer", network.keys["layers"][0], "--seed", "other-input", "--out", marks]
        subprocess.run([stir, "score", file, file, *options], check=False, cwd=work, stdout=subprocess.DEVNULL)
        if not (marks / "inputs.csv").exists():
            sys.exit(f"{marks} has no inputs.csv: see the message above.")
        script = [environment(work, "torch"), HERE / "inputs.py", work, "accepted", marks / "inputs.csv", network.name]
        subprocess.run(script, check=True)
        matrix(f"{name}-{network.name}", network.name)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("build", type=Path)
    parser.add_argument("--families", default=",".join(FAMILIES))
    parser.add_argument("--optimizer", choices=("fast", "thorough"), default="fast")
    parser.add_argument("--plan", action="store_true", help="only state hours and disk")
    arguments = parser.parse_args()
    names = arguments.families.split(",")
    if unknown := set(names) - set(FAMILIES):
        parser.error(f"There is no family {', '.join(unknown)}: choose of {', '.join(FAMILIES)}.")
    plan(names, arguments.optimizer)
    if arguments.plan:
        return
    work, stir = arguments.folder.resolve(), arguments.build.resolve() / "stir/bin/stir"
    work.mkdir(parents=True, exist_ok=True)
    fetch(work, rows("packages.csv"))
    python = environment(work, "torch")
    subprocess.run([python, HERE / "inputs.py", work, *names], check=True)
    for name in names:
        convert(work, name)
        check(work, stir, name)
        compute(work, stir, name, arguments.optimizer)
    if arguments.optimizer == "fast":  # others are no rows of the table
        subprocess.run([python, HERE / "pages.py", work], check=True)


if __name__ == "__main__":
    main()
