"""What images are made of: others by their digest, and nothing in the last that installs."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from recipe import HOME, Recipe, dockerfile, services

BY_DIGEST = re.compile(r"[a-z0-9./-]+:[a-z0-9.-]*[0-9][a-z0-9.-]*@sha256:[0-9a-f]{64}")
INSTALLS = re.compile(r"\b(pip|uv|hatchling|setuptools|ensurepip|build-essential|gcc|make)\b")
REMOVES = (
    '["python", "-m", "pip", "uninstall", "--yes", "pip"]',
    "rm -r /usr/local/lib/python3.13/ensurepip",
)


def loose(recipe: Recipe, compose: dict[str, Any]) -> list[str]:
    """The images that others built and that are not named by tag and digest."""
    stages = recipe.stages()
    bases = {base for base, _ in stages.values()} - stages.keys()
    used = {one["image"] for one in compose["services"].values() if "build" not in one}
    named = {base for base in bases if "${BROWSER}" not in base} | used
    assert len(named) == 3
    return [one for one in named if not BY_DIGEST.fullmatch(one)]


def installing(recipe: Recipe, browser: str) -> list[str]:
    """What is in the last stage, or done in it, that builds or installs Python packages."""
    last = recipe.below(browser)
    runs = [rest for word, rest in last if word == "RUN"]
    copies = [rest for word, rest in last if word in {"COPY", "ADD"}]
    missing = [f"no RUN {one}" for one in REMOVES if one not in runs]
    also = [one for one in runs if one not in REMOVES and INSTALLS.search(one)]
    copied = [one for one in copies if one != "--from=packages /opt/codexity /opt/codexity"]
    made = [rest for word, rest in recipe.instructions if word == "RUN" and "venv" in rest]
    with_pip = [one for one in made if "/opt/codexity" in one and "--without-pip" not in one]
    return [*missing, *also, *copied, *with_pip]


def test_images_of_others_are_named_by_digest() -> None:
    text, compose = dockerfile(), services()
    assert loose(Recipe.of(text), compose) == []
    assert "# syntax" not in text  # that would be one more
    tagged = re.sub("@sha256:[0-9a-f]+", "", text)
    assert loose(Recipe.of(tagged), compose) == ["python:3.13.14-slim-bookworm"]
    compose["services"]["ollama"]["image"] = "ollama/ollama:latest"
    assert loose(Recipe.of(text), compose) == ["ollama/ollama:latest"]


@pytest.mark.parametrize("browser", ["off", "on"])
def test_the_last_stage_holds_nothing_that_builds_or_installs(browser: str) -> None:
    text = dockerfile()
    assert installing(Recipe.of(text), browser) == []
    for wrong in (
        text.replace(f"RUN {REMOVES[0]}\n", ""),
        text.replace(f"RUN {REMOVES[1]}\n", ""),
        text.replace('"--without-pip", ', ""),
        text + 'RUN ["pip", "install", "more"]\n',
        text + "RUN apt-get install --yes gcc\n",
        text + "COPY --from=wheel /opt/build /opt/build\n",
    ):
        assert len(installing(Recipe.of(wrong), browser)) == 1


def test_chromium_is_in_the_image_only_where_it_is_asked_for() -> None:
    recipe = Recipe.of(dockerfile())
    assert ("ARG", "BROWSER=off") in recipe.instructions
    stages = recipe.stages()
    with_it = {name for name, (_, own) in stages.items() if re.search("chromium|browser", str(own))}
    assert with_it == {"packages-on", "system-on"}
    assert stages["packages-on"][0] == "packages-off"
    assert stages["packages"][0] == "packages-${BROWSER}"
    assert stages["system-on"][0] == "system-off"
    assert stages[""][0] == "system-${BROWSER}"


def pinned(name: str) -> dict[str, str]:
    text = (HOME / "requirements" / f"{name}.txt").read_text()
    return dict(re.findall(r"^(\S+)==(\S+)", text, re.MULTILINE))


def test_the_lock_of_the_image_is_what_the_product_imports_and_no_more() -> None:
    assert pinned("runtime") | pinned("build") == pinned("product")
    installers = {"pip", "setuptools", "wheel", "hatchling", "editables", "uv"}
    assert not installers & (pinned("runtime") | pinned("browser")).keys()
    assert {"hatchling", "editables"} <= pinned("build").keys()


@pytest.mark.soak
def test_the_command_that_removes_pip_removes_it(tmp_path: Path) -> None:
    system = tmp_path / "system"
    python = str(system / "bin" / "python")
    subprocess.run([sys.executable, "-m", "venv", str(system)], check=True, timeout=120)
    subprocess.run([python, "-c", "import pip"], check=True, timeout=60)
    removes = Recipe.of(dockerfile()).run("uninstall")
    assert json.dumps(removes) == REMOVES[0]
    subprocess.run([python, *removes[1:]], check=True, timeout=120, capture_output=True)
    asked = subprocess.run([python, "-c", "import pip"], check=False, capture_output=True)
    assert b"No module named 'pip'" in asked.stderr
    assert not list((system / "bin").glob("pip*"))
