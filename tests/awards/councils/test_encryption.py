"""The arithmetic of the secret ballot: what adds up is read by two of three holders, and by nobody else."""

import itertools
import unicodedata
from dataclasses import replace

import pytest

from awards.councils import encryption, keys


@pytest.fixture
def cheap_passphrases(monkeypatch):
    monkeypatch.setattr(keys, "OPERATIONS", keys.argon2id.OPSLIMIT_MIN)
    monkeypatch.setattr(keys, "MEMORY", keys.argon2id.MEMLIMIT_MIN)


@pytest.fixture(scope="module")
def urn():
    secret = encryption.random_scalar()
    return encryption.public(secret), encryption.split(secret)


def read(vector, shares, places, most=9):
    return [
        encryption.count_in(c, {p: encryption.part_of(shares[p - 1], c).point for p in places}, most)
        for c in encryption.counters(vector)
    ]


@pytest.mark.parametrize("places", list(itertools.permutations((1, 2, 3), 2)))
def test_any_two_of_three_holders_read_the_sum(urn, places):
    key, shares = urn
    vector = encryption.zeros(3, key)
    for marks in ((1, 0, 0), (1, 0, 0), (0, 1, 0)):
        vector = encryption.added(vector, marks, key)

    assert read(vector, shares, places) == [2, 1, 0]


def test_one_share_alone_reads_nothing(urn):
    key, shares = urn
    vector = encryption.added(encryption.zeros(3, key), (1, 0, 0), key)

    assert read(vector, [shares[0]] * 3, (1, 2)) == [None, None, None]


def test_adding_leaves_no_point_as_it_was_whatever_was_added(urn):
    key, _shares = urn
    before = encryption.zeros(3, key)

    for marks in ((0, 0, 0), (1, 0, 0), (0, 0, 1)):
        after = encryption.added(before, marks, key)
        points = [p for c in zip(encryption.counters(before), encryption.counters(after), strict=True) for p in c]
        assert len({p for pair in points for p in pair}) == 12 and len(after) == len(before)


def test_the_points_of_the_shares_lie_on_the_line_of_the_key(urn):
    key, shares = urn
    points = {place: encryption.public(share) for place, share in enumerate(shares, start=1)}

    for pair in itertools.combinations(points, 2):
        assert encryption.joined({place: points[place] for place in pair}) == key


def test_a_part_made_with_another_share_or_changed_proves_nothing(urn):
    key, shares = urn
    [counter] = encryption.counters(encryption.zeros(1, key))
    part = encryption.part_of(shares[0], counter)

    assert encryption.proves(part, encryption.public(shares[0]), counter)
    assert not encryption.proves(part, encryption.public(shares[1]), counter)
    assert not encryption.proves(
        replace(part, point=encryption.public(shares[2])), encryption.public(shares[0]), counter
    )
    for nonsense in (bytes(32), b"\xff" * 32, b"", encryption.NEUTRAL):
        assert not encryption.proves(replace(part, point=nonsense), encryption.public(shares[0]), counter)
        assert not encryption.proves(part, nonsense, counter)
        assert not encryption.proves(replace(part, challenge=nonsense), encryption.public(shares[0]), counter)


def test_a_count_beyond_what_can_have_been_cast_is_no_count(urn):
    key, shares = urn
    vector = encryption.added(encryption.added(encryption.zeros(1, key), (1,), key), (1,), key)

    assert read(vector, shares, (1, 2), most=2) == [2]
    assert read(vector, shares, (1, 2), most=1) == [None]


def test_a_share_opens_by_its_holders_passphrase_alone(cheap_passphrases):
    mine, other = keys.new_key("bốn từ dài khó đoán"), keys.new_key("bốn từ dài khó đoán")
    sealed = keys.seal(b"s" * 32, mine.public)

    assert keys.unseal(sealed, mine, "bốn từ dài khó đoán") == b"s" * 32
    assert keys.unseal(sealed, mine, unicodedata.normalize("NFD", "bốn từ dài khó đoán")) == b"s" * 32
    assert keys.unseal(sealed, mine, "bốn từ dài khó đoan") is None
    assert mine.locked != other.locked and mine.public != other.public
