"""Counters that add up unread: exponential ElGamal in the prime-order group of ed25519, all arithmetic libsodium's.

A vector is a row of counters, each two points of 32 bytes: (rG, mG + rX). Whoever adds to one adds to all, a fresh
encryption of 0 or 1 each, so that nothing of the row stays as it was. docs/ballots.md says what this promises.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha512

from nacl import bindings as sodium
from nacl.exceptions import CryptoError
from nacl.utils import random

SIZE = 32  # bytes of a scalar and of a point
COUNTER = 2 * SIZE
NEEDED, HOLDERS = 2, 3  # so many of so many parts open the key
NEUTRAL = bytes([1]) + bytes(31)
BASE = sodium.crypto_scalarmult_ed25519_base_noclamp(bytes([1]) + bytes(31))
MARKS = (NEUTRAL, BASE)  # a counter that stays, and one that grows by one
DOMAIN = b"ballot tally, equality of logarithms, 1"


def random_scalar() -> bytes:
    return sodium.crypto_core_ed25519_scalar_reduce(random(64))


def public(scalar: bytes) -> bytes:
    return sodium.crypto_scalarmult_ed25519_base_noclamp(scalar)


# --- the running sum ---


def _encrypted(mark: int, key: bytes) -> tuple[bytes, bytes]:
    r = random_scalar()
    return public(r), sodium.crypto_core_ed25519_add(MARKS[mark], sodium.crypto_scalarmult_ed25519_noclamp(r, key))


def counters(vector: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The two points of each counter."""
    for at in range(0, len(vector), COUNTER):
        yield vector[at : at + SIZE], vector[at + SIZE : at + COUNTER]


def zeros(count: int, key: bytes) -> bytes:
    """A vector of so many counters at nought."""
    return b"".join(point for _each in range(count) for point in _encrypted(0, key))


def added(vector: bytes, marks: Sequence[int], key: bytes) -> bytes:
    """The vector with each of its counters left or raised by one, and nothing of it as it was."""
    grown = []
    for (first, second), mark in zip(counters(vector), marks, strict=True):
        for old, more in zip((first, second), _encrypted(mark, key), strict=True):
            grown.append(sodium.crypto_core_ed25519_add(old, more))
    return b"".join(grown)


# --- the key in parts ---


def split(secret: bytes) -> list[bytes]:
    """The shares of the holders 1, 2 and 3 after Shamir: points of a line that meets the secret at 0."""
    slope = random_scalar()
    return [
        sodium.crypto_core_ed25519_scalar_add(secret, sodium.crypto_core_ed25519_scalar_mul(slope, _number(place)))
        for place in range(1, HOLDERS + 1)
    ]


def joined(parts: dict[int, bytes]) -> bytes:
    """The point at 0, of two points by the places of their holders."""
    (i, one), (j, other) = parts.items()
    return sodium.crypto_core_ed25519_add(_weighted(one, i, j), _weighted(other, j, i))


def _weighted(point: bytes, place: int, beside: int) -> bytes:
    distance = sodium.crypto_core_ed25519_scalar_sub(_number(beside), _number(place))
    weight = sodium.crypto_core_ed25519_scalar_mul(_number(beside), sodium.crypto_core_ed25519_scalar_invert(distance))
    return sodium.crypto_scalarmult_ed25519_noclamp(weight, point)


def _number(small: int) -> bytes:
    return small.to_bytes(SIZE, "little")


# --- reading the closing sum ---


@dataclass(frozen=True)
class Part:
    """What one holder's share makes of one counter, and the proof that it was that share (Chaum and Pedersen)."""

    point: bytes
    challenge: bytes
    response: bytes


def part_of(share: bytes, counter: tuple[bytes, bytes]) -> Part:
    """The holder's part in reading this counter."""
    first, _second = counter
    point = sodium.crypto_scalarmult_ed25519_noclamp(share, first)
    nonce = random_scalar()
    challenge = _challenge(
        public(share), first, point, public(nonce), sodium.crypto_scalarmult_ed25519_noclamp(nonce, first)
    )
    response = sodium.crypto_core_ed25519_scalar_add(nonce, sodium.crypto_core_ed25519_scalar_mul(challenge, share))
    return Part(point, challenge, response)


def proves(part: Part, share_point: bytes, counter: tuple[bytes, bytes]) -> bool:
    """Whether the part was made with the share behind that point; anything may be handed in."""
    first, _second = counter
    try:
        if not all(map(sodium.crypto_core_ed25519_is_valid_point, (share_point, first, part.point))):
            return False
        seen = [
            sodium.crypto_core_ed25519_sub(
                sodium.crypto_scalarmult_ed25519_noclamp(part.response, base),
                sodium.crypto_scalarmult_ed25519_noclamp(part.challenge, image),
            )
            for base, image in ((BASE, share_point), (first, part.point))
        ]
    except (CryptoError, TypeError):
        return False
    return _challenge(share_point, first, part.point, *seen) == part.challenge


def _challenge(*points: bytes) -> bytes:
    return sodium.crypto_core_ed25519_scalar_reduce(sha512(DOMAIN + b"".join(points)).digest())


def count_in(counter: tuple[bytes, bytes], parts: dict[int, bytes], most: int) -> int | None:
    """How far the counter was raised, read by the points of two holders; None where it is no number up to `most`."""
    try:
        left, reached = sodium.crypto_core_ed25519_sub(counter[1], joined(parts)), NEUTRAL
    except CryptoError:  # points that are none
        return None
    for number in range(most + 1):
        if reached == left:
            return number
        reached = sodium.crypto_core_ed25519_add(reached, BASE)
    return None
