"""Times similarity measures of stir-core beside numpy's, float64, on the same machine and threads.

    mvn -pl stir-core -am test-compile dependency:build-classpath -Dmdep.outputFile=target/classpath.txt
    python stir-core/src/test/python/measure_benchmark.py --threads 2

Both sides compute in float64 with as many threads, in turn (so that another load on the machine meets
both), and the shortest of several runs counts. With one thread the time that it was computing is compared
too, which a busy machine changes less. numpy takes the cheaper of the two forms of linear CKA.
"""

import argparse
import os
import subprocess
import time
from pathlib import Path

MODULE = Path(__file__).resolve().parents[3]


def measures():
    import numpy as np

    def centred(x):
        return x - x.mean(0)

    def linear_cka(x, y):
        x, y = centred(x), centred(y)
        k, l = x @ x.T, y @ y.T
        return np.vdot(k, l) / (np.linalg.norm(k) * np.linalg.norm(l))

    def components(x):
        u, s, _ = np.linalg.svd(centred(x), full_matrices=False)
        held = np.cumsum(s**2) / np.sum(s**2)
        return u[:, : np.searchsorted(held, 0.99) + 1]

    def svcca(x, y):
        return np.linalg.svd(components(x).T @ components(y), compute_uv=False).mean()

    return {
        "linear-cka-2000x2048": (linear_cka, 2000, 2048, 8),
        "linear-cka-1000x65536": (linear_cka, 1000, 65536, 3),
        "svcca-2000x512": (svcca, 2000, 512, 4),
    }


def numpy_seconds(function, rows, columns, runs):
    import numpy as np

    random = np.random.default_rng(0)
    x, y = random.standard_normal((rows, columns)), random.standard_normal((rows, columns))
    shortest = shortest_computing = float("inf")
    for _ in range(runs):
        start, start_computing = time.perf_counter(), time.thread_time()
        function(x, y)
        shortest_computing = min(shortest_computing, time.thread_time() - start_computing)
        shortest = min(shortest, time.perf_counter() - start)
    return shortest, shortest_computing


def java_seconds(java, task, threads):
    classpath = os.pathsep.join(
        [str(MODULE / "target/test-classes"), str(MODULE / "target/classes"),
         (MODULE / "target/classpath.txt").read_text().strip()])
    out = subprocess.run(
        [java, "-Xmx6g", f"-Djava.util.concurrent.ForkJoinPool.common.parallelism={threads - 1}",
         "-cp", classpath, "stir.core.measure.MeasureBenchmark", task],
        check=True, capture_output=True, text=True).stdout
    wall, computing = out.strip().split(",")[1:]
    return float(wall), float(computing)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--java", default="java")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("tasks", nargs="*")
    options = parser.parse_args()
    for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[variable] = str(options.threads)  # before numpy is loaded
    print("task,numpy_seconds,stir_seconds,ratio" + (",computing_ratio" if options.threads == 1 else ""))
    for task, (function, rows, columns, runs) in measures().items():
        if options.tasks and task not in options.tasks:
            continue
        theirs = ours = (float("inf"), float("inf"))
        for _ in range(options.rounds):
            theirs = tuple(map(min, theirs, numpy_seconds(function, rows, columns, runs)))
            ours = tuple(map(min, ours, java_seconds(options.java, task, options.threads)))
        line = f"{task},{theirs[0]:.4f},{ours[0]:.4f},{ours[0] / theirs[0]:.2f}"
        print(line + (f",{ours[1] / theirs[1]:.2f}" if options.threads == 1 else ""), flush=True)


if __name__ == "__main__":
    main()
