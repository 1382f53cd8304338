"""The settings of what tells texts by their meaning."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr

from codexity.errors import Misconfigured
from codexity.settings.values import Group, HarmlessAs, HarmlessNumber, SentTo, Url


class EmbedGroup(Group):
    """The embedding model that tells texts by their meaning (extra `semantic`)."""

    folder: Path | None = Field(
        default=None,
        description="A folder with an embedding model as ONNX (`model.onnx`, also in a folder "
        "`onnx`) and its `tokenizer.json`; it runs within Codexity.",
        examples=["~/models/multilingual-e5-small"],
    )
    base_url: Url | None = Field(
        default=None,
        description="Address of a server with an embedding model that speaks OpenAI's protocol.",
        examples=["http://127.0.0.1:11434/v1"],
    )
    model: str | None = Field(
        default=None,
        min_length=1,
        max_length=200,
        description="Which of the server's models embeds. Needed with `embed.base_url`; with an "
        "Ollama that is found, its first one for embeddings where it is not set.",
        examples=["bge-m3"],
    )
    api_key: Annotated[SecretStr | None, SentTo("base_url")] = Field(
        default=None,
        description="The key of the embedding server, where it wants one.",
        examples=["the-key-of-the-embedding-server"],
    )
    discover: Annotated[bool, HarmlessAs(value=False)] = Field(
        default=True,
        description="Without a folder and a base URL, takes an embedding model of an Ollama on "
        "this machine, where `codexity[semantic]` is installed and `llm.discover` is true.",
    )
    seconds: HarmlessNumber = Field(
        default=4,
        gt=0,
        le=60,
        description="How long a question waits for vectors of the texts that were found. After "
        "that they are compared by their words alone.",
    )

    def check(self) -> None:
        """Holds that one embedder is named, and wholly.

        Raises:
            Misconfigured: there are two, or a server without its model.
        """
        if self.folder is not None and self.base_url is not None:
            raise Misconfigured(
                "embed.folder and embed.base_url are both set; take one of them out: texts are "
                "compared by one embedding model"
            )
        if self.base_url is not None and self.model is None:
            raise Misconfigured(
                "embed.base_url is set without embed.model; name the server's model for embeddings "
                "(CODEXITY_EMBED__MODEL)"
            )
