"""Oliver counts pending security updates from the local lists, and never trusts old ones."""

from __future__ import annotations

import os
import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from scheduler.agents.tools import updates
from scheduler.agents.tools.inspection import Inspection
from storage.reports import Severity
from tests.scheduler.agents.briefs import TUESDAY

needs_apt = pytest.mark.skipif(
    shutil.which("apt-get", path=updates.PATH) is None, reason="this machine has no apt-get"
)
SIMULATED = """\
Inst bash [5.2.15-2+b8] (5.2.15-2+b13 Debian:12.15/oldstable [amd64])
Inst libgcrypt20 [1.10.1-3] (1.10.1-3+deb12u1 Debian:12.15/oldstable, Debian-Security:12/oldstable-security [amd64])
Inst linux-image-6.1 (6.1.9-1 Debian-Security:12/oldstable-security [amd64])
Inst openssl [3.0.2-0ubuntu1] (3.0.2-0ubuntu1.9 Ubuntu:22.04/jammy-updates, Ubuntu:22.04/jammy-security [amd64])
Inst libesm [1] (2 UbuntuESM:22.04/jammy-infra-security [amd64]) []
Conf bash (5.2.15-2+b13 Debian:12.15/oldstable [amd64])
Conf openssl (3.0.2-0ubuntu1.9 Ubuntu:22.04/jammy-security [amd64])
4 upgraded, 1 newly installed, 0 to remove and 2 not upgraded.
"""  # noqa: E501  as apt-get writes it
STATUS = """\
Package: shop-lib
Status: install ok installed
Architecture: all
Version: 1.0
Maintainer: nobody
Description: installed here

"""
RELEASE = """\
Origin: Debian
Label: Debian-Security
Suite: stable-security
Codename: test-security
Date: Mon, 09 Mar 2026 07:00:00 UTC
Valid-Until: {until}
Architectures: all amd64
Components: main
"""
PACKAGES = """\
Package: shop-lib
Architecture: all
Version: {version}
Maintainer: nobody
Filename: pool/shop-lib.deb
Size: 1
SHA256: 0000000000000000000000000000000000000000000000000000000000000000
Description: offered there

"""


def machine(
    root: Path,
    *,
    offered: str = "1.1",
    age: timedelta = timedelta(hours=5),
    until: str = "Mon, 16 Mar 2026 07:00:00 UTC",
) -> Path:
    """Make a small Debian system: one package installed, one offered by a security archive."""
    for folder in ("etc/apt/preferences.d", "var/lib/dpkg", "var/lib/apt/lists/partial"):
        (root / folder).mkdir(parents=True)
    (root / "var/lib/dpkg/status").write_text(STATUS)
    source = "deb [trusted=yes] http://security.test/debian test-security main\n"
    (root / "etc/apt/sources.list").write_text(source)
    lists = root / "var/lib/apt/lists"
    name = "security.test_debian_dists_test-security"
    (lists / f"{name}_InRelease").write_text(RELEASE.format(until=until))
    for arch in ("all", "amd64"):
        file = lists / f"{name}_main_binary-{arch}_Packages"
        file.write_text(PACKAGES.format(version=offered))
    fetched = (TUESDAY - age).timestamp()
    for file in lists.glob("*Release"):
        os.utime(file, (fetched, fetched))
    return root


def told(inspection: Inspection) -> dict[str, Severity]:
    """Give what each check came to."""
    return {it.key.partition(":")[0]: it.severity for it in inspection.findings}


def test_a_simulation_is_read() -> None:
    """Rows of security archives count, of Debian and of Ubuntu, for upgraded and new packages."""
    pending = updates.read_simulation(SIMULATED.splitlines())

    assert pending.security == ("libesm", "libgcrypt20", "linux-image-6.1", "openssl")
    assert (pending.all, pending.held) == (5, 2)


@needs_apt
def test_a_pending_update_is_found(tmp_path: Path) -> None:
    """apt-get itself says so, from the lists alone; the system stays as it was."""
    root = machine(tmp_path)
    before = sorted(str(it) for it in root.rglob("*"))

    inspection = updates.look(str(root), TUESDAY)

    assert told(inspection) == {"updates.pending": Severity.WARNING, "updates.lists": Severity.OK}
    assert inspection.findings[0].text == "1 security update pending on this machine: shop-lib."
    assert "5 hours ago" in inspection.findings[1].text
    assert sorted(str(it) for it in root.rglob("*")) == before


@needs_apt
def test_nothing_is_pending_on_a_fresh_machine(tmp_path: Path) -> None:
    """Young lists that offer nothing newer are green."""
    inspection = updates.look(str(machine(tmp_path, offered="1.0")), TUESDAY)

    assert set(told(inspection).values()) == {Severity.OK}


@needs_apt
@pytest.mark.parametrize(
    ("age", "offered", "pending", "lists"),
    [
        (timedelta(days=3), "1.0", Severity.UNKNOWN, Severity.WARNING),
        (timedelta(days=3), "1.1", Severity.WARNING, Severity.WARNING),
        (timedelta(days=9), "1.0", Severity.UNKNOWN, Severity.UNKNOWN),
        (timedelta(days=9), "1.1", Severity.WARNING, Severity.UNKNOWN),
    ],
)
def test_old_lists_prove_nothing(
    tmp_path: Path, age: timedelta, offered: str, pending: Severity, lists: Severity
) -> None:
    """What they name is pending at least; that they name none is no news."""
    inspection = updates.look(str(machine(tmp_path, offered=offered, age=age)), TUESDAY)

    assert told(inspection) == {"updates.pending": pending, "updates.lists": lists}
    assert inspection.findings[0].text.startswith("At least ") is (offered == "1.1")


@needs_apt
def test_lists_past_their_date_prove_nothing(tmp_path: Path) -> None:
    """An archive says until when its word holds."""
    root = machine(tmp_path, offered="1.0", until="Mon, 09 Mar 2026 08:00:00 UTC")

    assert set(told(updates.look(str(root), TUESDAY)).values()) == {Severity.UNKNOWN}


@needs_apt
def test_no_lists_are_not_green(tmp_path: Path) -> None:
    """A slim image without lists has nothing pending only by name."""
    root = machine(tmp_path)
    shutil.rmtree(root / "var/lib/apt/lists")

    inspection = updates.look(str(root), TUESDAY)

    assert told(inspection) == {"updates.pending": Severity.UNKNOWN}
    assert "no package lists" in inspection.findings[0].text


@needs_apt
def test_lists_without_a_security_archive_are_not_green(tmp_path: Path) -> None:
    """A machine that never asks for security updates gets none."""
    root = machine(tmp_path, offered="1.0")
    lists = root / "var/lib/apt/lists"
    for file in [it for it in lists.iterdir() if it.is_file()]:
        file.rename(lists / file.name.replace("security", "base"))

    inspection = updates.look(str(root), TUESDAY)

    assert told(inspection)["updates.pending"] is Severity.UNKNOWN
    assert "no security archive" in inspection.findings[0].text


def test_another_kind_of_machine_is_unknown(tmp_path: Path, now: datetime) -> None:
    """Without Debian's files it says what to do by hand."""
    inspection = updates.look(str(tmp_path), now)

    assert told(inspection) == {"updates.pending": Severity.UNKNOWN}
    assert "softwareupdate" in inspection.findings[0].text


@needs_apt
def test_keys_are_the_same_in_the_next_run(tmp_path: Path) -> None:
    """Two looks at the same machine can be compared, a day apart."""
    root = str(machine(tmp_path))

    first = updates.look(root, TUESDAY)
    second = updates.look(root, TUESDAY + timedelta(days=1))

    assert [it.key for it in first.findings] == [it.key for it in second.findings]
