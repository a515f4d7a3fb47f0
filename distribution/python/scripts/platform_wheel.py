"""Builds a wheel of the package that contains Stir, from an archive of Stir for that platform.

    python scripts/platform_wheel.py stir-0.1.0-linux-x86_64-all.tar.gz [FOLDER]

Needs the packages build and wheel. The wheel needs no `STIR_HOME`, and nothing is downloaded when
it runs.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

TAGS = {
    "linux-x86_64": "manylinux_2_28_x86_64",
    "linux-aarch64": "manylinux_2_28_aarch64",
    "macos-aarch64": "macosx_11_0_arm64",
    "windows-x86_64": "win_amd64",
}
PACKAGE = Path(__file__).resolve().parents[1]


def main(archive: Path, to: Path) -> None:
    platform = next((name for name in TAGS if re.search(rf"-{name}\b", archive.name)), None)
    if platform is None:
        sys.exit(f"{archive.name} does not name one of the platforms {', '.join(TAGS)}.")
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "package"
        shutil.copytree(PACKAGE / "src", copy / "src", ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("pyproject.toml", "README.md"):
            shutil.copy(PACKAGE / name, copy / name)
        with tarfile.open(archive) as packed:
            packed.extractall(folder + "/unpacked", filter="tar")
        (top,) = (Path(folder) / "unpacked").iterdir()
        # Wheels hold no symbolic links: their targets are copied.
        shutil.copytree(top, copy / "src" / "stir_java" / "image", ignore_dangling_symlinks=True)
        build = [sys.executable, "-m", "build", "--wheel", "--outdir", folder + "/built", copy]
        subprocess.run(build, check=True)
        (wheel,) = (Path(folder) / "built").glob("*.whl")
        tag = ["tags", "--remove", "--platform-tag", TAGS[platform], wheel]
        subprocess.run([sys.executable, "-m", "wheel", *tag], check=True)
        (wheel,) = (Path(folder) / "built").glob("*.whl")
        to.mkdir(parents=True, exist_ok=True)
        print(shutil.move(wheel, to / wheel.name))


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2] if len(sys.argv) == 3 else "."))
