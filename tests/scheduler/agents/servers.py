"""Servers on loopback with certificates of our own making, for Oliver to look at."""

from __future__ import annotations

import asyncio
import socket
import ssl
import warnings
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

NAME = "127.0.0.1"


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _san(names: Sequence[str]) -> x509.SubjectAlternativeName:
    addresses = {name for name in names if name[0].isdigit()}
    return x509.SubjectAlternativeName(
        [
            x509.IPAddress(ip_address(name)) if name in addresses else x509.DNSName(name)
            for name in names
        ]
    )


@dataclass
class Authority:
    """Signs certificates; `file` is its own, for those who trust it."""

    folder: Path
    now: datetime
    name: str = "Test Authority"
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    @property
    def file(self) -> Path:
        """Write the authority's certificate, and give its path."""
        path = self.folder / f"{self.name}.pem"
        path.write_bytes(self._certificate().public_bytes(serialization.Encoding.PEM))
        return path

    def _certificate(self) -> x509.Certificate:
        builder = self._begin(_name(self.name), self.key, self.now, timedelta(days=-9), 900)
        usage = x509.KeyUsage(
            digital_signature=True, key_cert_sign=True, crl_sign=True, content_commitment=False,
            key_encipherment=False, data_encipherment=False, key_agreement=False,
            encipher_only=False, decipher_only=False,
        )  # fmt: skip
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        return builder.add_extension(usage, critical=True).sign(self.key, hashes.SHA256())

    def _begin(
        self,
        subject: x509.Name,
        key: ec.EllipticCurvePrivateKey,
        now: datetime,
        starts: timedelta,
        days: float,
    ) -> x509.CertificateBuilder:
        identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        signer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        builder = x509.CertificateBuilder(issuer_name=_name(self.name), subject_name=subject)
        return (
            builder.public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + starts)
            .not_valid_after(now + timedelta(days=days))
            .add_extension(identifier, critical=False)
            .add_extension(signer, critical=False)
        )

    def context(
        self,
        *names: str,
        days: float = 90,
        starts: timedelta = timedelta(days=-5),
        is_self_signed: bool = False,
    ) -> ssl.SSLContext:
        """Give a server's context with a certificate for these names (127.0.0.1 where none)."""
        signer = (
            Authority(folder=self.folder, now=self.now, name="Self") if is_self_signed else self
        )
        key = signer.key if is_self_signed else ec.generate_private_key(ec.SECP256R1())
        subject = _name("Self" if is_self_signed else "Server")
        builder = signer._begin(subject, key, self.now, starts, days)
        builder = builder.add_extension(_san(names or (NAME,)), critical=False)
        certificate = builder.sign(signer.key, hashes.SHA256())
        path = self.folder / f"{certificate.serial_number}.pem"
        path.write_bytes(
            certificate.public_bytes(serialization.Encoding.PEM)
            + key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context


def only(context: ssl.SSLContext, *, least: str, most: str) -> ssl.SSLContext:
    """Let a server speak these versions of TLS only, out of use as they may be."""
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        context.minimum_version = ssl.TLSVersion[least]
        context.maximum_version = ssl.TLSVersion[most]
    return context


@asynccontextmanager
async def serving(
    context: ssl.SSLContext | None = None, headers: str = "", *, status: str = "200 OK"
) -> AsyncIterator[int]:
    """Answer every request with these header lines, on a free port of 127.0.0.1."""
    answer = f"HTTP/1.1 {status}\r\nContent-Length: 2\r\nConnection: close\r\n{headers}\r\nhi"

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.read(65_536)
            writer.write(answer.replace("\r\n", "\n").replace("\n", "\r\n").encode())
            await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(handle, NAME, 0, ssl=context)
    async with server:
        yield server.sockets[0].getsockname()[1]


_held: list[socket.socket] = []
"""Bound for as long as the tests run and never listening, so that nobody takes their ports."""


def free_port() -> int:
    """Give a port where nobody listens, now or later."""
    held = socket.socket()
    held.bind((NAME, 0))
    _held.append(held)
    port: int = held.getsockname()[1]
    return port
