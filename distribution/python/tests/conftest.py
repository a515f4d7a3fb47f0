import os
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[3]
NETWORKS = ROOT / "backend-onnx" / "src" / "test" / "resources" / "fixtures"
SCRIPTS = Path(__file__).resolve().parents[1] / "scripts"
DIGITS = ROOT / "distribution" / "src" / "demo" / "mnist500-images-idx3-ubyte"


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("STIR_PYTHON_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv(
        "STIR_HOME", os.environ.get("STIR_HOME", str(ROOT / "distribution/target/stir"))
    )
    return tmp_path / "cache"


@pytest.fixture
def vgg():
    return NETWORKS / "vgg0.onnx"


@pytest.fixture
def resnet():
    return NETWORKS / "resnet0.onnx"


@pytest.fixture
def digits():
    pixels = np.frombuffer(DIGITS.read_bytes(), np.uint8, offset=16).reshape(-1, 1, 28, 28)
    return pixels[:24]
