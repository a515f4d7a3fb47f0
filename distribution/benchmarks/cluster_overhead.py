"""Processor time of one study by `stir matrix` with one thread, as four shards, and on Spark's local[1].

    python3 distribution/benchmarks/cluster_overhead.py distribution/target/stir distribution/target/stir-spark.jar SPARK_HOME [--inputs 500] [--iterations 100]

Two bundled networks at two layers each, the optimiser `published`. SPARK_HOME is a Spark 4 distribution, or the folder `distribution/spark/target/spark` that
`mvn verify` leaves. Times are those of all processes of a run, user and system. Needs Python 3 and a JDK 17. Ends with 1 if the folders differ.
"""

import argparse
import os
import re
import resource
import subprocess
import sys
import tempfile
from pathlib import Path


def processor_seconds():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def timed(command, folder, environment):
    before = processor_seconds()
    ended = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    if ended.returncode:
        sys.exit(ended.stderr)
    return processor_seconds() - before


def spark_submit(home, arguments, environment):
    """What bin/spark-submit does: Spark's launcher tells the command."""
    told = subprocess.run(
        ["java", "-cp", f"{home}/jars/*", "org.apache.spark.launcher.Main", "org.apache.spark.deploy.SparkSubmit", *arguments],
        env=environment,
        capture_output=True,
        check=True,
    ).stdout.decode()
    return [word.strip("\n") for word in told.split("\0") if word.strip()]


def contents(study):
    found = {}
    for file in sorted(study.rglob("*")):
        name = str(file.relative_to(study))
        if file.is_file() and not name.startswith("logs/"):
            data = file.read_bytes()
            found[name] = re.sub(rb'"command" : .*\n', b"", data) if name == "study.json" else data
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("image", type=Path)
    parser.add_argument("jar", type=Path)
    parser.add_argument("spark", type=Path)
    parser.add_argument("--inputs", type=int, default=500)
    parser.add_argument("--iterations", type=int, default=100)
    arguments = parser.parse_args()
    image, jar, home = (path.resolve() for path in (arguments.image, arguments.jar, arguments.spark))
    environment = {**os.environ, "SPARK_HOME": str(home), "SPARK_SCALA_VERSION": "2.13", "SPARK_LOCAL_IP": "127.0.0.1"}
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "study.yaml").write_text(
            "models:\n"
            f"  - {{name: vgg0, file: {image}/demo/vgg0.script.pt, layers: [features.pool3, classifier.relu1]}}\n"
            f"  - {{name: resnet0, file: {image}/demo/resnet0.script.pt, layers: [layer3, flatten]}}\n"
            f"inputs: {{path: {image}/demo/mnist500-images-idx3-ubyte, limit: {arguments.inputs}}}\n"
            f"search: {{optimizer: published, iterations: {arguments.iterations}}}\n"
        )
        alone = timed([f"{image}/bin/stir", "matrix", "study.yaml", "--out", "one", "--threads", "1"], folder, environment)
        print(f"stir matrix --threads 1: {alone:.1f} s", flush=True)
        shards = sum(
            timed([f"{image}/bin/stir", "cluster", "matrix", "study.yaml", "--out", "shards", "--threads", "1", *part], folder, environment)
            for part in [
                *(["--stage", stage, "--shard", f"{index}/4"] for stage in ("search", "score") for index in range(4)),
                ["--finish"],
            ]
        )
        print(f"four shards, both stages, and the results: {shards:.1f} s, {100 * (shards / alone - 1):+.1f} %", flush=True)
        if contents(folder / "one") != contents(folder / "shards"):
            sys.exit("The folders of one process and of shards differ.")
        submit = spark_submit(
            home,
            ["--master", "local[1]", "--conf", "spark.ui.enabled=false", "--class", "stir.spark.StudyDriver", str(jar)]
            + ["study.yaml", "--out", "spark", "--home", str(image)],
            environment,
        )
        spark = timed(submit, folder, environment)
        print(f"Spark local[1]: {spark:.1f} s, {100 * (spark / alone - 1):+.1f} %")
        if contents(folder / "one") != contents(folder / "spark"):
            sys.exit("The folders differ.")


if __name__ == "__main__":
    main()
