"""DKIM signatures (RFC 6376, 8463): relaxed headers and body, RSA with SHA-256 or ed25519."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa

KEY_BITS = 2048
KEY_BITS_MIN = 1024
SELECTOR = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*", re.ASCII)
# What a reader sees or acts on. Named once more than they occur, so that none can be added on the way.
SIGNED = (
    "from", "to", "subject", "date", "message-id", "in-reply-to", "references", "mime-version", "content-type", "content-transfer-encoding",
    "list-unsubscribe", "list-unsubscribe-post",
)  # fmt: skip
_PEM = re.compile(r"-----BEGIN [A-Z ]+-----(.*?)-----END [A-Z ]+-----", re.DOTALL)
_BLANKS = re.compile(rb"[ \t]+")

Key = rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs for one domain under one selector."""

    key: Key
    domain: str
    selector: str

    def sign(self, mail: bytes, *, at: int) -> bytes:
        """The mail (lines end in CRLF) with its signature before it. `at`: epoch seconds."""
        head, _, body = mail.partition(b"\r\n\r\n")
        fields = [(name.strip().lower().decode("latin-1"), value) for name, _, value in (one.partition(b":") for one in _unfolded(head))]
        there = [name for name, _ in fields]
        names = [name for name in SIGNED for _ in range(there.count(name) + 1)]
        digest = base64.b64encode(hashlib.sha256(_body(body)).digest()).decode()
        kind = "rsa-sha256" if isinstance(self.key, rsa.RSAPrivateKey) else "ed25519-sha256"
        opening = f"v=1; a={kind}; c=relaxed/relaxed; d={self.domain}; s={self.selector}; t={at}; h={':'.join(names)}; bh={digest}; b="
        left = list(reversed(fields))  # the last of a name is signed first
        lines = []
        for name in names:
            found = next((index for index, one in enumerate(left) if one[0] == name), None)
            if found is not None:
                lines.append(_header(*left.pop(found)) + b"\r\n")
        told = b"".join(lines) + _header("dkim-signature", b" " + opening.encode())
        return b"DKIM-Signature: " + _folded(opening + base64.b64encode(self._signature(told)).decode()).encode() + b"\r\n" + mail

    def record(self) -> tuple[str, str]:
        """The name and text of the DNS record that holds the public key."""
        public = self.key.public_key()
        if isinstance(public, rsa.RSAPublicKey):
            kind, shown = "rsa", public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        else:
            kind, shown = "ed25519", public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        return f"{self.selector}._domainkey.{self.domain}", f"v=DKIM1; k={kind}; p={base64.b64encode(shown).decode()}"

    def _signature(self, told: bytes) -> bytes:
        if isinstance(self.key, rsa.RSAPrivateKey):
            return self.key.sign(told, padding.PKCS1v15(), hashes.SHA256())
        return self.key.sign(hashlib.sha256(told).digest())


def made_key() -> str:
    """A new RSA key, as it is kept in the settings."""
    key = rsa.generate_private_key(65537, KEY_BITS)
    form = (serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return base64.b64encode(key.private_bytes(*form)).decode()


def key_of(text: str) -> Key:
    """A key as somebody pasted it: PEM, its base64 alone, or the seed of an ed25519 key. Raises ValueError."""
    match = _PEM.search(text)
    try:
        content = base64.b64decode("".join((match[1] if match else text).split()), validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error
    if len(content) == 32:
        return ed25519.Ed25519PrivateKey.from_private_bytes(content)
    try:
        key = serialization.load_der_private_key(content, None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise ValueError("not a private key") from error
    if isinstance(key, ed25519.Ed25519PrivateKey) or (isinstance(key, rsa.RSAPrivateKey) and key.key_size >= KEY_BITS_MIN):
        return key
    raise ValueError("neither RSA of 1,024 bits nor ed25519")


def _unfolded(head: bytes) -> list[bytes]:
    return re.sub(rb"\r\n(?=[ \t])", b"", head).split(b"\r\n")


def _header(name: str, value: bytes) -> bytes:
    return name.encode() + b":" + _BLANKS.sub(b" ", value.replace(b"\r\n", b"")).strip(b" ")


def _body(body: bytes) -> bytes:
    lines = [_BLANKS.sub(b" ", line).rstrip(b" ") for line in body.split(b"\r\n")]
    while lines and not lines[-1]:
        lines.pop()
    return b"".join(line + b"\r\n" for line in lines)


def _folded(value: str) -> str:
    """Lines of at most 78 characters; blanks within base64 mean nothing."""
    opening, _, signature = value.rpartition("b=")
    tags = [one.strip() for one in opening.strip().rstrip(";").split("; ")]
    pieces = [signature[start : start + 70] for start in range(0, len(signature), 70)]
    return ";\r\n ".join(tags) + ";\r\n b=" + "\r\n ".join(pieces)
