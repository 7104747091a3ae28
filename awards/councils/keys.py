"""What a holder keeps: a key of their own under a passphrase, to which a share of the sitting's key is sealed."""

from __future__ import annotations

from dataclasses import dataclass
from unicodedata import normalize

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.pwhash import argon2id
from nacl.secret import SecretBox
from nacl.utils import random

OPERATIONS, MEMORY = argon2id.OPSLIMIT_MODERATE, argon2id.MEMLIMIT_MODERATE  # a guess costs 256 MB and most of a second


@dataclass(frozen=True)
class HoldersKey:
    """The open half, and the other half locked by the passphrase."""

    public: bytes
    salt: bytes
    locked: bytes


def new_key(passphrase: str) -> HoldersKey:
    """A key of the holder's own; the passphrase itself is kept nowhere."""
    key, salt = PrivateKey.generate(), random(argon2id.SALTBYTES)
    return HoldersKey(bytes(key.public_key), salt, _box(passphrase, salt).encrypt(bytes(key)))


def seal(share: bytes, public: bytes) -> bytes:
    """The share, for the holder of that key alone."""
    return SealedBox(PublicKey(public)).encrypt(share)


def unseal(sealed: bytes, held: HoldersKey, passphrase: str) -> bytes | None:
    """The share again; None where the passphrase is another."""
    try:
        key = PrivateKey(_box(passphrase, held.salt).decrypt(held.locked))
    except CryptoError:
        return None
    return SealedBox(key).decrypt(sealed)


def _box(passphrase: str, salt: bytes) -> SecretBox:
    typed = normalize("NFC", passphrase).encode()  # keyboards put accents together in different ways
    return SecretBox(argon2id.kdf(SecretBox.KEY_SIZE, typed, salt, opslimit=OPERATIONS, memlimit=MEMORY))
