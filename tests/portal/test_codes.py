"""Codes hold plain characters, and no two differ by their case alone: in forms, files, plans and the database."""

import re
import unicodedata
from functools import partial

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from campaigns.campaigns.forms import StartForm
from portal.models import Entry
from tests import make
from tests.portal.exchange.helpers import problems
from units.access.forms import AccountForm
from units.hierarchy.forms import ChangeForm
from units.models import Collective, Person, ReorganisationStep, Unit, User
from units.models.units import Kind
from units.people import services
from units.people.forms import NewCollectiveForm, PersonForm
from units.reorganisation import flow
from units.reorganisation.forms import StepForm

K = ReorganisationStep.Kind
ALONE = "chữ hoa và chữ thường được coi là một"
DAY = f"{timezone.localdate():%d/%m/%Y}"
UNSOUND = ["Huế", unicodedata.normalize("NFD", "É1"), "T 1", "T/1" + "/", "Т1", "T1\u200b\u0301", "T_%", "ﬁ1"]


def forms(world, code):
    """Each form by which a code is given, with the name of its field."""
    told = {"name_vi": "Đơn vị thử", "unit_kind": Kind.PROVINCE, "effective_on": DAY}
    collective = {"name": "Phòng", "kind": "team", "unit": "HUE"}
    campaign = {"unit": world.root.pk, "title": "PT", "kind": "thematic", "starts_on": DAY, "ends_on": DAY}
    return {
        "unit": (ChangeForm(told | {"code": code}, kind=K.CREATE, unit=world.root, by=world.admin), "code"),
        "renamed": (ChangeForm(told | {"code": code}, kind=K.RENAME, unit=world.hue, by=world.admin), "code"),
        "collective": (
            NewCollectiveForm(collective | {"code": code}, by=world.admin),
            "code",
        ),
        "person": (PersonForm({"full_name": "Lê An", "staff_code": code}), "staff_code"),
        "account": (AccountForm({"username": code, "email": "a@vks.example", "language": "vi"}), "username"),
        "campaign": (StartForm(campaign | {"code": code}, user=world.office), "code"),
    }


def test_a_code_that_differs_by_its_case_alone_is_refused_beside_its_field(world):
    make.unit("TWIN1", world.root)
    Collective.objects.create(code="TWIN1", unit=world.hue, name="Phòng 1")
    make.user("TWIN1")
    make.campaign(world.root, code="TWIN1")

    for what, (form, field) in forms(world, "twin1").items():
        assert list(form.errors) == [field], what
        assert what == "account" or ALONE in str(form.errors)


def test_letters_with_marks_and_lookalikes_are_refused_beside_the_field(world):
    for code in UNSOUND:
        for what, (form, field) in forms(world, code).items():
            if code in ("T/1/", "T_%") and what in ("person", "account", "campaign"):
                continue  # there a slash or a line breaks nothing
            assert list(form.errors) == [field], (what, code)
            assert what == "account" or "chữ không dấu" in str(form.errors[field])


def test_a_line_break_at_the_end_is_no_part_of_a_code():
    for model, field in ((Unit, "code"), (Collective, "code"), (Person, "staff_code")):
        with pytest.raises(Exception, match="Mã chỉ gồm"):
            model._meta.get_field(field).clean("T1\n", None)


def test_a_step_of_a_plan_names_its_unit_by_a_sound_code(world):
    form = StepForm({"kind": K.CREATE, "code": "Huế", "order": 1}, units=Unit.objects.all(), plan="", texts={})

    assert "chữ không dấu" in str(form.errors["code"])


def test_a_plan_begins_no_unit_whose_code_differs_by_its_case_alone(world):
    new = {"kind": K.CREATE, "name_vi": "Mới", "parent_code": "VKSTC", "unit_kind": Kind.PROVINCE}
    plan = make.reorganisation(
        world.admin, world.root, new | {"code": "hue"}, new | {"code": "X1"}, new | {"code": "x1"}
    )

    told = [str(o) for o in flow.objections(plan)]
    assert any("mã hue đã có đơn vị dùng" in words for words in told)
    assert any("đã do bước 2 dùng" in words for words in told)


def test_two_plans_that_wait_do_not_begin_one_code_in_two_cases(world):
    second = make.user("admin2", ("admin", world.root))
    new = {"kind": K.CREATE, "name_vi": "Mới", "parent_code": "VKSTC", "unit_kind": Kind.PROVINCE}
    later = timezone.localdate().replace(year=timezone.localdate().year + 1)
    take = partial(make.take, flow.REORGANISATION)
    first = make.reorganisation(world.admin, world.root, new | {"code": "X1"}, day=later)
    first = take("approve", take("submit", first, by=world.admin), by=second)

    other = make.reorganisation(world.admin, world.root, new | {"code": "x1"}, day=later)
    assert any(first.title in str(words) for words in flow.objections(other))


def test_two_rows_of_a_file_do_not_differ_by_the_case_of_their_code_alone(world):
    rows = [(code, name, 1980, "HUE") for code, name in (("TST-P01", "Lê An"), ("tst-p01", "Trần Bình"))]
    [told] = problems("people", *rows, by=world.admin)
    assert "TST-P01" in str(told) and "chữ hoa" in str(told)

    rows = [(code, "Đơn vị", "VKSND cấp tỉnh", "VKSTC") for code in ("N1", "n1")]
    assert len(problems("units", *rows, by=world.admin)) == 1


def test_the_database_itself_refuses_it(world):
    for create in (
        lambda: make.unit("hue", world.vinh),
        lambda: make.person("Lê An", code="head"),
        lambda: User.objects.create(username="Head"),
        lambda: [Collective.objects.create(code=c, name="Phòng", unit=world.hue) for c in ("P1", "p1")],
        lambda: [make.campaign(world.root, code=c) for c in ("K1", "k1")],
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            create()


def test_an_anonymous_record_takes_a_code_that_is_free(world):
    gone = make.person("Lê An", world.hue, code="TST-1")
    make.person("Kẻ Chắn", world.hue, code=f"an-{gone.pk}")

    assert services._free_code(f"AN-{gone.pk}") == f"AN-{gone.pk}-2"


# --- a database from before ---


@pytest.fixture
def as_before(world):
    """Without the constraint, as it stood before the migration."""
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX unit_code_once")


def test_the_migration_says_in_words_which_codes_to_mend(world, as_before):
    from django.apps import apps

    from portal.codes import refuse_twins

    make.unit("hue", world.vinh)

    with pytest.raises(CommandError, match=re.escape("units.unit differ by their case alone: HUE, hue.")) as told:
        refuse_twins("units.unit", "code")(apps, None)
    assert "manage.py recode units.unit CODE NEW" in str(told.value)
    refuse_twins("units.person", "staff_code")(apps, None)


def test_the_command_gives_a_unit_another_code_and_all_below_another_path(world, as_before, capsys):
    twin = make.unit("hue", world.vinh)
    below = make.unit("BELOW", twin)

    call_command("recode", "units.unit", "hue", "HUE.2")

    twin.refresh_from_db()
    below.refresh_from_db()
    world.kv1.refresh_from_db()
    assert (twin.code, twin.path) == ("HUE.2", "/VKSTC/VINH/HUE.2/")
    assert (below.path, world.kv1.path) == ("/VKSTC/VINH/HUE.2/BELOW/", "/VKSTC/HUE/KV1/")
    assert Unit.objects.matching("hue.2").get() == twin
    assert Entry.objects.about(twin).get().changes == {"code": ["hue", "HUE.2"]}


def test_the_command_refuses_in_words(world):
    for code, new, words in (("NO", "X", "No units.unit"), ("HUE", "vinh", "already"), ("HUE", "É", "Mã chỉ")):
        with pytest.raises(CommandError, match=words):
            call_command("recode", "units.unit", code, new)


def test_a_page_answers_a_twin_with_words_and_keeps_what_was_typed(world, client):
    client.force_login(world.admin)
    told = {"name_vi": "Đơn vị thử", "code": "hUe", "unit_kind": Kind.PROVINCE, "effective_on": DAY}
    page = client.post(reverse("unit_change", args=[world.root.pk, "create"]), told).content.decode()

    assert ALONE in page and "hUe" in page
