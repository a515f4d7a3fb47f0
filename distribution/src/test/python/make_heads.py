"""Cuts the heads of bundled networks out of their files, for StitchingIT: python make_heads.py

Needs torch and onnx. Writes into src/test/resources/heads.
"""
import pathlib
import sys

import onnx
import torch

BUNDLED = pathlib.Path(__file__).resolve().parents[3]  # the folder distribution
HEADS = BUNDLED / "src/test/resources/heads"

sys.path.insert(0, str(BUNDLED / "examples/networks"))
from train import save  # without the records for debugging

for name in ("plain0", "robust0"):
    network = torch.jit.load(str(BUNDLED / f"examples/networks/{name}.pt"))
    save(torch.jit.script(torch.nn.Sequential(network.classifier).eval()), HEADS / f"{name}.pt")
vgg = onnx.shape_inference.infer_shapes(onnx.load(str(BUNDLED / "src/demo/vgg_gelu0.onnx")))
onnx.save(onnx.utils.Extractor(vgg).extract_model(["/classifier/relu1/Mul_1_output_0"], ["logits"]), str(HEADS / "vgg_gelu0.onnx"))
