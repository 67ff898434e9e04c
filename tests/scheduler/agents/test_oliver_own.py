"""Oliver looks at how Chatcron itself was set up, without being told any secret of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler.agents.tools import own_setup
from scheduler.agents.tools.folders import Folder
from scheduler.agents.tools.own_setup import Own, OwnSetup
from storage.reports import Severity
from tests.scheduler.agents.briefs import TUESDAY


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Give a database file in a folder of its own, closed to others."""
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    (folder / "chatcron.db").write_bytes(b"SQLite format 3\0")
    return folder / "chatcron.db"


def own(setup: OwnSetup, database: Path | None = None, url: str = "") -> dict[str, Severity]:
    """Look at Chatcron's own set-up, and give what its checks came to."""
    file = None if database is None else str(database)
    inspection = own_setup.look(
        Own(setup=setup, database_file=file, database_url=url or f"sqlite:///{file}"), TUESDAY
    )
    return {
        it.key.partition(":")[0].removeprefix("own."): it.severity for it in inspection.findings
    }


def test_a_safe_set_up_passes(database: Path, tmp_path: Path) -> None:
    """Loopback, HTTPS, closed files: nothing is found."""
    token = tmp_path / "token"
    token.write_text("x")
    token.chmod(0o600)

    found = own(OwnSetup(http_port=8080, private_files=(str(token),)), database)

    assert {name: it for name, it in found.items() if name != "user"} == {
        "listening": Severity.OK,
        "slack": Severity.OK,
        "database_file": Severity.OK,
        "secret_files": Severity.OK,
    }


def test_an_unsafe_set_up_is_told(database: Path, tmp_path: Path) -> None:
    """An open port, a token in plain HTTP, open files and secrets in the environment."""
    token = tmp_path / "token"
    token.write_text("x")
    token.chmod(0o644)
    database.parent.chmod(0o777)
    database.chmod(0o666)
    setup = OwnSetup(
        http_host="0.0.0.0",
        slack_api_url="http://slack.example/api/",
        bare_secrets=("SLACK_BOT_TOKEN",),
        private_files=(str(token), str(tmp_path / "none")),
    )

    found = own(setup, database)

    assert {name: it for name, it in found.items() if name != "user"} == {
        "listening": Severity.WARNING,
        "slack": Severity.CRITICAL,
        "environment": Severity.INFO,
        "data_folder": Severity.WARNING,
        "database_file": Severity.CRITICAL,
        "secret_files": Severity.WARNING,
        "secret_files_gone": Severity.UNKNOWN,
    }


def test_a_folder_may_shut_off_an_open_file(database: Path) -> None:
    """A readable file in a closed folder is read by nobody; in an open one it is by all."""
    database.chmod(0o644)
    closed = own(OwnSetup(), database)["database_file"]
    database.parent.chmod(0o755)

    assert (closed, own(OwnSetup(), database)["database_file"]) == (Severity.OK, Severity.WARNING)


@pytest.mark.parametrize(
    ("url", "severity"),
    [
        ("postgresql://bob:canary@db.example/shop", Severity.WARNING),
        ("postgresql://bob:canary@db.example/shop?sslmode=prefer", Severity.WARNING),
        ("postgresql://bob:canary@db.example/shop?sslmode=verify-full", Severity.OK),
        ("postgresql://bob:canary@127.0.0.1/shop", Severity.OK),
        ("postgresql://bob@/shop?host=/run/postgresql", Severity.OK),
    ],
)
def test_a_far_database_wants_tls(url: str, severity: Severity) -> None:
    """A password does not cross a network in the clear."""
    assert own(OwnSetup(), url=url)["database"] is severity


def test_a_shared_folder_is_not_searched(database: Path) -> None:
    """A database in a folder that all may write to does not make Oliver read others' files."""
    own_ = Own(setup=None, database_file=str(database), database_url="")
    assert own_.folder == Folder(path=str(database.parent), deep=False)

    database.parent.chmod(0o1777)

    assert own_.folder is None
