"""Oliver finds every file that is open to the wrong people, and none where all are closed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from scheduler.agents.tools import permissions
from scheduler.agents.tools.folders import Folder
from storage.reports import Severity
from tests.scheduler.agents.briefs import TUESDAY
from tests.scheduler.agents.test_oliver_files import CLEAN, LIMIT_S, PEM, severities

OPENED = {
    "writable:world.txt": 0o666,
    "writable:open": 0o777,
    "key:server.pem": 0o644,
    "key:id_ed25519": 0o640,
    "env:.env": 0o644,
    "env:prod.env": 0o640,
    "setuid:tool": 0o4755,
}
FINE = {
    "closed.pem": 0o600,
    "chain.pem": 0o644,
    ".env": 0o600,
    ".env.example": 0o644,
    "page.html": 0o644,
    "run": 0o755,
}


def make(folder: Path, modes: dict[str, int]) -> Path:
    """Make files (and one folder) with these modes."""
    for name, mode in modes.items():
        path = folder / name
        if name == "open":
            path.mkdir()
        else:
            path.write_text(PEM if name == "server.pem" or name == "closed.pem" else "x")
        if name == "chain.pem":
            path.write_text(CLEAN["tls.crt"])
        path.chmod(mode)
    return folder


def test_every_open_file_is_found(tmp_path: Path) -> None:
    """Each for its own reason, keys and settings that all may read worst."""
    make(tmp_path, {name.partition(":")[2]: mode for name, mode in OPENED.items()})

    inspection = permissions.look([Folder(path=str(tmp_path))], TUESDAY, LIMIT_S)

    found = {
        f"{it.key.partition(':')[0].partition('.')[2]}:{Path(it.resource).name}": it.severity
        for it in inspection.findings
    }
    assert set(found) == set(OPENED)
    assert {name for name, it in found.items() if it is Severity.CRITICAL} == {
        "key:server.pem",
        "env:.env",
    }


def test_closed_files_are_fine(tmp_path: Path) -> None:
    """Certificates may be read by all, a folder like /tmp may be open, links have no modes."""
    make(tmp_path, FINE)
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared").chmod(0o1777)
    (tmp_path / "link").symlink_to("/etc/passwd")

    inspection = permissions.look([Folder(path=str(tmp_path))], TUESDAY, LIMIT_S)

    assert severities(inspection) == {Severity.OK}


def test_permissions_have_the_same_keys_in_the_next_run(tmp_path: Path) -> None:
    """Two looks at the same folder can be compared."""
    make(tmp_path, {"world.txt": 0o666})
    folders = [Folder(path=str(tmp_path))]

    first = permissions.look(folders, TUESDAY, LIMIT_S)
    second = permissions.look(folders, TUESDAY + timedelta(days=7), LIMIT_S)

    assert [it.key for it in first.findings] == [it.key for it in second.findings]
