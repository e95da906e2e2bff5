"""Certificates, good and bad: an authority that the catalogue trusts, and what it would never sign in real life."""

import ssl
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
DAY = timedelta(days=1)
Signed = tuple[x509.Certificate, Key]


class Authority:
    """The authority of the house. `file` is what the catalogue trusts."""

    def __init__(self, folder: Path) -> None:
        self._ca = trustme.CA()
        self.file = folder / "authority.pem"
        self._ca.cert_pem.write_to_path(self.file)

    def context(self, host: str, *, since: float = -1, until: float = 30) -> ssl.SSLContext:
        """A server's context with a certificate for `host`, valid between these days from now."""
        now = datetime.now(UTC)
        leaf = self._ca.issue_cert(host, not_before=now + since * DAY, not_after=now + until * DAY)
        context = server_context()
        leaf.configure_cert(context)
        return context

    def below(self, host: str, *, shown: bool, until: float = 30, since: float = -30) -> ssl.SSLContext:
        """A certificate signed by an intermediate authority, which the server shows or forgets to show."""
        between = signed("Intermediaire", self.root, since=since, until=until, authority=True)
        return chain(signed(host, between), [between[0]] if shown else [])

    @cached_property
    def root(self) -> Signed:
        """Certificate and key of the authority itself."""
        key = serialization.load_pem_private_key(self._ca.private_key_pem.bytes(), None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        return x509.load_pem_x509_certificate(self._ca.cert_pem.bytes()), key

    def weak(self, host: str) -> ssl.SSLContext:
        """A certificate whose key of 1,024 bits nobody accepts any more."""
        key = rsa.generate_private_key(public_exponent=65537, key_size=1024)
        context = server_context()
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
        return chain(signed(host, self.root, key=key), [], context)


def server_context() -> ssl.SSLContext:
    """A server's context as everybody has it."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)


def signed(
    name: str,
    by: Signed | None,
    *,
    key: Key | None = None,
    since: float = -1,
    until: float = 30,
    authority: bool = False,
) -> Signed:
    """A certificate for `name`, signed by another one or (None) by itself."""
    own = key or ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    issuer, issuer_key = (by[0].subject, by[1]) if by else (subject, own)
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + since * DAY)
        .not_valid_after(now + until * DAY)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(own.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )
    return builder.sign(issuer_key, hashes.SHA256()), own


def chain(leaf: Signed, others: Sequence[x509.Certificate], context: ssl.SSLContext | None = None) -> ssl.SSLContext:
    """A server's context that shows this certificate and these others."""
    context = context or server_context()
    pem = serialization.Encoding.PEM
    key = leaf[1].private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    with TemporaryDirectory() as folder:
        file = Path(folder) / "chain.pem"
        file.write_bytes(key + b"".join(one.public_bytes(pem) for one in (leaf[0], *others)))
        context.load_cert_chain(file)
    return context
