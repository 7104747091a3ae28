"""What the apps bring to the whole, asked of all of them together."""

from importlib import import_module
from pathlib import Path

from celery import current_app
from django.conf import settings
from django.urls import reverse

from portal.exchange.base import Exchange, exchanges
from portal.manifests import (
    asked_before_sending,
    beat_schedule,
    carriers,
    links_of_letters,
    manifests,
    menu_pages,
    named,
    panels,
    tasks_that_tell,
)
from portal.web.menu import menu


def test_every_app_of_the_house_has_a_manifest_and_the_lowest_comes_first():
    apps = ("portal", "units", "campaigns", "awards")
    assert manifests() == tuple(import_module(f"{app}.contributions").contributions for app in apps)


def test_every_module_of_panels_answers_both_questions():
    assert panels()
    assert all(callable(module.links) and callable(module.waiting) for module in panels())


def test_every_carrier_answers_its_four_questions():
    assert carriers()
    for module in carriers():
        assert all(callable(getattr(module, name)) for name in ("affected", "transfer", "blockers", "revert"))


def test_every_list_has_a_key_of_its_own_and_every_copier_can_be_called():
    assert len(exchanges()) == len(named("exchanges"))
    assert all(isinstance(made, Exchange) for made in exchanges().values())
    assert all(callable(copier) for copier in named("campaign_copiers"))


def test_letters_whose_matter_may_be_over_are_asked_before_they_leave():
    assert set(asked_before_sending()) == {"invitation", "reset", "reminder", "more_reminder"}
    assert set(links_of_letters()) == {"invitation", "reset"}


def test_the_beat_asks_for_tasks_that_celery_and_the_handbook_know():
    current_app.loader.import_default_modules()
    schedule = current_app.conf.beat_schedule
    assert schedule == beat_schedule()
    assert len(schedule) == sum(len(each.beat) for each in manifests()) >= 9
    tasks = {job["task"] for job in schedule.values()}
    assert tasks <= set(current_app.tasks)
    told = Path(settings.BASE_DIR, "docs/operations.md").read_text()
    assert [task for task in tasks if f"| `{task}` |" not in told] == []


def test_a_restore_runs_what_tells_people_of_what_is_due():
    assert [task.name for task in tasks_that_tell()] == [
        "units.tasks.warn_of_ends",
        "campaigns.tasks.remind",
        "awards.tasks.remind",
    ]


def test_the_menu_has_one_place_for_each_page_and_keeps_a_section_together():
    orders = [page.order for page in menu_pages()]
    assert orders == sorted(set(orders))
    sections = [str(page.section) for page in menu_pages()]
    assert len({*sections}) == sum(before != after for before, after in zip([None, *sections], sections, strict=False))


def test_the_menu_shows_each_person_what_they_may_open_and_where_they_are(world):
    seen = {section["label"]: section for section in menu(world.admin, reverse("system_status"))}
    assert [str(page["label"]) for page in seen["Quản trị"]["pages"]] == [
        "Các tài khoản",
        "Phương án sắp xếp",
        "Hồ sơ nghi trùng",
        "Thư đi",
        "Tình trạng hệ thống",
        "Nhật ký hệ thống",
    ]
    assert [label for label, section in seen.items() if section["active"]] == ["Quản trị"]
    assert "Quản trị" not in [section["label"] for section in menu(world.officer, "/")]
