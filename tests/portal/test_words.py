"""Whatever a page may show as a verb, a kind, a state or a role has words, in both languages."""

import ast
import gettext
from collections import defaultdict
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import models
from django.urls import get_resolver
from django.utils import translation
from django.utils.functional import Promise

from awards.councils.letters import LETTERS
from awards.nominations.letters import NOTICES
from portal.manifests import manifests, notice_kinds, verbs
from units.models import Role

APPS = ("portal", "units", "campaigns", "awards")
GENERIC = {"portal/flow.py", "portal/models/trail.py", "portal/sittings.py"}  # they record what they are given
STEPS = (
    "Step",
    "AdministratorStep",
    "Decision",
    "PresidingStep",
    "LawStep",
)  # their first argument is what `Flow.take` records


class Recorded(ast.NodeVisitor):
    """The verbs that one module records: constants, and those that its own functions pass on to `record`."""

    def __init__(self, tree):
        self.calls = {name: [(1, "{}")] for name in ("record", "record_edit", "line")} | {
            name: [(0, "{}")] for name in STEPS
        }
        self.verbs, self.unread, self.around = set(), set(), []
        named = [node for node in tree.body if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)]
        self.constants = {getattr(node.targets[0], "id", ""): node.value for node in named}
        while True:
            before = {name: list(found) for name, found in self.calls.items()}
            self.visit(tree)
            if self.calls == before:
                break

    def visit_FunctionDef(self, node):  # noqa: N802 -- ast names it
        self.around.append(node)
        self.generic_visit(node)
        self.around.pop()

    def visit_Call(self, node):  # noqa: N802 -- ast names it
        name = getattr(node.func, "attr", None) or getattr(node.func, "id", "")
        for place, form in self.calls.get(name, []):
            by_name = [k.value for k in node.keywords if k.arg in ("verb", "name")]
            given = node.args[place] if place < len(node.args) else next(iter(by_name), None)
            if given is not None:
                self.read(given, form)
        self.generic_visit(node)

    def visit_Yield(self, node):  # noqa: N802 -- ast names it
        """A list that comes in yields (object, verb, changes)."""
        match node.value:
            case ast.Tuple(elts=[_, ast.Constant(value=str(verb)), ast.Dict() | ast.Name() | ast.Call()]):
                self.verbs.add(verb)
        self.generic_visit(node)

    def read(self, given, form):
        match given:
            case ast.Constant(value=str(verb)):
                self.verbs.add(form.format(verb))
            case ast.IfExp(body=one, orelse=other):
                self.read(one, form)
                self.read(other, form)
            case ast.JoinedStr(values=[ast.FormattedValue(value=part), ast.Constant(value=str(end))]):
                self.read(part, form.format("{}" + end))
            case ast.Name(id=name) if self.around:
                function = self.around[-1]
                parameters = [a.arg for a in function.args.args if a.arg != "self"]
                assigned = [
                    node.value
                    for node in ast.walk(function)
                    if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == name
                ]
                if name in parameters:
                    passed = (parameters.index(name), form)
                    known = self.calls.setdefault(function.name, [])
                    if passed not in known:
                        known.append(passed)
                elif assigned:
                    for value in assigned:
                        self.read(value, form)
                elif name in self.constants:
                    self.read(self.constants[name], form)
                else:
                    self.unread.add(f"{function.name}: {name}")
            case _:
                self.unread.add(ast.unparse(given))


@cache
def parsed():
    """Every module of the apps by its path, as a tree."""
    paths = [path for app in APPS for path in Path(settings.BASE_DIR, app).rglob("*.py")]
    return {str(path.relative_to(settings.BASE_DIR)): ast.parse(path.read_text()) for path in paths}


@cache
def recorded():
    """Every verb with the modules that record it, and what could not be read."""
    verbs, unread = defaultdict(set), []
    for name, tree in parsed().items():
        if name in GENERIC or "migrations" in name:
            continue
        module = Recorded(tree)
        for verb in module.verbs:
            verbs[verb].add(name)
        unread += [f"{name}: {place}" for place in module.unread]
    return verbs, unread


def kinds_told():
    """Every kind of notice with the apps that tell it, as it stands in calls; what is put together is left out."""
    places = {"notify": None, "Telling": 2, "send": 1}  # where the kind stands when it is not named
    kinds = defaultdict(set)
    for module, tree in parsed().items():
        for call in ast.walk(tree):
            name = isinstance(call, ast.Call) and (getattr(call.func, "attr", "") or getattr(call.func, "id", ""))
            if name not in places:
                continue
            place = places[name]
            given = [k.value for k in call.keywords if k.arg == "kind"]
            given += call.args[place : place + 1] if place else []
            for kind in given:
                if isinstance(kind, ast.Constant):
                    kinds[kind.value].add(module.split("/")[0])
    for step in NOTICES:
        kinds[f"nom_{step}"].add("awards")
    for step in LETTERS:
        kinds[f"sitting_{step}"].add("awards")
    return kinds


def untranslated(words):
    """Those that are no translatable words, or that the English catalogue does not know."""
    with Path(settings.BASE_DIR, "locale/en/LC_MESSAGES/django.mo").open("rb") as file:
        english = gettext.GNUTranslations(file)._catalog
    with translation.override(None):  # the words themselves: the source language is Vietnamese
        return [str(said) for said in words if not isinstance(said, Promise) or not english.get(str(said))]


def choices(kind=models.Choices):
    """Every class of choices of the house, those that no field names too."""
    get_resolver().url_patterns  # noqa: B018 -- whatever a page uses is imported by its address
    for below in kind.__subclasses__():
        if below.__module__.split(".")[0] in APPS:
            yield below
        yield from choices(below)


def test_every_verb_has_words_in_the_manifest_of_its_app_or_of_one_below():
    found, unread = recorded()
    assert not unread
    known = set()
    for app, manifest in zip(APPS, manifests(), strict=True):
        known |= set(manifest.verbs)
        of_app = {verb for verb, modules in found.items() if any(m.startswith(f"{app}/") for m in modules)}
        assert of_app <= known, app


def test_no_verb_has_words_twice_or_for_nothing():
    stated = [verb for manifest in manifests() for verb in manifest.verbs]
    assert sorted(stated) == sorted(recorded()[0])


def test_verbs_speak_both_languages():
    assert untranslated(verbs().values()) == []


def test_every_kind_of_notice_has_words_in_the_manifest_of_its_app_or_of_one_below():
    told, known = kinds_told(), set()
    for app, manifest in zip(APPS, manifests(), strict=True):
        known |= set(manifest.notices)
        assert {kind for kind, apps in told.items() if app in apps} <= known, app
    assert sorted(kind for manifest in manifests() for kind in manifest.notices) == sorted(told)


def test_kinds_of_notices_speak_both_languages():
    assert untranslated(kind.words for kind in notice_kinds().values()) == []


def test_states_roles_and_whatever_else_is_chosen_speak_both_languages():
    found = {
        f"{each.__module__}.{each.__qualname__}": untranslated(label for _, label in each.choices) for each in choices()
    }
    assert f"{Role.__module__}.Role" in found and len(found) > 30
    assert {name: words for name, words in found.items() if words} == {}
