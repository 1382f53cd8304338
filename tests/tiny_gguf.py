"""Makes a tiny language model of seeded random weights: it can write words, and means nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import gguf
import numpy as np

_WORDS = """the a of and to in is it that with on as for by from at which this be are was has can
not or an page source answer question statement value list name field width string format file line
code data test number when where how what why because also more most used example first second
object class function method module context manager block error type text""".split()
_MARKS = [f"[{number}]" for number in range(1, 6)]
_SPACE = "\u2581"
_SPECIAL = ("<unk>", "<s>", "</s>", "<|im_start|>", "<|im_end|>")
_END = _SPECIAL.index("<|im_end|>")
_NEWLINE = len(_SPECIAL) + 10
_TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiny:
    """The model's shape. A larger `width` or `layers` makes it slower; `end_bias` ends it sooner.

    With an `end_bias` of -30 it writes until it is stopped. `special` are tokens of its vocabulary
    that no text spells, beside those of its template.
    """

    layers: int = 2
    width: int = 64
    heads: int = 4
    context: int = 8192
    end_bias: float = 3.0
    seed: int = 7
    special: tuple[str, ...] = ()


def make(path: Path, shape: Tiny | None = None) -> Path:
    """Writes the model there, some 600 kB in some 30 ms, and returns the path."""
    shape = shape or Tiny()
    tokens, kinds = _vocabulary(shape)
    writer = gguf.GGUFWriter(str(path), "llama")
    _describe(writer, shape)
    writer.add_tokenizer_model("llama")
    writer.add_tokenizer_pre("default")
    writer.add_token_list(tokens)
    # A piece that comes earlier is merged first; the special tokens' scores are not looked at.
    writer.add_token_scores([-float(place) for place in range(len(tokens))])
    writer.add_token_types(kinds)
    writer.add_unk_token_id(0)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(_END)
    writer.add_eot_token_id(_END)
    writer.add_add_bos_token(True)
    writer.add_add_eos_token(False)
    writer.add_add_space_prefix(False)
    writer.add_chat_template(_TEMPLATE)
    for name, weights in _weights(shape, tokens).items():
        writer.add_tensor(name, weights)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _vocabulary(shape: Tiny) -> tuple[list[str], list[int]]:
    """Special tokens, all bytes, then pieces: each prefix of a word, so that merging finds it."""
    tokens = [*_SPECIAL, *(f"<0x{byte:02X}>" for byte in range(256))]
    kinds = [int(gguf.TokenType.UNKNOWN)]
    kinds += [int(gguf.TokenType.CONTROL)] * (len(_SPECIAL) - 1)
    kinds += [int(gguf.TokenType.BYTE)] * 256
    spoken = [_SPACE + word for word in (*_WORDS, *_MARKS)]
    prefixes = [word[:end] for word in spoken for end in range(2, len(word) + 1)]
    pieces = dict.fromkeys([*prefixes, _SPACE, *map(chr, range(33, 127))])
    tokens += pieces
    kinds += [int(gguf.TokenType.NORMAL)] * len(pieces)
    special = [token for token in shape.special if token not in tokens]
    return tokens + special, kinds + [int(gguf.TokenType.CONTROL)] * len(special)


def _describe(writer: gguf.GGUFWriter, shape: Tiny) -> None:
    writer.add_name("tiny-random")
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    writer.add_context_length(shape.context)
    writer.add_embedding_length(shape.width)
    writer.add_block_count(shape.layers)
    writer.add_feed_forward_length(2 * shape.width)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.heads)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(shape.width // shape.heads)
    writer.add_vocab_size(len(_vocabulary(shape)[0]))


def _weights(shape: Tiny, tokens: list[str]) -> dict[str, Any]:
    """Random weights, but for dimension 0: no layer writes to it, so that it stays a constant.

    The output's first column is so a bias a token, by which words are likely and bytes are not.
    """
    rng = np.random.default_rng(shape.seed)

    def noise(rows: int, columns: int, size: float = 1.0) -> Any:
        return (rng.standard_normal((rows, columns)) * size / columns**0.5).astype(np.float32)

    width, inner, constant = shape.width, 2 * shape.width, 4.0
    embedding = noise(len(tokens), width, constant)
    embedding[:, 0] = constant
    weights = {"token_embd.weight": embedding}
    for layer in range(shape.layers):
        name = f"blk.{layer}."
        weights[f"{name}attn_norm.weight"] = np.ones(width, np.float32)
        weights[f"{name}ffn_norm.weight"] = np.ones(width, np.float32)
        for part in "qkv":
            weights[f"{name}attn_{part}.weight"] = noise(width, width)
        for part, columns in (("attn_output", width), ("ffn_down", inner)):
            weights[f"{name}{part}.weight"] = noise(width, columns, 0.5)
            weights[f"{name}{part}.weight"][0] = 0
        for part in ("ffn_gate", "ffn_up"):
            weights[f"{name}{part}.weight"] = noise(inner, width)
    weights["output_norm.weight"] = np.ones(width, np.float32)
    output = noise(len(tokens), width, 1.2)
    # What the constant has become behind the last norm: the rest has a mean square of 1/4.
    norm = ((constant**2 + (width - 1) * constant**2 / width) / width) ** 0.5
    output[:, 0] = _biases(tokens, shape) * norm / constant
    weights["output.weight"] = output
    return weights


def _biases(tokens: list[str], shape: Tiny) -> Any:
    biases = np.full(len(tokens), -30.0, np.float32)
    biases[len(_SPECIAL) + 256 : len(_vocabulary(replace(shape, special=()))[0])] = -1.0
    for word in (*_WORDS, *_MARKS):
        biases[tokens.index(_SPACE + word)] = 3.0
    biases[_NEWLINE] = 0.0
    biases[_END] = shape.end_bias
    return biases
