"""The wheel, and every command of the Dockerfile and compose.yaml, tried outside a container."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx2
import pytest
import yaml

from recipe import HOME, Recipe, dockerfile, services

IN_IMAGE = "/opt/codexity/bin/"


@pytest.fixture(scope="module")
def recipe() -> Recipe:
    return Recipe.of(dockerfile())


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return services()


@pytest.fixture(scope="module")
def image(recipe: Recipe, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an environment with the wheel in it, built from what the image copies only."""
    build = tmp_path_factory.mktemp("build")
    for name in recipe.copied():
        (build / name).parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if (HOME / name).is_dir() else shutil.copy
        copy(HOME / name, build / name)
    venv = tmp_path_factory.mktemp("image") / "codexity"
    done(ours(recipe.run("--without-pip"), venv), build)
    done([sys.executable, *recipe.run("hatchling")[1:]], build)
    done(ours(recipe.run("--find-links"), venv), build)
    # The product's packages as `make setup` installed them. A folder named in a .pth file has its
    # own .pth files left alone, so the checkout's `codexity` does not come along.
    # pip would take its metadata for an installed one, so this comes last.
    packages = venv / "lib" / f"python{sysconfig.get_python_version()}" / "site-packages"
    (packages / "product.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return venv


def ours(command: list[str], venv: Path) -> list[str]:
    """The same command with our interpreter, for our environment."""
    assert command[0] == "python"
    return [sys.executable, *(part.replace("/opt/codexity", str(venv)) for part in command[1:])]


def done(command: list[str], folder: Path) -> None:
    ended = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, timeout=120
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr


def free_port() -> int:
    """A free port below those that connections to elsewhere take meanwhile."""
    for port in random.sample(range(20_000, 32_000), 100):
        with socket.socket() as taken, suppress(OSError):
            taken.bind(("0.0.0.0", port))
            return port
    pytest.fail("no port is free")


def environment(recipe: Recipe, image: Path, data: Path, port: int) -> dict[str, str]:
    """The image's own, with a free port, our folder for /data and the wheel's programs."""
    said = dict(pair.split("=", 1) for pair in recipe.last("ENV").split())
    assert said["PATH"] == f"{IN_IMAGE.rstrip('/')}:$PATH"
    assert said["CODEXITY_DATA_DIR"] == json.loads(recipe.last("VOLUME"))[0]
    ours = {
        "PATH": f"{image / 'bin'}:{os.environ['PATH']}",
        "HOME": str(data / "no-such-home"),
        "CODEXITY_DATA_DIR": str(data),
        "CODEXITY_SERVER__PORT": str(port),
    }
    return said | ours


@contextmanager
def served(command: list[str], env: dict[str, str], data: Path) -> Generator[subprocess.Popen[str]]:
    """The server from when it says its address; ended at the latest when the block is left."""
    with subprocess.Popen(
        command, env=env, cwd=data, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            assert process.stdout is not None
            said: list[str] = []
            for line in process.stdout:
                said.append(line)
                if "Codexity is at" in line:
                    break
            else:
                pytest.fail("".join(said))
            yield process
        finally:
            process.kill()


def healthy(recipe: Recipe, env: dict[str, str]) -> bool:
    asked = subprocess.run(
        recipe.command("HEALTHCHECK"), env=env, capture_output=True, check=False, timeout=30
    )
    return asked.returncode == 0


def test_the_image_serves_says_that_it_is_well_and_ends_on_sigterm(
    recipe: Recipe, image: Path, tmp_path: Path
) -> None:
    port = free_port()
    env = environment(recipe, image, tmp_path, port) | {"CODEXITY_SERVER__OPEN": "true"}
    assert not healthy(recipe, env)
    with served(recipe.command("CMD"), env, tmp_path) as process:
        assert healthy(recipe, env)
        # Docker hands the proxies of its configuration to every container.
        assert healthy(recipe, env | {"http_proxy": f"http://127.0.0.1:{free_port()}"})
        page = httpx2.get(f"http://127.0.0.1:{port}/", timeout=10)
        assert page.status_code == 200
        assets = set(re.findall(r'(?:src|href)="(page/[^"]+)"', page.text))
        assert len(assets) >= 2
        for asset in assets:
            assert httpx2.get(f"http://127.0.0.1:{port}/{asset}", timeout=10).status_code == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) in {0, -signal.SIGTERM}
    assert not healthy(recipe, env)


def test_the_image_alone_is_not_open_to_everybody(
    recipe: Recipe, image: Path, tmp_path: Path
) -> None:
    refused = subprocess.run(
        recipe.command("CMD"), env=environment(recipe, image, tmp_path, free_port()), cwd=tmp_path,
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert refused.returncode == 2
    assert "CODEXITY_SERVER__API_KEYS" in refused.stderr


def test_the_wheel_brings_the_guides_and_nothing_of_the_workshop(image: Path) -> None:
    [package] = image.glob("lib/python3.*/site-packages/codexity")
    assert (package / "guides" / "settings.md").is_file()
    assert (package / "py.typed").is_file()
    assert not [*(image / "bin").glob("pip*"), *package.parent.glob("pip*")]
    assert not [
        *package.rglob("test_*"),
        *package.parent.glob("tests"),
        *package.parent.glob("bench"),
    ]
    there = subprocess.run(
        [image / "bin" / "python", "-c", "import codexity; print(codexity.__file__)"],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert Path(there.stdout.strip()).is_relative_to(image)


def test_the_build_is_given_what_it_copies_and_no_more(recipe: Recipe) -> None:
    lines = (HOME / ".dockerignore").read_text().splitlines()
    assert "*" in lines
    assert {line[1:] for line in lines if line.startswith("!")} == set(recipe.copied())


def test_the_image_runs_as_nobody_in_particular(recipe: Recipe) -> None:
    assert int(recipe.last("USER")) > 1_000
    names = [word for word, _ in recipe.instructions]
    assert names.index("USER") < names.index("CMD")


def test_the_browser_of_the_image_is_driven_by_what_the_tests_drive_it_with() -> None:
    ours = (HOME / "requirements" / "browser.txt").read_text()
    tested = (HOME / "requirements" / "development.txt").read_text()
    product = (HOME / "requirements" / "product.txt").read_text()
    pinned = re.findall(r"^\S+==\S+", ours, re.MULTILINE)
    assert any(one.startswith("playwright==") for one in pinned)
    assert all(f"\n{one} " in tested + product for one in pinned)


def test_compose_publishes_to_this_machine_only(compose: dict[str, Any]) -> None:
    published = {name: one.get("ports", []) for name, one in compose["services"].items()}
    assert published == {"codexity": ["127.0.0.1:8000:8000"], "searxng": [], "ollama": []}
    assert "CODEXITY_SERVER__OPEN=true" in compose["services"]["codexity"]["environment"]


def test_what_compose_mounts_and_waits_for_is_there(compose: dict[str, Any]) -> None:
    services = compose["services"]
    for name, one in services.items():
        volumes = [mount.split(":")[0] for mount in one.get("volumes", [])]
        assert volumes
        assert set(volumes) <= set(compose["volumes"])
        assert {config["source"] for config in one.get("configs", [])} <= set(compose["configs"])
        for other, terms in one.get("depends_on", {}).items():
            assert terms == {"condition": "service_healthy", "required": False}
            assert services[other]["healthcheck"]["test"][0] == "CMD"
            assert services[other]["profiles"] == [other]
        assert "profiles" in one or name == "codexity"
    searxng = yaml.safe_load(compose["configs"]["searxng"]["content"])
    assert "json" in searxng["search"]["formats"]


def told_commands() -> list[str]:
    """The commands that compose.yaml tells its reader, in its first lines."""
    text = (HOME / "compose.yaml").read_text()
    found = re.findall(r"^#   (.*docker compose .*)$", text, re.MULTILINE)
    return [command for command in found if "=" in command]


@pytest.mark.parametrize("command", told_commands())
def test_a_told_command_sets_what_codexity_takes(
    command: str, compose: dict[str, Any], recipe: Recipe, image: Path, tmp_path: Path
) -> None:
    given = dict(re.findall(r"(\w+)=(\S+)", command.partition("docker compose")[0]))
    assert given.keys() <= set(compose["services"]["codexity"]["environment"])
    [profile] = re.findall(r"--profile (\w+)", command)
    [url] = [value for name, value in given.items() if name.endswith("URL")]
    assert httpx2.URL(url).host == profile
    assert profile in compose["services"]
    shown = subprocess.run(
        ["codexity", "config", "--json"], env=environment(recipe, image, tmp_path, 8000) | given,
        cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert shown.returncode == 0, shown.stderr
    assert url in shown.stdout


def test_an_interpreter_that_is_too_old_is_told_so(tmp_path: Path) -> None:
    script = tmp_path / "environment.py"
    script.write_text("print('went on')\n")
    shutil.copy(HOME / "setup" / "python", tmp_path)
    old = tmp_path / "old"
    old.write_text("#!/bin/sh\n[ $# -gt 1 ] && exit 1\necho Python 3.9.2\n")
    old.chmod(0o755)
    for named, status, words in ((str(old), 1, "Python 3.9.2"), (sys.executable, 0, "went on")):
        asked = subprocess.run(
            [tmp_path / "python", "environment.py"], env=os.environ | {"PYTHON": named},
            capture_output=True, text=True, check=False, timeout=30,
        )  # fmt: skip
        assert asked.returncode == status
        assert words in asked.stdout + asked.stderr
