"""Export the encoder of a trained pipeline to ONNX: a pipeline that runs without torch and transformers.

The hashes of characters are taken outside, in numpy, so the model's inputs are rows of hash tables (or numbers of
pieces) and a mask; all else is as in ``baogao.CharTransformer.v1``.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

import numpy
import onnx
import spacy
import torch
import typer
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process
from spacy.language import Language

from baogao.encoders.character_encoder import CharacterEncoder
from baogao.layers.character_inputs import read_docs
from baogao.layers.onnx_encoder import OnnxEncoder
from training.replace_encoder import COMPONENT, replace_encoder

OPSET = 18


def export_encoder(encoder: CharacterEncoder) -> bytes:
    """The encoder as an ONNX model with a free number and length of windows.

    Inputs: ``inputs`` (int64, shape (windows, length, …)) and ``mask`` (bool, shape (windows, length)).
    Output: ``vectors`` (shape (windows, length, width)).
    """
    encoder = encoder.cpu().eval()
    (units,), *_ = read_docs([spacy.blank("zh")("会议")], encoder.inputs)
    inputs = torch.from_numpy(numpy.resize(units, (2, 33, *units.shape[1:])))
    windows, length = torch.export.Dim("windows"), torch.export.Dim("length", min=2)
    program = torch.onnx.export(
        encoder,
        (inputs, torch.ones(inputs.shape[:2], dtype=torch.bool)),
        input_names=["inputs", "mask"],
        output_names=["vectors"],
        dynamic_shapes=({0: windows, 1: length}, {0: windows, 1: length}),
        opset_version=OPSET,
        dynamo=True,
        verbose=False,
    )
    onnx.checker.check_model(program.model_proto)
    return program.model_proto.SerializeToString()


def quantize(model: bytes) -> bytes:
    """Weights of the matrix multiplications as 8-bit integers, activations rounded as they come."""
    with tempfile.TemporaryDirectory() as folder:
        source, prepared, target = (Path(folder) / f"{name}.onnx" for name in ("fp32", "prepared", "int8"))
        source.write_bytes(model)
        quant_pre_process(source, prepared, skip_symbolic_shape=True)
        # Seven bits of weights: processors without VNNI add pairs of 8-bit products in 16 bits, which overflow.
        quantize_dynamic(
            prepared,
            target,
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=True,
            op_types_to_quantize=["MatMul"],
        )
        return target.read_bytes()


def export_pipeline(nlp: Language, out: Path, int8: bool) -> None:
    """Write the pipeline with its encoder in ONNX. Raises ValueError if it has no ``baogao.CharTransformer.v1``."""
    model = nlp.get_pipe(COMPONENT).model if nlp.has_pipe(COMPONENT) else None
    if model is None or model.name != "char_transformer":
        raise ValueError(f"the pipeline has no component '{COMPONENT}' with baogao.CharTransformer.v1")
    encoder = model.shims[0].encoder
    exported = export_encoder(encoder)
    settings = {"window": model.attrs["window"], "stride": model.attrs["stride"]}
    layer = OnnxEncoder(**settings)
    layer.shims[0].set_model(quantize(exported) if int8 else exported, encoder.inputs)
    layer.initialize()
    replace_encoder(nlp, layer, {"@architectures": "baogao.OnnxEncoder.v1", **settings}, out)


def main(
    pipeline: Annotated[Path, typer.Argument(help="A trained pipeline with baogao.CharTransformer.v1.")],
    out: Annotated[Path, typer.Argument(help="Where to write the pipeline with the encoder in ONNX.")],
    int8: Annotated[bool, typer.Option("--int8", help="Quantise the matrices to 8-bit integers.")] = False,
) -> None:
    try:
        export_pipeline(spacy.load(pipeline), out, int8)
    except (OSError, ValueError) as error:
        raise typer.BadParameter(f"{pipeline}: {error}") from error
    size = (out / COMPONENT / "model").stat().st_size
    typer.echo(f"{out}: encoder of {size / 1e6:.1f} MB")


if __name__ == "__main__":
    typer.run(main)
