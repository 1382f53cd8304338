"""all-MiniLM-L6-v2 as an ONNX model, made of the weights that a package of the registry carries.

The package has them as safetensors alone; the graph is BERT's, written out.
Source: the paper of BERT (arXiv:1810.04805), and the model's own config.json.
"""

from __future__ import annotations

import json
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import helper, numpy_helper

_LAYERS = 6
_HEADS = 12
_WIDTH = 384
_FILES = ("config.json", "1_Pooling/config.json", "tokenizer.json", "tokenizer_config.json")
_OPSET = 17


def made(package: Path, folder: Path) -> Path:
    """The folder with the model as ONNX; made of the package's archive where it is not there."""
    if (folder / "model.onnx").exists():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(package) as archive:
        for name in _FILES:
            place = folder / name
            place.parent.mkdir(exist_ok=True)
            place.write_bytes(archive.read(name))
        weights = _weights(archive.read("model.safetensors"))
    partial = folder / "model.partial"
    partial.write_bytes(_bert(weights).SerializeToString())
    partial.rename(folder / "model.onnx")
    return folder


def _weights(body: bytes) -> Mapping[str, np.ndarray[Any, Any]]:
    (length,) = struct.unpack("<Q", body[:8])
    header = json.loads(body[8 : 8 + length])
    found: dict[str, np.ndarray[Any, Any]] = {}
    for name, about in header.items():
        if name != "__metadata__" and about["dtype"] == "F32":
            first, last = (8 + length + at for at in about["data_offsets"])
            found[name] = np.frombuffer(body[first:last], np.float32).reshape(about["shape"])
    return found


class _Graph:
    def __init__(self, weights: Mapping[str, np.ndarray[Any, Any]]) -> None:
        self.weights = weights
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}

    def node(self, operation: str, *inputs: str, **attributes: Any) -> str:
        name = f"v{len(self.nodes)}"
        self.nodes.append(helper.make_node(operation, list(inputs), [name], **attributes))
        return name

    def constant(self, name: str, value: np.ndarray[Any, Any]) -> str:
        if name not in self.constants:
            self.constants[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def weight(self, name: str) -> str:
        return self.constant(name, self.weights[name])

    def shape(self, *sizes: int) -> str:
        return self.constant(f"shape_{sizes}", np.array(sizes, np.int64))

    def number(self, value: float) -> str:
        return self.constant(f"number_{value}", np.array(value, np.float32))

    def linear(self, what: str, name: str) -> str:
        turned = self.constant(f"{name}.turned", self.weights[f"{name}.weight"].T)
        return self.node("Add", self.node("MatMul", what, turned), self.weight(f"{name}.bias"))

    def normed(self, what: str, name: str) -> str:
        scale, shift = self.weight(f"{name}.weight"), self.weight(f"{name}.bias")
        return self.node("LayerNormalization", what, scale, shift, axis=-1, epsilon=1e-12)

    def gelu(self, what: str) -> str:
        erf = self.node("Erf", self.node("Div", what, self.number(2**0.5)))
        return self.node(
            "Mul", self.node("Mul", what, self.number(0.5)), self.node("Add", erf, self.number(1.0))
        )

    def heads(self, what: str, order: tuple[int, ...]) -> str:
        parted = self.node("Reshape", what, self.shape(0, 0, _HEADS, _WIDTH // _HEADS))
        return self.node("Transpose", parted, perm=order)

    def layer(self, what: str, mask: str, name: str) -> str:
        own = f"{name}.attention.self"
        query, key, value = (
            self.heads(self.linear(what, f"{own}.{part}"), order)
            for part, order in (
                ("query", (0, 2, 1, 3)),
                ("key", (0, 2, 3, 1)),
                ("value", (0, 2, 1, 3)),
            )
        )
        fit = self.node(
            "Div", self.node("MatMul", query, key), self.number((_WIDTH / _HEADS) ** 0.5)
        )
        share = self.node("Softmax", self.node("Add", fit, mask), axis=-1)
        mixed = self.node("Transpose", self.node("MatMul", share, value), perm=(0, 2, 1, 3))
        whole = self.node("Reshape", mixed, self.shape(0, 0, _WIDTH))
        out = self.linear(whole, f"{name}.attention.output.dense")
        what = self.normed(self.node("Add", out, what), f"{name}.attention.output.LayerNorm")
        wide = self.gelu(self.linear(what, f"{name}.intermediate.dense"))
        out = self.linear(wide, f"{name}.output.dense")
        return self.normed(self.node("Add", out, what), f"{name}.output.LayerNorm")


def _bert(weights: Mapping[str, np.ndarray[Any, Any]]) -> onnx.ModelProto:
    graph = _Graph(weights)
    words = graph.node("Gather", graph.weight("embeddings.word_embeddings.weight"), "input_ids")
    kinds = graph.node(
        "Gather", graph.weight("embeddings.token_type_embeddings.weight"), "token_type_ids"
    )
    length = graph.node("Slice", graph.node("Shape", "input_ids"), graph.shape(1), graph.shape(2))
    places = graph.node(
        "Slice",
        graph.weight("embeddings.position_embeddings.weight"),
        graph.shape(0),
        length,
        graph.shape(0),
    )
    what = graph.node("Add", graph.node("Add", words, kinds), places)
    what = graph.normed(what, "embeddings.LayerNorm")
    seen = graph.node("Cast", "attention_mask", to=onnx.TensorProto.FLOAT)
    wide = graph.node("Unsqueeze", seen, graph.shape(1, 2))
    mask = graph.node("Mul", graph.node("Sub", graph.number(1.0), wide), graph.number(-10_000.0))
    for number in range(_LAYERS):
        what = graph.layer(what, mask, f"encoder.layer.{number}")
    graph.nodes.append(helper.make_node("Identity", [what], ["last_hidden_state"]))
    inputs = [
        helper.make_tensor_value_info(name, onnx.TensorProto.INT64, ["batch", "sequence"])
        for name in ("input_ids", "attention_mask", "token_type_ids")
    ]
    output = helper.make_tensor_value_info(
        "last_hidden_state", onnx.TensorProto.FLOAT, ["batch", "sequence", _WIDTH]
    )
    whole = helper.make_graph(graph.nodes, "bert", inputs, [output], list(graph.constants.values()))
    opset = helper.make_opsetid("", _OPSET)
    return helper.make_model(whole, opset_imports=[opset], ir_version=8)
