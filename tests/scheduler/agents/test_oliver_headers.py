"""Oliver sees every header a web server should send and does not, and nothing on one that does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from scheduler.agents.tools import headers, hosts
from scheduler.agents.tools.headers import Page, judge
from scheduler.agents.tools.hosts import Host
from scheduler.agents.tools.inspection import Inspection
from scheduler.now import utc_now
from storage.reports import Severity
from tests.scheduler.agents.servers import NAME, Authority, free_port, serving

GUARDED = """\
Strict-Transport-Security: max-age=63072000; includeSubDomains
Content-Security-Policy: default-src 'self'; frame-ancestors 'none'
X-Content-Type-Options: nosniff
Referrer-Policy: strict-origin-when-cross-origin
Set-Cookie: sid=canary-value; Secure; HttpOnly; SameSite=Lax
Server: nginx
"""
BARE = """\
Set-Cookie: sid=canary-value; Path=/
Set-Cookie: theme=dark; secure; HTTPONLY
Server: nginx/1.18.0
X-Powered-By: PHP/7.4.3
"""
NOW = utc_now()


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    """Give somebody who signs the servers' certificates; whether they are trusted is not asked."""
    return Authority(folder=tmp_path, now=NOW)


def told(inspection: Inspection, severity: Severity) -> dict[str, str]:
    """Give the texts of findings by their keys, without the port."""
    return {
        finding.key.partition(":")[0].removeprefix("headers."): finding.text.partition(": ")[2]
        for finding in inspection.findings
        if finding.severity is severity
    }


@asynccontextmanager
async def site(authority: Authority, lines: str, *, status: str = "200 OK") -> AsyncIterator[Host]:
    """Serve one page over TLS."""
    async with serving(authority.context(), lines, status=status) as port:
        yield Host(name=NAME, port=port)


async def test_nothing_is_found_on_a_guarded_site(authority: Authority) -> None:
    """Each header that is as it should be is a check that passed."""
    async with site(authority, GUARDED) as host:
        inspection = await headers.look((host,), NOW)

    assert {finding.severity for finding in inspection.findings} == {Severity.OK}
    assert len(inspection.findings) == 6


async def test_all_that_a_bare_site_lacks_is_found(authority: Authority) -> None:
    """Every missing header, the bare cookie by its name and the versions; no cookie's value."""
    async with site(authority, BARE) as host:
        inspection = await headers.look((host,), NOW)

    found = told(inspection, Severity.WARNING)
    assert set(found) == {
        "hsts", "framing", "nosniff", "referrer", "cookie_secure", "cookie_httponly", "version",
    }  # fmt: skip
    assert found["cookie_secure"] == "sets cookies without Secure: sid."
    assert found["cookie_httponly"] == "sets cookies that scripts can read (no HttpOnly): sid."
    assert "nginx/1.18.0, PHP/7.4.3" in found["version"]
    assert "canary" not in repr(inspection)


async def test_keys_are_the_same_in_the_next_run(authority: Authority) -> None:
    """Two looks at the same server can be compared."""
    async with site(authority, BARE) as host:
        first = await headers.look((host,), NOW)
        second = await headers.look((host,), NOW)

    assert first == second


async def test_plain_http_that_stays_plain_is_found() -> None:
    """A host given as http that answers there is told so; its other headers count as well."""
    async with serving(None, GUARDED) as port:
        host = Host(name=NAME, port=port, scheme="http")
        inspection = await headers.look((host,), NOW)

    assert told(inspection, Severity.WARNING).keys() == {"plain"}
    assert "hsts" not in told(inspection, Severity.OK)


@pytest.mark.parametrize(
    ("status", "lines", "severity"),
    [
        ("301 Moved", "Location: https://127.0.0.1/\n", Severity.OK),
        ("302 Found", "Location: http://127.0.0.1/login\n", Severity.WARNING),
        ("200 OK", "", Severity.WARNING),
    ],
)
async def test_the_plain_port_of_a_site_leads_to_https(
    authority: Authority,
    monkeypatch: pytest.MonkeyPatch,
    status: str,
    lines: str,
    severity: Severity,
) -> None:
    """What listens on the usual port of plain HTTP has to redirect."""
    async with (
        serving(authority.context(), GUARDED) as port,
        serving(None, lines, status=status) as plain,
    ):
        monkeypatch.setitem(hosts.PORTS, "https", port)
        monkeypatch.setitem(hosts.PORTS, "http", plain)
        inspection = await headers.look((Host(name=NAME, port=port),), NOW)

    assert "plain" in told(inspection, severity)


async def test_no_plain_port_is_as_good(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nobody listens, nobody is spied on."""
    async with site(authority, GUARDED) as host:
        monkeypatch.setitem(hosts.PORTS, "https", host.port)
        monkeypatch.setitem(hosts.PORTS, "http", free_port())
        inspection = await headers.look((host,), NOW)

    assert told(inspection, Severity.OK)["plain"] == "does not answer in plain HTTP."


async def test_a_redirect_within_the_host_is_followed(authority: Authority) -> None:
    """The headers that count are those of the page people get."""
    async with site(authority, GUARDED) as goal:
        leading = f"Location: https://{NAME}:{goal.port}/home\n{BARE}"
        async with site(authority, leading, status="302 Found") as host:
            inspection = await headers.look((host,), NOW)

    assert {finding.severity for finding in inspection.findings} == {Severity.OK}


async def test_a_redirect_elsewhere_is_not_followed(authority: Authority) -> None:
    """Another host is named and left alone: it is not among those that may be looked at."""
    async with serving(authority.context(), GUARDED) as port:
        leading = f"Location: https://localhost:{port}/\n"
        async with site(authority, leading, status="302 Found") as host:
            inspection = await headers.look((host,), NOW)

    assert told(inspection, Severity.INFO) == {
        "elsewhere": "leads to localhost, which was not looked at."
    }
    assert told(inspection, Severity.WARNING).keys() == {"hsts"}


async def test_a_redirect_without_end_is_cut(authority: Authority) -> None:
    """A site that leads to itself is left after a few steps."""
    async with site(authority, "Location: /again\n", status="307 Again") as host:
        inspection = await headers.look((host,), NOW)

    assert "itself" in told(inspection, Severity.INFO)["elsewhere"]


async def test_a_redirect_to_nonsense_is_unknown(authority: Authority) -> None:
    """An address that is none is no answer that can be read, and no fault of ours."""
    async with site(authority, "Location: http://[\n", status="302 Found") as host:
        inspection = await headers.look((host,), NOW)

    [unknown] = [it for it in inspection.findings if it.severity is Severity.UNKNOWN]
    assert unknown.text == f"{NAME}:{host.port}, its answer can't be read."


async def test_an_error_says_little_about_headers(authority: Authority) -> None:
    """A page that failed is not judged, and not green."""
    async with site(authority, GUARDED, status="503 Busy") as host:
        inspection = await headers.look((host,), NOW)

    assert [finding.severity for finding in inspection.findings] == [Severity.UNKNOWN]
    assert "answered with an error (503)" in inspection.findings[0].text


async def test_who_is_away_is_one_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    """A host that does not answer on either port is told once."""
    monkeypatch.setitem(hosts.PORTS, "http", free_port())
    port = free_port()
    monkeypatch.setitem(hosts.PORTS, "https", port)

    inspection = await headers.look((Host(name=NAME, port=port),), NOW)

    assert told(inspection, Severity.OK) == {"plain": "does not answer in plain HTTP."}
    [unknown] = [it for it in inspection.findings if it.severity is Severity.UNKNOWN]
    assert unknown.text == "127.0.0.1, nothing listens there."


@pytest.mark.parametrize(
    ("header", "value", "check", "severity"),
    [
        ("strict-transport-security", "max-age=86400", "hsts", Severity.WARNING),
        ("strict-transport-security", "max-age=0", "hsts", Severity.WARNING),
        ("strict-transport-security", "nonsense", "hsts", Severity.WARNING),
        ("x-frame-options", "DENY", "framing", Severity.INFO),
        ("x-frame-options", "ALLOWALL", "framing", Severity.WARNING),
        ("content-security-policy", "default-src 'self'", "framing", Severity.INFO),
        ("x-content-type-options", "sniff", "nosniff", Severity.WARNING),
        ("referrer-policy", "unsafe-url", "referrer", Severity.WARNING),
        ("referrer-policy", "no-referrer, same-origin", "referrer", Severity.OK),
    ],
)
def test_half_a_guard_is_told_as_half(
    header: str, value: str, check: str, severity: Severity
) -> None:
    """A header counts for what it says, not for being there."""
    page = Page(url="https://shop.example/", status=200, headers={header: value})

    assert {name: verdict for name, verdict, _ in judge(page)}[check] is severity
