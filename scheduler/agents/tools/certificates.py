"""Certificates: what a server shows, until when, for which name, signed by whom, over which TLS.

Called by Oliver. Each server is asked with asyncio, for at most `reach.LIMIT_S` a question; nothing
is sent but the handshake.
"""

from __future__ import annotations

import asyncio
import ipaddress
import math
import ssl
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from scheduler.agents.tools.hosts import Host
from scheduler.agents.tools.inspection import Inspection, Observer, counted, day, listed
from scheduler.agents.tools.reach import LIMIT_S, each, why
from storage.reports import Finding, Section, Severity

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

WARN_DAYS = 30
CRITICAL_DAYS = 7
SOURCE = "TLS handshake"
_SELF_SIGNED, _OUT_OF_DATE, _UNTRUSTED = 18, (9, 10), (2, 19, 20, 21)
"""What OpenSSL's verdicts on a chain mean (X509_V_ERR_…)."""
_NO_CHECK_TIME = 0x200000  # X509_V_FLAG_NO_CHECK_TIME, for which Python has no name


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a server showed: `trust` is OpenSSL's verdict on the chain, 0 where it is trusted.

    `trust` is None where this machine trusts nobody, so that nothing can be said.
    """

    starts: datetime
    ends: datetime
    names: tuple[str, ...]
    version: str
    accepts_old: bool | None
    trust: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """What came of one host: what it showed, or why that is not known."""

    host: Host
    shown: Shown | None
    reason: str = ""


async def look(hosts: Sequence[Host], now: datetime) -> Inspection:
    """Look at the certificate of each host that speaks TLS."""
    spoken = list({(it.name, it.port): it for it in hosts if it.scheme == "https"}.values())
    looks = await each(spoken, lambda host: _look(host, now))
    observer = Observer(topic="certificate", now=now, source=SOURCE)
    if not spoken:
        text = "Certificates: every host is given as http, which shows none."
        unseen = observer.finding("expiry", "none", Severity.INFO, text)
        return Inspection(looked_at="0 hosts", findings=(unseen,))
    return Inspection(
        looked_at=counted(len(spoken), "host"),
        findings=tuple(finding for it in looks for finding in _findings(it, observer)),
        sections=_table([it for it in looks if it.shown], now),
    )


async def _look(host: Host, now: datetime) -> _Look:
    try:
        return _Look(host=host, shown=await _shown(host, now))
    except OSError as error:  # TimeoutError and ssl.SSLError are OSErrors too
        return _Look(host=host, shown=None, reason=why(error))
    except ValueError:
        return _Look(host=host, shown=None, reason="its certificate can't be read")


async def _shown(host: Host, now: datetime) -> Shown:
    from cryptography import x509  # not needed before a host is looked at

    der, version = await _handshake(host, _any_context())
    certificate = x509.load_der_x509_certificate(der)
    starts, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    return Shown(
        starts=starts,
        ends=ends,
        names=_names(certificate),
        version=version,
        accepts_old=await _accepts_old(host),
        trust=await _trust(host, by_date=starts <= now < ends),
    )


async def _handshake(host: Host, context: ssl.SSLContext) -> tuple[bytes, str]:
    """Give the certificate (DER) a server shows and the TLS version it chooses."""
    async with asyncio.timeout(LIMIT_S):
        _, writer = await asyncio.open_connection(
            host.name, host.port, ssl=context, server_hostname=host.name
        )
    try:
        tls: ssl.SSLObject = writer.get_extra_info("ssl_object")
        return tls.getpeercert(binary_form=True) or b"", tls.version() or ""
    finally:
        writer.transport.abort()


def _any_context() -> ssl.SSLContext:
    """Speak to whoever answers, as old as their TLS may be: we look, and send nothing."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    _allow_old(context)
    return context


def _allow_old(context: ssl.SSLContext) -> None:
    """Allow what is out of use, to see who still has it."""
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        context.minimum_version = ssl.TLSVersion.TLSv1


async def _accepts_old(host: Host) -> bool | None:
    """Say whether a server still speaks TLS 1.1 or 1.0; None where it does not say."""
    context = _any_context()
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    try:
        await _handshake(host, context)
    except (ssl.SSLError, ConnectionError):
        return False
    except OSError:
        return None
    return True


async def _trust(host: Host, *, by_date: bool) -> int | None:
    """Give OpenSSL's verdict on the chain: 0 is trusted, None where nobody is.

    `by_date` is False for a certificate whose own dates are wrong, which is told apart.
    """
    if not _trusts_somebody():
        return None
    context = ssl.create_default_context()
    context.check_hostname = False  # the name is a check of its own
    if not by_date:
        context.verify_flags |= ssl.VerifyFlags(_NO_CHECK_TIME)
    try:
        await _handshake(host, context)
    except ssl.SSLCertVerificationError as error:
        return error.verify_code
    except (ssl.SSLError, ConnectionError):  # too old to be spoken to by default
        return await _trust_of_old(host, context)
    return 0


async def _trust_of_old(host: Host, context: ssl.SSLContext) -> int:
    _allow_old(context)
    try:
        await _handshake(host, context)
    except ssl.SSLCertVerificationError as error:
        return error.verify_code
    return 0


def _trusts_somebody() -> bool:
    paths = ssl.get_default_verify_paths()
    if paths.cafile is not None:
        return True
    return paths.capath is not None and any(Path(paths.capath).iterdir())


def _names(certificate: Certificate) -> tuple[str, ...]:
    from cryptography import x509

    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    except (x509.DuplicateExtension, x509.UnsupportedGeneralNameType) as error:
        raise ValueError("names") from error
    addresses = names.get_values_for_type(x509.IPAddress)
    return (*names.get_values_for_type(x509.DNSName), *(str(it) for it in addresses))


def fits(name: str, patterns: Sequence[str]) -> bool:
    """Say whether a certificate for these names is one for this host (RFC 6125)."""
    try:
        address = str(ipaddress.ip_address(name))
    except ValueError:
        _, _, parent = name.partition(".")
        lowered = [pattern.lower().rstrip(".") for pattern in patterns]
        return name in lowered or (bool(parent) and f"*.{parent}" in lowered)
    return address in patterns


def _findings(it: _Look, observer: Observer) -> list[Finding]:
    name, shown = it.host.shown, it.shown
    if shown is None:
        text = f"{name}, {it.reason}."
        return [observer.finding("expiry", name, Severity.UNKNOWN, text)]
    verdicts = {
        "expiry": _expiry(shown, observer.now),
        "name": _name(it.host, shown),
        "chain": judge_chain(shown),
        "tls": _tls(shown),
    }
    left = _days(shown, observer.now)
    return [
        observer.finding(
            check,
            name,
            severity,
            f"{name}{', ' if severity is Severity.UNKNOWN else ': '}{text}",
            value=left if check == "expiry" else None,
            unit="days" if check == "expiry" else None,
        )
        for check, (severity, text) in verdicts.items()
    ]


def _days(shown: Shown, now: datetime) -> int:
    return math.floor((shown.ends - now).total_seconds() / 86_400)


def _expiry(shown: Shown, now: datetime) -> tuple[Severity, str]:
    left, ends = _days(shown, now), day(shown.ends)
    if shown.ends <= now:
        ago = f"{counted(-left - 1, 'day')} ago" if left < -1 else "today"
        return Severity.CRITICAL, f"the certificate expired {ago} ({ends})."
    if shown.starts > now:
        return Severity.CRITICAL, f"the certificate is not valid before {day(shown.starts)}."
    when = f"in {counted(left, 'day')}" if left else "within a day"
    if left < WARN_DAYS:
        severity = Severity.CRITICAL if left < CRITICAL_DAYS else Severity.WARNING
        return severity, f"the certificate expires {when} ({ends})."
    return Severity.OK, f"the certificate is good for {counted(left, 'day')} more ({ends})."


def _name(host: Host, shown: Shown) -> tuple[Severity, str]:
    if fits(host.name, shown.names):
        return Severity.OK, "the certificate is for this name."
    named = f"for {listed(shown.names)}" if shown.names else "without any host name"
    return Severity.CRITICAL, f"the certificate is {named}, not for {host.name}."


def judge_chain(shown: Shown) -> tuple[Severity, str]:
    """Say what OpenSSL makes of who signed the certificate."""
    code = shown.trust
    if code is None:
        text = (
            "who signed its certificate, as this machine has no list of trusted authorities "
            "(install ca-certificates)."
        )
        return Severity.UNKNOWN, text
    if code == 0:
        return Severity.OK, "an authority that this machine trusts signed the certificate."
    if code in _OUT_OF_DATE:
        return Severity.CRITICAL, "a certificate above its own in the chain is out of date."
    if code == _SELF_SIGNED:
        return Severity.WARNING, "the certificate is self-signed, so clients can't trust it."
    if code in _UNTRUSTED:
        text = (
            "nobody this machine trusts signed the certificate, or the server does not send the "
            "certificates between."
        )
        return Severity.WARNING, text
    return Severity.WARNING, "this machine refuses the chain of the certificate."


def _tls(shown: Shown) -> tuple[Severity, str]:
    version = shown.version.replace("v", " ")
    if shown.version not in ("TLSv1.2", "TLSv1.3"):
        return Severity.CRITICAL, f"speaks {version} at best; clients of today want TLS 1.2."
    if shown.accepts_old:
        return Severity.WARNING, f"speaks {version}, and still accepts TLS 1.1 or older."
    if shown.accepts_old is None:
        return Severity.OK, f"speaks {version}."
    return Severity.OK, f"speaks {version}, and nothing older than TLS 1.2."


def _table(looks: Sequence[_Look], now: datetime) -> tuple[Section, ...]:
    """List the certificates, the one that ends first on top."""
    shown = sorted(
        ((it.shown.ends, it.host.shown, it.shown) for it in looks if it.shown),
        key=lambda row: row[:2],
    )
    rows = tuple((host, f"{_days(it, now)}", day(ends)) for ends, host, it in shown)
    columns = ("Host", "Days", "Ends")
    return (Section(title="Certificates", columns=columns, rows=rows),) if rows else ()
