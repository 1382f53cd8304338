"""Embedding models in ONNX of a few kilobytes, as folders of the hubs look."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import helper, numpy_helper
from tokenizers import Tokenizer, models, pre_tokenizers, processors

WORDS = ("[PAD]", "[UNK]", "[CLS]", "river", "long", "bread", "oven", "query", "passage", "how")
WIDTH = 8


def made(folder: Path, *, below: str = "", pooling: str = "mean", pooled: bool = False) -> Path:
    """A folder with a model whose token vectors are those of its words; `pooled` gives a text's."""
    place = folder / below
    place.mkdir(parents=True, exist_ok=True)
    (place / "model.onnx").write_bytes(_model(pooled=pooled).SerializeToString())
    tokenizer = Tokenizer(models.WordLevel({one: at for at, one in enumerate(WORDS)}, "[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A", special_tokens=[("[CLS]", 2)]
    )
    tokenizer.enable_padding(pad_id=0, pad_token="[PAD]")  # pyright: ignore[reportUnknownMemberType] - its stub
    tokenizer.save(str(folder / "tokenizer.json"))
    told = {
        "pooling_mode_cls_token": pooling == "cls",
        "pooling_mode_mean_tokens": pooling == "mean",
        "pooling_mode_lasttoken": pooling == "last",
    }
    (folder / "1_Pooling").mkdir(exist_ok=True)
    (folder / "1_Pooling" / "config.json").write_text(json.dumps(told))
    return folder


def weights() -> np.ndarray[Any, Any]:
    """The vector of each word: one direction each, and none for what fills up."""
    table = np.zeros((len(WORDS), WIDTH), np.float32)
    for at in range(1, len(WORDS)):
        table[at, at % WIDTH] = 1.0
        table[at, (at + 3) % WIDTH] += 0.25
    return table


def _model(*, pooled: bool) -> onnx.ModelProto:
    nodes = [helper.make_node("Gather", ["words", "input_ids"], ["last_hidden_state"])]
    out, shape = "last_hidden_state", ["batch", "sequence", WIDTH]
    if pooled:
        nodes.append(
            helper.make_node("ReduceSum", ["last_hidden_state", "axis"], ["sentence"], keepdims=0)
        )
        out, shape = "sentence", ["batch", WIDTH]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("input_ids", onnx.TensorProto.INT64, ["batch", "sequence"])],
        [helper.make_tensor_value_info(out, onnx.TensorProto.FLOAT, shape)],
        [
            numpy_helper.from_array(weights(), "words"),
            *([numpy_helper.from_array(np.array([1], np.int64), "axis")] if pooled else []),
        ],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
