"""Kills a study at random moments, resumes it, and compares it with one that was left alone.

    python3 distribution/benchmarks/study_kills.py distribution/target/stir [--inputs 200] [--kills 10] [--iterations 20] [--seed 0]

4 bundled networks at 3 layers each. Then a fifth network is added, and no old file may be written again. Needs nothing but
Python 3 and the image; run it from the repository's root. Ends with 1 if anything differs.
"""

import argparse
import hashlib
import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

VGG = "[features.pool2, features.pool3, classifier.relu1]"
RESNET = "[layer2, layer3, flatten]"
FIFTH = Path("backend-djl/src/test/resources/stir/backend/djl/adv0.script.pt")


def experiment(folder, image, arguments, fifth):
    models = [
        f"  - {{name: {name}, file: {image}/demo/{name}.script.pt, layers: {VGG if name.startswith('vgg') else RESNET}}}"
        for name in ("vgg0", "vgg1", "resnet0", "resnet1")
    ]
    if fifth:
        models.append(f"  - {{name: adv0, file: {FIFTH.resolve()}, layers: {VGG}}}")
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
        print(f"left alone: {seconds:.0f} s, {work}")
        expected = hashes(folder / "whole" / "study")

        broken = folder / "broken" / "study"
        kills = 0
        while kills < arguments.kills:
            process = start(image, file, broken)
            try:
                # Between the start of Java and a seventh of the whole, so that all kills find work to end.
                process.wait(moments.uniform(0.5, max(1.5, seconds / 7)))
                print("it came to its end between kills")
                break
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                kills += 1
                parts = sum(1 for found in broken.rglob("*.json") if "logs" not in found.parts)
                unfinished = [found.name for found in broken.rglob(".stir-unfinished-*")]
                print(f"kill {kills}: {parts} parts stored, unfinished {unfinished}")
        work, seconds = complete(image, file, broken)
        print(f"resumed: {seconds:.0f} s, {work}")
        found = hashes(broken)
        differing = [name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name)]
        print(f"{len(found)} files, {len(differing)} differ from those of the study that was left alone")

        old = {file: file.stat().st_mtime_ns for file in broken.rglob("*") if file.is_file()}
        file = experiment(folder, image, arguments, fifth=True)
        work, seconds = complete(image, file, broken)
        print(f"a fifth network: {seconds:.0f} s, {work}")
        rewritten = [
            str(path.relative_to(broken))
            for path, then in old.items()
            if path.stat().st_mtime_ns != then
            and path.name not in ("study.json", "results.csv")
            and "logs" not in path.relative_to(broken).parts
        ]
        print(f"{len(old)} old files, written again beside study.json and results.csv: {len(rewritten)}")
        return 1 if differing or rewritten or kills < arguments.kills else 0


if __name__ == "__main__":
    sys.exit(main())
