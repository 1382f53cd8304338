"""Source code as what it says of itself: docstrings, comments, signatures, constants."""

from __future__ import annotations

import pytest

from codexity.adapters.library.kinds import MEDIA_TYPES
from reading import page, refusal, told

CASES = {
    "ts": (
        ("/**\n * Starts it.\n *\n * @param speed how fast\n * @returns whether it did\n */\n"
        "export async function start(speed: number): Promise<boolean> {\n  return true;\n}\n"),
        [
            ("heading", "start()"),
            ("code", "export async function start(speed: number): Promise<boolean>"),
            ("paragraph", "Starts it."),
            ("pair", "speed: how fast"),
            ("pair", "returns: whether it did"),
        ],
    ),
    "js": (
        ('const url = "http://x/*no*/"; // the panel\nexport const stop = async (why) => {\n};\n'
        'describe("x", () => {\n  call(function () {\n  });\n});\n'),
        [
            ("code", 'const url = "http://x/*no*/"; // the panel'),
            ("heading", "stop()"),
            ("code", "export const stop = async (why) =>"),
        ],
    ),
    "java": (
        ("/** A pump. */\npublic class Pump extends Base {\n  // Turns a minute.\n"
        "  private int speed = 1450;\n\n  @Override\n  public boolean isLoud(int at)\n"
        "      throws Wet {\n    if (at > 3) {\n      return true;\n    }\n  }\n}\n"),
        [
            ("heading", "class Pump"),
            ("code", "public class Pump extends Base"),
            ("paragraph", "A pump."),
            ("paragraph", "Turns a minute."),
            ("code", "private int speed = 1450;"),
            ("heading", "isLoud()"),
            ("code", "public boolean isLoud(int at)\n    throws Wet"),
        ],
    ),
    "c": (
        ("/* Of pumps. */\n#define PORT 8443 /* the panel */\n/// Starts it.\nstatic int start(\n"
        "    struct pump *p)\n{\n    call(p);\n    while (p) {\n    }\n}\n"
        "struct pump {\n    int speed; /* turns */\n};\n"),
        [
            ("paragraph", "Of pumps."),
            ("code", "#define PORT 8443 /* the panel */"),
            ("heading", "start()"),
            ("code", "static int start(\n    struct pump *p)"),
            ("paragraph", "Starts it."),
            ("heading", "struct pump"),
            ("code", "struct pump {\n    int speed; /* turns */\n};"),
        ],
    ),
    "go": (
        ("// Start starts it.\nfunc (p *Pump) Start(speed int) error {\n}\n"
        "// Pump is one.\ntype Pump struct {\n\tSpeed int // turns\n}\n"),
        [
            ("heading", "Start()"),
            ("code", "func (p *Pump) Start(speed int) error"),
            ("paragraph", "Start starts it."),
            ("heading", "type Pump"),
            ("code", "type Pump struct {\n\tSpeed int // turns\n}"),
            ("paragraph", "Pump is one."),
        ],
    ),
    "rs": (
        ("//! Of pumps.\n/// Starts it.\n///\n/// # Errors\n/// When wet.\n#[inline]\n"
        "pub fn start<'a>(p: &'a Pump) -> Result<(), E> {\n    let x = 'a';\n}\n"),
        [
            ("paragraph", "Of pumps."),
            ("heading", "start()"),
            ("code", "pub fn start<'a>(p: &'a Pump) -> Result<(), E>"),
            ("paragraph", "Starts it."),
            ("heading", "Errors"),
            ("paragraph", "When wet."),
        ],
    ),
    "sh": (
        ("#!/bin/bash\n# Starts the pump.\nPORT=8443\nstart() {\n"
        '  echo "${#x} # no remark" # said\n}\n'),
        [
            ("paragraph", "Starts the pump."),
            ("code", "PORT=8443"),
            ("heading", "start()"),
            ("code", "start()"),
            ("code", 'echo "${#x} # no remark" # said'),
        ],
    ),
    "sql": (
        ("-- Boats and berths.\nCREATE TABLE boats (\n"
        "  id integer, -- on the bow\n  name text\n);\n"
        "/* By name. */\ncreate unique index by_name on boats (name);\n"),
        [
            ("heading", "boats"),
            ("code", "CREATE TABLE boats (\n  id integer, -- on the bow\n  name text\n);"),
            ("paragraph", "Boats and berths."),
            ("heading", "by_name"),
            ("code", "create unique index by_name on boats (name);"),
            ("paragraph", "By name."),
        ],
    ),
    "rb": (
        "=begin\nOf pumps.\n=end\n# Starts it.\ndef start(speed)\n  run # loud\nend\n",
        [
            ("paragraph", "Of pumps."),
            ("heading", "start()"),
            ("code", "def start(speed)"),
            ("paragraph", "Starts it."),
            ("code", "run # loud"),
        ],
    ),
    "lua": (
        "--[[ Of\npumps. ]]\nlocal function start(speed)\nend\n",
        [
            ("heading", "start()"),
            ("code", "local function start(speed)"),
            ("paragraph", "Of pumps."),
        ],
    ),
    "cs": (
        ("/// <summary>\n/// Starts it.\n/// </summary>\n"
        '/// <param name="speed">How fast.</param>\n'
        "public void Start(int speed)\n{\n}\n"),
        [
            ("heading", "Start()"),
            ("code", "public void Start(int speed)"),
            ("paragraph", "Starts it."),
            ("pair", "speed: How fast."),
        ],
    ),
    "kt": (
        "// Starts it.\nfun start(speed: Int = 3): Boolean {\n}\n",
        [
            ("heading", "start()"),
            ("code", "fun start(speed: Int = 3): Boolean"),
            ("paragraph", "Starts it."),
        ],
    ),
    "php": (
        "<?php\n# Starts it.\nfunction start($speed) {\n}\n",
        [
            ("heading", "start()"),
            ("code", "function start($speed)"),
            ("paragraph", "Starts it."),
        ],
    ),
    "r": (
        "#' Starts it.\nstart <- function(speed) {\n}\n",
        [
            ("heading", "start()"),
            ("code", "start <- function(speed)"),
            ("paragraph", "Starts it."),
        ],
    ),
    "tf": (
        '# Of pumps.\nvariable "port" {\n  default = 8443 # the panel\n}\n',
        [
            ("heading", "variable port"),
            ("code", 'variable "port" {\n  default = 8443 # the panel\n}'),
            ("paragraph", "Of pumps."),
        ],
    ),
    "hs": ("{- Of\npumps. -}\nmain = run -- all\n", [
        ("paragraph", "Of pumps."), ("code", "main = run -- all"),
    ]),
    "el": (";;; Of pumps.\n(defun start (speed))\n", [
        ("heading", "start()"), ("code", "(defun start (speed))"), ("paragraph", "Of pumps."),
    ]),
}  # fmt: skip


@pytest.mark.parametrize("suffix", CASES)
def test_each_language_is_told_by_its_own_marks(suffix: str) -> None:
    source, blocks = CASES[suffix]
    assert told(page(source, MEDIA_TYPES[f".{suffix}"])) == blocks


@pytest.mark.parametrize(
    "order",
    ["// eslint-disable-next-line", "//", "// -----", "// clang-format off", "/* NOLINT */",
     "} // namespace", "//go:generate stringer", "// prettier-ignore", "/***/", "//#region x"],
)  # fmt: skip
def test_what_speaks_to_a_tool_is_not_read(order: str) -> None:
    found = told(page(f"{order}\n\n// Said.\n\nint x;\n", MEDIA_TYPES[".c"]))
    assert found == [("paragraph", "Said.")]


@pytest.mark.parametrize(
    "comment", ["// typed by hand", "// region of the north", "// lines of goods"]
)
def test_what_only_begins_so_is_read(comment: str) -> None:
    text = page(f"{comment}\n\nint x;\n", MEDIA_TYPES[".c"]).text
    assert text == comment.removeprefix("// ")


@pytest.mark.parametrize("suffix", [".c", ".py", ".sql", ".lisp"])
def test_code_without_a_word_stands_for_itself(suffix: str) -> None:
    assert told(page("x += 1\ny += 2\n", MEDIA_TYPES[suffix])) == [("code", "x += 1\ny += 2")]
    assert "no text" in refusal("\n \n", MEDIA_TYPES[suffix])


@pytest.mark.parametrize("suffix", [".js", ".css.js", ".py"])
def test_what_was_packed_for_a_program_is_told(suffix: str) -> None:
    packed = "var a=1;b(a);" * 1_000
    media_type = MEDIA_TYPES[f".{suffix.rpartition('.')[2]}"]
    assert "packed for a program" in refusal(packed, media_type)
    assert "Said." in page(f"/* Said. */\n# Said.\n{packed}", media_type).text


def test_of_generated_code_no_more_is_read_than_a_person_writes() -> None:
    lines = "".join(f"x{at} += 1;\n" for at in range(2_000))
    assert page(lines, MEDIA_TYPES[".c"]).text.count("\n") == 399
    found = page("// Said.\n" + "x;" * 1_500_000, MEDIA_TYPES[".c"])
    assert found.text.startswith("Said.")
    assert len(found.text) < 1_000
    assert found.unread == 1
