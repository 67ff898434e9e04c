"""What is shipped is whole: the program runs from a built wheel, in another folder."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.journeys.driver import ROOT, Program, environment

SHIPPED = ("bot", "scheduler", "storage", "pyproject.toml", "README.md", "LICENSE")
PAGE_PART = re.compile(r'(?:src|href)="(/page/[^"]+)"')


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build a wheel from a copy of the sources and give the folder it is installed in."""
    source, built = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("built")
    for name in SHIPPED:
        if (ROOT / name).is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, source / name, ignore=ignored)
        else:
            shutil.copy(ROOT / name, source)
    pip("wheel", "--no-build-isolation", "--wheel-dir", str(built), str(source))
    [wheel] = built.glob("chatcron-*.whl")
    pip("install", "--no-index", "--target", str(built / "site"), str(wheel))
    return built / "site"


def pip(*arguments: str) -> None:
    """Run pip without its fetching anything."""
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    verb, *rest = arguments
    done = subprocess.run(
        [*command, verb, "--no-deps", *rest],
        env=environment({}),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def chatcron(site: Path, folder: Path, *arguments: str) -> Program:
    """Start the installed command in a folder, where nothing of the sources is in sight."""
    settings = {"PYTHONPATH": str(site), "PYTHONSAFEPATH": "1"}
    return Program(*arguments, settings=settings, folder=folder)


@pytest.mark.slow
def test_the_wheel_holds_every_package_and_its_command_works(site: Path, tmp_path: Path) -> None:
    """The packages are imported from the wheel; parse answers, and migrate makes a database."""
    command = str(site / "bin" / "chatcron")
    asked = "import bot, scheduler, storage; print(bot.__file__, scheduler.__file__)"
    with chatcron(site, tmp_path, "-c", asked) as where:
        assert where.wait() == 0
    assert where.output.count(str(site)) == 2

    with chatcron(site, tmp_path, command, "parse", "list my tasks") as parse:
        assert parse.wait() == 0
    assert "list" in parse.output

    with chatcron(site, tmp_path, command, "migrate") as migrate:
        assert migrate.wait() == 0
    assert (tmp_path / "data" / "chatcron.db").exists()


@pytest.mark.slow
def test_the_demo_serves_its_page_from_the_wheel(site: Path, tmp_path: Path) -> None:
    """The demo comes up, its page and all the page names is there, and SIGTERM ends it with 0."""
    command = str(site / "bin" / "chatcron")
    with chatcron(site, tmp_path, command, "demo", "--port", "0") as demo:
        url = demo.line_with("Open http").split("Open ")[1].split()[0]
        with urlopen(url, timeout=10) as response:
            page = response.read().decode()
        parts = PAGE_PART.findall(page)
        assert parts
        for part in parts:
            with urlopen(url + part, timeout=10) as response:
                assert response.status == 200
        assert demo.end(signal.SIGTERM) == 0
