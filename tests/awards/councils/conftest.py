"""A council of five at the root, two dossiers before it, and a sitting to which all were called."""

from types import SimpleNamespace

import pytest

from awards.councils import ballots, keys, services
from awards.models import Nomination, Sitting
from tests import make
from units.models import Role

PASSPHRASES = {"chair": "gió mùa đông bắc", "deputy": "nắng hè rất vàng", "secretary": "mưa thu lất phất"}


@pytest.fixture(autouse=True)
def cheap_passphrases(monkeypatch):
    monkeypatch.setattr(keys, "OPERATIONS", keys.argon2id.OPSLIMIT_MIN)
    monkeypatch.setattr(keys, "MEMORY", keys.argon2id.MEMLIMIT_MIN)


class Room(SimpleNamespace):
    """The sitting and those in it."""

    def now(self):
        return Sitting.objects.for_page().get(pk=self.sitting.pk)

    def take(self, name, by=None, **told):
        return services.take(name, self.now(), by=by or self.chair, version=make.seen(self.sitting), **told)

    def set_passphrases(self):
        for duty, words in PASSPHRASES.items():
            ballots.set_passphrase(self.sitting, words, by=getattr(self, duty))

    def open_in_secret(self):
        self.set_passphrases()
        return self.take("open_secret")

    def vote(self, by, *choices):
        """The choices for the items on which the member has a vote, in order; one stands for all."""
        seat = self.sitting.members.get(user=by)
        items = [i.pk for i in self.sitting.items.all() if not i.recusals.filter(member=seat).exists()]
        told = choices if len(choices) != 1 else choices * len(items)
        return ballots.cast(self.sitting, dict(zip(items, told, strict=True)), by=by)

    def unlock(self, *duties):
        for duty in duties:
            found = ballots.unlock(self.now(), PASSPHRASES[duty], by=getattr(self, duty))
        return found

    def count(self):
        self.take("close")
        return self.unlock("chair", "secretary")

    def figures(self):
        return [(i.yes, i.no, i.none) for i in self.sitting.items.all()]


@pytest.fixture
def council(world):
    others = [make.user(f"council{n}", (Role.COUNCIL, world.root), full_name=f"Ủy viên {n}") for n in (2, 3, 4)]
    made = make.council(world.root, world.council, others[0], world.office2, others[1], others[2])
    return SimpleNamespace(
        council=made,
        chair=world.council,
        deputy=others[0],
        secretary=world.office2,
        members=[world.council, others[0], world.office2, others[1], others[2]],
        third=others[1],
        fourth=others[2],
    )


@pytest.fixture
def passed(world):
    """Two nominations that the office has put before the council: of Huế and of Nghệ An."""
    state = Nomination.State.PASSED
    return [
        make.received(world.hue, world.root, state=state, name="Lê Một", award="CSTDCS"),
        make.received(world.vinh, world.root, state=state, name="Trần Hai", award="BK_VT"),
    ]


@pytest.fixture
def room(world, council, passed):
    made = make.sitting(council.council, *passed, by=world.office)
    return Room(**vars(council), sitting=made, office=world.office, nominations=passed)
