"""Kills a study at random moments, resumes it, and compares it with one that was left alone.

    python3 distribution/benchmarks/study_kills.py distribution/target/stir [--inputs 200] [--kills 10] [--iterations 20] [--seed 0]

4 bundled networks at 3 layers each. Then a fifth network is added, and nothing old may be computed again. What was done is
counted in the logs of all runs and in the files' times. Needs nothing but Python 3 and the image. Ends with 1 if anything
differs or is done twice.
"""

import argparse
import hashlib
import json
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

VGG = "[features.pool2, features.pool3, classifier.relu1]"
RESNET = "[layer3, flatten, fc]"
FIFTH = Path(__file__).resolve().parents[2] / "backend-djl/src/test/resources/stir/backend/djl/adv0.script.pt"
ALWAYS_WRITTEN = ("study.json", "results.csv", "result.json")


def experiment(folder, image, arguments, fifth):
    models = [
        f"  - {{name: {name}, file: {image}/demo/{name}.script.pt, layers: {VGG if name.startswith('vgg') else RESNET}}}"
        for name in ("vgg0", "vgg1", "resnet0", "resnet1")
    ]
    if fifth:
        models.append(f"  - {{name: adv0, file: {FIFTH}, layers: {VGG}}}")
    file = folder / "study.yaml"
    file.write_text(
        "models:\n"
        + "\n".join(models)
        + f"\ninputs: {{path: {image}/demo/mnist500-images-idx3-ubyte, limit: {arguments.inputs}}}\n"
        + f"search: {{optimizer: fast, iterations: {arguments.iterations}}}\n"
    )
    return file


def start(image, file, out):
    # Each study lies in a folder of its own under the same name, since study.json tells the command.
    out.parent.mkdir(exist_ok=True)
    return subprocess.Popen(
        [f"{image}/bin/stir", "matrix", str(file), "--out", out.name, "--format", "json"],
        cwd=out.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def complete(image, file, out):
    begun = time.monotonic()
    process = start(image, file, out)
    document = process.communicate()[0]
    if process.returncode != 0:
        sys.exit(f"stir ended with {process.returncode}")
    return json.loads(document)["work"], time.monotonic() - begun


def hashes(out):
    return {
        str(file.relative_to(out)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(out.rglob("*"))
        if file.is_file() and "logs" not in file.relative_to(out).parts
    }


def differences(expected, found):
    return [name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name)]


def inversions(out):
    """The inversions that were completed, and those that were begun although they had been completed, as the logs tell."""
    completed, repeated = [], []
    logs = sorted((out / "logs").glob("run-*.log"), key=lambda log: int(re.sub(r"\D", "", log.stem)))
    for log in logs:
        begun = None
        for line in log.read_text().splitlines():
            if begun:
                completed.append(begun)  # another step followed
            found = re.search(r" gather/(\S+)$", line)
            begun = found.group(1) if found else None
            if begun in completed:
                repeated.append(begun)
    return completed, repeated


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("image")
    parser.add_argument("--inputs", type=int, default=200)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--iterations", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    image = Path(arguments.image).resolve()
    moments = random.Random(arguments.seed)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        file = experiment(folder, image, arguments, fifth=False)
        work, seconds = complete(image, file, folder / "whole" / "study")
        print(f"left alone: {seconds:.0f} s, {work}", flush=True)
        expected = hashes(folder / "whole" / "study")

        broken = folder / "broken" / "study"
        kills = 0
        while kills < arguments.kills:
            process = start(image, file, broken)
            moment = moments.uniform(0.5, max(1.5, seconds / 7))  # a seventh, so that most kills find work to end
            try:
                process.wait(moment)
                print("it came to its end between kills, and begins anew")
                differing = differences(expected, hashes(broken))
                if differing:
                    sys.exit(f"{differing} differ from those of the study that was left alone")
                shutil.rmtree(broken)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                kills += 1
                log = max((broken / "logs").glob("run-*.log"), key=lambda path: path.stat().st_mtime_ns, default=None)
                lines = log.read_text().splitlines() if log else []
                last = lines[-1].partition(" ")[2] if lines else "nothing"
                print(f"kill {kills} after {moment:.1f} s, after: {last}", flush=True)
        work, seconds = complete(image, file, broken)
        print(f"resumed: {seconds:.0f} s, {work}")
        found = hashes(broken)
        differing = differences(expected, found)
        print(f"{len(found)} files, {len(differing)} differ from those of the study that was left alone")
        completed, repeated = inversions(broken)
        print(f"inversions in the logs of all runs: {len(completed)} completed, {len(repeated)} of these begun again", flush=True)

        old = {file: file.stat().st_mtime_ns for file in broken.rglob("*") if file.is_file()}
        file = experiment(folder, image, arguments, fifth=True)
        work, seconds = complete(image, file, broken)
        print(f"a fifth network: {seconds:.0f} s, {work}")
        more, again = inversions(broken)
        print(f"inversions in the logs of all runs: {len(more)} completed, {len(again)} of these begun again")
        rewritten = [
            path
            for path, then in old.items()
            if path.stat().st_mtime_ns != then and path.name not in ALWAYS_WRITTEN and path.parent.name != "logs"
        ]
        print(f"{len(old)} old files, written again beside {' and '.join(ALWAYS_WRITTEN)}: {len(rewritten)}")
        wrong = differing or again or rewritten or len(completed) != 12 or len(more) != 15
        return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
