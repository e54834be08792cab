"""A reader as an ONNX file of whole numbers, a quarter of the size."""
# pyright: reportMissingImports=false, reportUnknownMemberType=false, reportMissingTypeStubs=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false

import tempfile
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from bench.transformer.training import Reader

_NAMES = ("input_ids", "attention_mask", "token_type_ids")


def export(reader: Reader, path: Path) -> None:
    """Write the model, its weights in eight bits, of which one stays free.

    Processors without AVX512-VNNI would overflow in the last one, and say something else.
    """
    given = tuple(torch.ones(2, 8, dtype=torch.int64) for _ in _NAMES)
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.onnx"
        torch.onnx.export(
            reader,
            given,
            whole,
            input_names=list(_NAMES),
            output_names=["score"],
            dynamic_axes={name: {0: "pairs", 1: "pieces"} for name in _NAMES}
            | {"score": {0: "pairs"}},
            opset_version=17,
            dynamo=False,
        )
        quantize_dynamic(
            whole, path, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True
        )
