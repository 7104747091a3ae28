"""What the apps bring to the whole: each has one manifest, `<app>/contributions.py`, which holds one `Contributions`.

The apps below read it here and know nothing of those above. What a manifest only names stands there as a dotted path,
so that it can be read while the apps are still being loaded; `tests/portal/test_manifests.py` follows every path.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from celery.schedules import crontab
from django.apps import apps
from django.utils.functional import Promise
from django.utils.module_loading import import_string, module_has_submodule

if TYPE_CHECKING:
    from portal.models import Notice
    from units.models import User

Words = str | Promise  # translated when they are shown


@dataclass(frozen=True)
class MenuPage:
    """One page of the menu. A section stands where its first page does, and apps may share one by its words."""

    order: int
    section: Words
    name: str  # of its address
    label: Words
    actions: tuple[str, ...] = ()  # who may do one of these somewhere sees it (`portal.permissions`); none = everyone
    opens: Callable[[User], bool] | None = None  # where actions do not say it


@dataclass(frozen=True)
class NoticeKind:
    """What notices of one kind are called, and what is asked when their letters leave."""

    words: Words
    still_true: str = ""  # a function that names, of notices, the keys of those whose matter still stands
    link: str = ""  # a function of the recipient that makes the path which the letter alone holds and no row keeps


@dataclass(frozen=True)
class BeatJob:
    """A task that the beat asks for again and again.

    Each pulls from the database, so a beat that was away, or ran twice, changes nothing but the moment.
    """

    task: str
    schedule: float | crontab  # seconds
    expires: float | None = None  # seconds: keeps a broker that was down from handing over a backlog
    tells: bool = False  # run once by a restore, so that what it would tell stands as held letters before the beat asks


@dataclass(frozen=True, kw_only=True)
class Contributions:
    """All that one app brings.

    `menu`: its pages in the menu.
    `panels`: a module with `links(user, subject)`, what the pages of units, people and collectives link to, and
        `waiting(user)`, what waits for the person on the first page (`portal.web.panels`).
    `permissions`: a module with `ACTIONS`: what may be done, and by which roles (`portal.permissions`).
    `carrier`: a module that moves what hangs on units when the hierarchy changes (docs/reorganisation.md).
    `exchanges`: classes of lists that come in and go out, in the order of their page (`portal.exchange.base`).
    `person_relations`: rows that belong to a person, as `app.Model.field`: a merge of duplicates moves them, the export
        of a record holds them.
    `papers`: official papers that its records can be printed as (`portal.papers`).
    `pickers`: what fields may name by its words: functions of (user, about) that give querysets
        (`portal.web.forms.picking`), by the name that fields and the address of the search use.
    `campaign_copiers`: functions of (source, copy) that give a cloned campaign what this app hung on the source.
    `verbs`: what this app records in the trail, with its words; a verb of several apps stands in the lowest.
    `former_kinds`: what rows were called in the trail before, and are called now: `app.model` both.
    `notices`: the kinds of notices that this app tells; a kind of several apps stands in the lowest.
    `beat`: what the beat asks this app to do, by its name.
    """

    menu: tuple[MenuPage, ...] = ()
    panels: str = ""
    permissions: str = ""
    carrier: str = ""
    exchanges: tuple[str, ...] = ()
    person_relations: tuple[str, ...] = ()
    papers: tuple[str, ...] = ()
    pickers: Mapping[str, str] = field(default_factory=dict)
    campaign_copiers: tuple[str, ...] = ()
    verbs: Mapping[str, Words] = field(default_factory=dict)
    former_kinds: Mapping[str, str] = field(default_factory=dict)
    notices: Mapping[str, NoticeKind] = field(default_factory=dict)
    beat: Mapping[str, BeatJob] = field(default_factory=dict)


@cache
def manifests() -> tuple[Contributions, ...]:
    """The manifest of every app that has one, the lowest app first."""
    names = [config.name for config in apps.get_app_configs() if module_has_submodule(config.module, "contributions")]
    return tuple(import_module(f"{name}.contributions").contributions for name in names)


@cache
def menu_pages() -> tuple[MenuPage, ...]:
    """Every page of the menu, in its order."""
    return tuple(sorted((page for each in manifests() for page in each.menu), key=lambda page: page.order))


@cache
def panels() -> tuple[Any, ...]:
    """The modules that have something to say on the pages of other apps."""
    return tuple(import_module(each.panels) for each in manifests() if each.panels)


@cache
def carriers() -> tuple[Any, ...]:
    """The modules that know what hangs on units."""
    return tuple(import_module(each.carrier) for each in manifests() if each.carrier)


@cache
def named(kind: str) -> tuple[Any, ...]:
    """What the dotted paths lead to that stand under this name in every manifest."""
    return tuple(import_string(path) for each in manifests() for path in getattr(each, kind))


@cache
def pickers() -> dict[str, Callable[[User, str], list[Any]]]:
    """What fields may name by its words, and who says which rows these are."""
    return {name: import_string(path) for each in manifests() for name, path in each.pickers.items()}


def person_relations() -> tuple[str, ...]:
    """Rows that belong to a person, as `app.Model.field`."""
    return tuple(name for each in manifests() for name in each.person_relations)


@cache
def verbs() -> dict[str, Words]:
    """Every verb of the trail with its words."""
    return {verb: words for each in manifests() for verb, words in each.verbs.items()}


@cache
def former_kinds() -> dict[str, str]:
    """What kinds of rows were called in the trail before, and are called now."""
    return {before: now for each in manifests() for before, now in each.former_kinds.items()}


@cache
def notice_kinds() -> dict[str, NoticeKind]:
    """Every kind of notice."""
    return {name: kind for each in manifests() for name, kind in each.notices.items()}


@cache
def asked_before_sending() -> dict[str, Callable[[list[Notice]], set[int]]]:
    """Which kinds of notices leave as letters only while they are true, and who says so."""
    return {name: import_string(kind.still_true) for name, kind in notice_kinds().items() if kind.still_true}


@cache
def links_of_letters() -> dict[str, Callable[[User], str]]:
    """Which kinds of letters end with a path made when they leave, and who makes it."""
    return {name: import_string(kind.link) for name, kind in notice_kinds().items() if kind.link}


def beat_schedule() -> dict[str, dict[str, Any]]:
    """What the beat asks for, as Celery reads it."""
    return {
        name: {"task": job.task, "schedule": job.schedule, "options": {"expires": job.expires} if job.expires else {}}
        for each in manifests()
        for name, job in each.beat.items()
    }


def tasks_that_tell() -> list[Callable[[], None]]:
    """The tasks by which people hear of what is due, the lowest app first."""
    return [import_string(job.task) for each in manifests() for job in each.beat.values() if job.tells]
