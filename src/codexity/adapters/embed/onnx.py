"""Embeddings of a model in ONNX that runs within Codexity."""

from __future__ import annotations

import json
import zlib
from array import array
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from threading import Lock
from typing import Any, Final, cast

import anyio
from anyio.to_thread import run_sync

from codexity.adapters.embed.prefixes import prefixes_of
from codexity.errors import Misconfigured, ProviderUnavailable
from codexity.ports import Vector

_NAMES: Final = ("model.onnx", "model_quantized.onnx")
_MODELS: Final = (*_NAMES, *(f"onnx/{name}" for name in _NAMES))
_TOKENIZER: Final = "tokenizer.json"
_MOST_TOKENS: Final = 512
_TOKENS_AT_ONCE: Final = 1_024
"""In one run of the model, which is not ended before its end: some tens of milliseconds."""
_MOST_CHARS: Final = 8_000
_ENDS: Final = 65_536


class OnnxEmbedder:
    """Port `Embedder`: the model in a folder as the hubs have it, with its tokenizer beside it.

    It is loaded when it is first asked, and works on one batch at a time. How its vectors are made
    of its tokens' (their mean, the first, the last) is read in `1_Pooling/config.json`, the mean
    where there is none.

    Raises:
        Misconfigured: the folder holds no such model.
    """

    def __init__(self, folder: Path, *, threads: int = 0) -> None:
        self._model = next((folder / one for one in _MODELS if (folder / one).is_file()), None)
        self._folder = folder
        if self._model is None or not (folder / _TOKENIZER).is_file():
            missing = _TOKENIZER if self._model else "model.onnx, nor one in a folder onnx"
            raise Misconfigured(
                f"embed.folder: there is no {missing} in {folder}; name the folder of an embedding"
                " model that was saved as ONNX with its tokenizer (docs/meaning.md names some)"
            )
        self.name = f"{folder.resolve().name}@{_fingerprint(self._model, folder / _TOKENIZER)}"
        self._prefixes = prefixes_of(folder.resolve().name)
        self._threads = threads
        self._loaded: _Loaded | None = None
        self._loading = Lock()
        self._turn = anyio.CapacityLimiter(1)

    async def embed(self, texts: Sequence[str], *, asks: bool = False) -> Sequence[Vector]:
        """Keeps `Embedder.embed`; a batch that has begun ends before a cancellation is heard."""
        every = [self._prefixes.before(one[:_MOST_CHARS], asks=asks) for one in texts]
        loaded = await run_sync(self._load, limiter=self._turn)
        # Texts of one length go together: what is shorter is filled up.
        order = sorted(range(len(every)), key=lambda at: len(every[at]))
        found: dict[int, Vector] = {}
        for some in loaded.batches([every[at] for at in order]):
            vectors = await run_sync(self._run, loaded, some, limiter=self._turn)
            found.update(zip(order[len(found) : len(found) + len(vectors)], vectors, strict=True))
        return [found[at] for at in range(len(every))]

    def _load(self) -> _Loaded:
        with self._loading:
            if self._loaded is None:
                assert self._model is not None  # noqa: S101 - the constructor holds it
                try:
                    self._loaded = _Loaded(self._model, self._folder, self._threads)
                except ImportError as error:
                    raise _unusable("`codexity[semantic]` is not installed", error) from error
                except Exception as error:
                    raise _unusable("it cannot be loaded", error) from error
            return self._loaded

    def _run(self, loaded: _Loaded, texts: Sequence[str]) -> Sequence[Vector]:
        try:
            return loaded.vectors(texts)
        except Exception as error:
            raise _unusable("it gives no vectors", error) from error


class _Loaded:
    """The model and its tokenizer in memory."""

    def __init__(self, model: Path, folder: Path, threads: int) -> None:
        self._numpy: Any = import_module("numpy")
        runtime: Any = import_module("onnxruntime")
        tokenizers: Any = import_module("tokenizers")
        options = runtime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        # Idle threads that spin take the processor from those who answer.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = runtime.InferenceSession(
            str(model), options, providers=["CPUExecutionProvider"]
        )
        self._inputs = {one.name for one in self._session.get_inputs()}
        self._tokenizer = tokenizers.Tokenizer.from_file(str(folder / _TOKENIZER))
        self._tokenizer.enable_truncation(_most_tokens(folder))
        self._tokenizer.enable_padding(**_padding(self._tokenizer.padding))
        self._pooling = _pooling(folder)

    def batches(self, texts: Sequence[str]) -> Iterator[Sequence[str]]:
        """The texts in their order, as many at once as the tokens of the longest allow."""
        some: list[str] = []
        for one in texts:
            # Three characters make a token at the least in the languages of most texts.
            if some and (len(some) + 1) * max(16, len(one) // 3) > _TOKENS_AT_ONCE:
                yield some
                some = []
            some.append(one)
        if some:
            yield some

    def vectors(self, texts: Sequence[str]) -> Sequence[Vector]:
        np = self._numpy
        encoded = self._tokenizer.encode_batch(list(texts))
        ids = np.array([one.ids for one in encoded], dtype=np.int64)
        mask = np.array([one.attention_mask for one in encoded], dtype=np.int64)
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        wanted = {name: value for name, value in given.items() if name in self._inputs}
        made = self._session.run(None, wanted)
        flat = next((one for one in made if one.ndim == 2), None)
        pooled = self._pooled(made[0], mask) if flat is None else flat
        lengths = np.linalg.norm(pooled, axis=1, keepdims=True)
        if not np.isfinite(lengths).all() or not lengths.all():
            raise ValueError("a vector without a direction")
        normed = (pooled / lengths).astype(np.float32)
        return [array("f", row.tobytes()) for row in normed]

    def _pooled(self, tokens: Any, mask: Any) -> Any:
        np = self._numpy
        if self._pooling == "cls":
            return tokens[:, 0]
        if self._pooling == "last":
            return tokens[np.arange(len(tokens)), mask.sum(axis=1) - 1]
        wide = mask[..., None].astype(np.float32)
        return (tokens * wide).sum(axis=1) / wide.sum(axis=1)


def _pooling(folder: Path) -> str:
    told = _config(folder / "1_Pooling" / "config.json")
    if told.get("pooling_mode_cls_token"):
        return "cls"
    return "last" if told.get("pooling_mode_lasttoken") else "mean"


def _most_tokens(folder: Path) -> int:
    told = (
        _config(folder / "sentence_bert_config.json").get("max_seq_length"),
        _config(folder / "tokenizer_config.json").get("model_max_length"),
    )
    return min([_MOST_TOKENS, *(int(one) for one in told if isinstance(one, int) and one > 0)])


def _padding(told: Any) -> dict[str, Any]:
    """How the tokenizer's own file fills up, but to the longest of a batch."""
    kept = ("pad_id", "pad_token", "pad_type_id", "direction")
    return {name: told[name] for name in kept if name in told} if told else {}


def _config(path: Path) -> dict[str, Any]:
    try:
        told: object = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return cast("dict[str, Any]", told) if isinstance(told, dict) else {}


def _fingerprint(*files: Path) -> str:
    """Tells two models of one name apart, by the sizes and the ends of their files."""
    told = 0
    for path in files:
        try:
            with path.open("rb") as file:
                size = file.seek(0, 2)
                file.seek(0)
                told = zlib.crc32(f"{size}".encode() + file.read(_ENDS), told)
                file.seek(max(0, size - _ENDS))
                told = zlib.crc32(file.read(_ENDS), told)
        except OSError as error:
            raise Misconfigured(f"embed.folder: {path} cannot be read: {error.strerror}") from error
    return f"{told:08x}"


def _unusable(why: str, error: Exception) -> ProviderUnavailable:
    return ProviderUnavailable(
        f"The embedding model of CODEXITY_EMBED__FOLDER cannot be used: {why}.",
        code="bad_reply",
        detail=repr(error)[:500],
    )
