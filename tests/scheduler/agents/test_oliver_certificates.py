"""Oliver sees every fault planted in a certificate, none in a good one, and says what is away."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from pathlib import Path
from ssl import SSLContext

import pytest

from scheduler.agents.tools import certificates
from scheduler.agents.tools.certificates import Shown, fits
from scheduler.agents.tools.hosts import Host
from scheduler.agents.tools.inspection import Inspection
from scheduler.agents.tools.reach import why
from scheduler.now import utc_now
from storage.reports import Finding, Severity
from tests.scheduler.agents.servers import NAME, Authority, free_port, only, serving

BAD = (Severity.CRITICAL, Severity.WARNING)


@pytest.fixture
def now() -> datetime:
    """Give the present moment, since OpenSSL goes by the clock."""
    return utc_now()


@pytest.fixture
def authority(tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """Give an authority that this process trusts, and no other."""
    authority = Authority(folder=tmp_path, now=now)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    return authority


def told(inspection: Inspection, severities: Iterable[Severity] = BAD) -> dict[str, str]:
    """Give the texts of findings by their keys without the port."""
    return {
        finding.key.partition(":")[0]: finding.text.partition(": ")[2]
        for finding in inspection.findings
        if finding.severity in severities
    }


async def look(context: SSLContext, now: datetime) -> Inspection:
    """Look at one server."""
    async with serving(context) as port:
        return await certificates.look((Host(name=NAME, port=port),), now)


async def test_a_good_certificate_passes_every_check(authority: Authority, now: datetime) -> None:
    """Its days left are told, and nothing is found."""
    inspection = await look(authority.context(days=90.5), now)

    assert {finding.severity for finding in inspection.findings} == {Severity.OK}
    assert len(inspection.findings) == 4
    assert inspection.findings[0].value == 90
    assert inspection.sections[0].rows[0][1] == "90"


@pytest.mark.parametrize(
    ("days", "severity", "said"),
    [
        (29.5, Severity.WARNING, "expires in 29 days"),
        (8.5, Severity.WARNING, "expires in 8 days"),
        (6.5, Severity.CRITICAL, "expires in 6 days"),
        (0.5, Severity.CRITICAL, "expires within a day"),
        (-0.5, Severity.CRITICAL, "expired today"),
        (-2.5, Severity.CRITICAL, "expired 2 days ago"),
    ],
)
async def test_the_end_of_a_certificate_is_seen(
    authority: Authority, now: datetime, days: float, severity: Severity, said: str
) -> None:
    """It is the one thing wrong with it, and the nearer the worse."""
    inspection = await look(authority.context(days=days), now)

    [(key, text)] = told(inspection).items()
    assert key == "certificate.expiry"
    assert said in text
    assert severity in {finding.severity for finding in inspection.findings}


async def test_a_certificate_of_tomorrow_is_not_valid_yet(
    authority: Authority, now: datetime
) -> None:
    """It is told apart from one that has expired."""
    inspection = await look(authority.context(starts=timedelta(days=1)), now)

    assert "not valid before" in told(inspection)["certificate.expiry"]
    assert len(told(inspection)) == 1


async def test_a_certificate_for_another_name_is_seen(authority: Authority, now: datetime) -> None:
    """The names it is for are told."""
    inspection = await look(authority.context("other.example", "10.1.2.3"), now)

    assert told(inspection) == {
        "certificate.name": "the certificate is for other.example, 10.1.2.3, not for 127.0.0.1."
    }


async def test_a_self_signed_certificate_is_seen(authority: Authority, now: datetime) -> None:
    """Nobody vouches for it."""
    inspection = await look(authority.context(is_self_signed=True), now)

    assert "self-signed" in told(inspection)["certificate.chain"]
    assert len(told(inspection)) == 1


async def test_a_certificate_of_a_stranger_is_seen(
    authority: Authority, tmp_path: Path, now: datetime
) -> None:
    """An authority this machine does not know is no authority; an expired one tells both."""
    stranger = Authority(folder=tmp_path, now=now, name="Stranger")

    inspection = await look(stranger.context(days=-3.5), now)

    assert "nobody this machine trusts" in told(inspection)["certificate.chain"]
    assert set(told(inspection)) == {"certificate.chain", "certificate.expiry"}


@pytest.mark.parametrize(
    ("least", "most", "severity", "said"),
    [
        ("TLSv1_1", "TLSv1_1", Severity.CRITICAL, "speaks TLS 1.1 at best"),
        ("TLSv1_1", "TLSv1_2", Severity.WARNING, "speaks TLS 1.2, and still accepts TLS 1.1"),
        ("TLSv1_2", "TLSv1_2", Severity.OK, "speaks TLS 1.2, and nothing older"),
    ],
)
async def test_old_tls_is_seen(
    authority: Authority, now: datetime, least: str, most: str, severity: Severity, said: str
) -> None:
    """What a server speaks at best, and what it still accepts, are two things."""
    inspection = await look(only(authority.context(), least=least, most=most), now)

    assert said in told(inspection, [severity])["certificate.tls"]
    others = [it for it in inspection.findings if not it.key.startswith("certificate.tls")]
    assert {finding.severity for finding in others} == {Severity.OK}


async def test_who_is_away_is_unknown(authority: Authority, now: datetime) -> None:
    """A closed port and a server without TLS are not green, and the others are looked at."""
    async with AsyncExitStack() as stack:
        plain = await stack.enter_async_context(serving())
        good = await stack.enter_async_context(serving(authority.context()))
        hosts = (
            Host(name=NAME, port=free_port()),
            Host(name=NAME, port=plain),
            Host(name=NAME, port=good),
        )
        inspection = await certificates.look(hosts, now)

    unmade = [it.text for it in inspection.findings if it.severity is Severity.UNKNOWN]
    assert [text.partition(", ")[2] for text in unmade] == [
        "nothing listens there.",
        "it does not speak TLS, or none that can be spoken.",
    ]
    assert sum(it.severity is Severity.OK for it in inspection.findings) == 4


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (socket.gaierror(-2, "canary"), "its name is not known"),
        (TimeoutError("canary"), "no answer within 10 s"),
        (ConnectionResetError("canary"), "it broke the connection off"),
        (OSError("canary"), "it can't be reached"),
        (ExceptionGroup("canary", [ConnectionRefusedError()]), "nothing listens there"),
        (ValueError("canary"), "its answer can't be read"),
    ],
)
def test_a_failure_is_told_in_our_words(error: Exception, words: str) -> None:
    """The text of an exception goes no further, however it is wrapped."""
    wrapped = RuntimeError("canary")
    wrapped.__cause__ = error

    assert why(error) == why(wrapped) == words


async def test_a_machine_that_trusts_nobody_says_so(
    authority: Authority, now: datetime, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Without a list of authorities the chain is unknown, not fine."""
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path / "none"))

    inspection = await look(authority.context(), now)

    assert "no list of trusted authorities" in _text(inspection, "certificate.chain")
    assert told(inspection, [Severity.UNKNOWN]).keys() == {"certificate.chain"}


def _text(inspection: Inspection, check: str) -> str:
    [found] = [it for it in inspection.findings if it.key.startswith(check)]
    return found.text


async def test_a_chain_out_of_date_is_told_apart(now: datetime) -> None:
    """The server's own certificate is good, one above it is not."""
    shown = Shown(
        starts=now - timedelta(days=1),
        ends=now + timedelta(days=60),
        names=(NAME,),
        version="TLSv1.3",
        accepts_old=False,
        trust=10,
    )

    assert certificates.judge_chain(shown)[0] is Severity.CRITICAL


async def test_keys_are_the_same_in_the_next_run(authority: Authority, now: datetime) -> None:
    """Two looks at the same server can be compared."""

    def keys(findings: tuple[Finding, ...]) -> list[str]:
        return [finding.key for finding in findings]

    async with serving(authority.context(days=3)) as port:
        first = await certificates.look((Host(name=NAME, port=port),), now)
        later = await certificates.look((Host(name=NAME, port=port),), now + timedelta(days=1))

    assert keys(first.findings) == keys(later.findings)


@pytest.mark.parametrize(
    ("name", "pattern", "is_fit"),
    [
        ("shop.example", "shop.example", True),
        ("shop.example", "SHOP.example.", True),
        ("shop.example", "*.example", True),
        ("a.shop.example", "*.example", False),
        ("example", "*.example", False),
        ("shop.example", "example", False),
        ("127.0.0.1", "*.0.0.1", False),
        ("::1", "0:0:0:0:0:0:0:1", False),
        ("::1", "::1", True),
    ],
)
def test_a_wildcard_stands_for_one_label(name: str, pattern: str, *, is_fit: bool) -> None:
    """A name fits as browsers see it."""
    assert fits(name, (pattern,)) is is_fit
