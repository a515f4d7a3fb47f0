"""Fetches the packages of packages.csv by name and version, and checks them by their checksums.

A package is unpacked to FOLDER/packages/NAME-VERSION, and fetched once. Indices are those of pip, npm, apt and Maven on
this machine.
"""

import csv
import hashlib
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROGRAMS = {"npm": "npm", "apt": "apt-get", "maven": "mvn"}  # of each index; pip is Python's own


def rows(name):
    """The rows of a table next to this file, as dictionaries."""
    with open(HERE / name, newline="", encoding="utf-8") as table:
        return list(csv.DictReader(table))


def run(command, **options):
    """Runs a command, and ends if it fails."""
    if subprocess.run(command, check=False, **options).returncode:
        sys.exit(f"{Path(command[0]).name} failed: see the message above. The same command continues.")


def label(row):
    """The name of a package, of a Java package without its group."""
    return row["package"].split(":")[-1]


def sha256(path):
    """The SHA-256 of a file."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def command(index, package, version, into):
    """The command that brings one package, without what it depends on."""
    return {
        "pip": [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", into, f"{package}=={version}"],
        "npm": ["npm", "pack", "--silent", "--pack-destination", into, f"{package}@{version}"],
        "apt": ["apt-get", "download", "-qq", f"{package}={version}"],
        "maven": ["mvn", "-B", "-q", "dependency:copy", f"-Dartifact={package}:{version}", f"-DoutputDirectory={into}"],
    }[index]


def unpack(archive, into):
    """Unpacks a wheel, jar, npm package or Debian package."""
    if archive.suffix == ".deb":
        run(["dpkg-deb", "-x", archive, into])
    elif archive.suffix == ".tgz":
        with tarfile.open(archive) as file:
            file.extractall(into, filter="data")
    else:
        with zipfile.ZipFile(archive) as file:
            file.extractall(into)


def folder(work, package):
    """The folder of an unpacked package: `name` or `name-version`."""
    exact = work / "packages" / package
    matches = [exact] if exact.exists() else list((work / "packages").glob(f"{package}-[0-9]*"))
    if len(matches) != 1:
        sys.exit(f"{package} names {len(matches)} of the fetched packages, not one.")
    return matches[0]


def fetch(work, packages):
    """Fetches the rows of packages.csv that are absent."""
    for row in packages:
        into = work / "packages" / f"{label(row)}-{row['version']}"
        if into.exists():
            continue
        download = work / "download"
        shutil.rmtree(download, ignore_errors=True)
        download.mkdir(parents=True)
        print(f"fetching {label(row)} {row['version']}", flush=True)
        run(command(row["index"], row["package"], row["version"], str(download)), cwd=download)
        archive = next(download.iterdir())
        if row["sha256"] and sha256(archive) != row["sha256"]:
            sys.exit(f"{archive.name} is not the file of packages.csv: its SHA-256 is {sha256(archive)}.")
        part = into.with_suffix(".part")
        shutil.rmtree(part, ignore_errors=True)
        unpack(archive, part)
        part.rename(into)
        shutil.rmtree(download)
