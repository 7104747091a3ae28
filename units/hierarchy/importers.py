"""The real hierarchy from the CSV files under `units/data/`: read whole, applied entirely or not at all."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

from django.db import transaction

from portal.models.trail import record
from portal.text import clean
from units.models import EmulationOffice, ReorganisationStep, Succession, Unit
from units.models.units import Kind

K = ReorganisationStep.Kind
DATA = Path(__file__).parent.parent / "data"
KINDS = {"supreme_department": Kind.DEPARTMENT}
ORDER: dict[str, int] = {Kind.SUPREME: 0, Kind.DEPARTMENT: 100, Kind.MILITARY: 200, Kind.HIGH: 300, Kind.PROVINCE: 400}
REFORM = date(2025, 7, 1)  # Resolution 84/2025/UBTVQH15: 34 provincial procuracies


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return [{key: clean(value or "").strip() for key, value in row.items()} for row in csv.DictReader(file)]


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@transaction.atomic
def load_hierarchy(reformed: bool = True) -> int:
    """Load both snapshots and the successions between them; loading again changes nothing. Returns new units.

    Not `reformed`: the hierarchy of 2021 as it stood before the reform, with no end in sight.
    """
    units = {u.code: u for u in Unit.objects.all()}
    before = len(units)
    for name in ("units_2021.csv", "units_2025.csv") if reformed else ("units_2021.csv",):
        for place, row in enumerate(_rows(name)):
            if row["code"] in units:
                continue
            kind = KINDS.get(row["level"], row["level"])
            units[row["code"]] = Unit(
                code=row["code"],
                parent=units[row["parent_code"]] if row["parent_code"] else None,
                name_vi=row["name_vi"],
                name_en=row["name_en"],
                short_name=row["short_name_vi"],
                kind=kind,
                order=ORDER[kind] + place,
                seat=row["seat_vi"],
                valid_from=_day(row["valid_from"]),
                valid_to=_day(row["valid_to"]) if reformed else None,
                source=row["source"][:200],
            )
            units[row["code"]].save()
            record(units[row["code"]], "load", note=row["source"])
    _load_districts(units, reformed)
    if reformed:
        _load_successions(units)
    _load_offices(units, reformed)
    return len(units) - before


def _load_districts(units: dict[str, Unit], reformed: bool) -> None:
    """The district procuracies that existed until 30/06/2025; they are many, so they are written in one go."""
    fresh = []
    for place, row in enumerate(_rows("districts_2021.csv")):
        if row["code"] in units:
            continue
        parent = units[row["parent_code"]]
        short = row["name_vi"].replace("Viện kiểm sát nhân dân", "VKSND", 1)
        unit = Unit(
            code=row["code"],
            parent=parent,
            name_vi=row["name_vi"],
            short_name=short,
            kind=Kind.DISTRICT,
            order=1000 + place,
            valid_to=REFORM - timedelta(days=1) if reformed else None,
            source="districts_2021.csv",
        )
        unit.derive()
        units[row["code"]] = unit
        fresh.append(unit)
    Unit.objects.bulk_create(fresh)


def _load_successions(units: dict[str, Unit]) -> None:
    """Who followed whom; a predecessor that the snapshot left open ends the day before."""
    for row in _rows("successions.csv"):
        old, day = units[row["predecessor_code"]], date.fromisoformat(row["effective_date"])
        Succession.objects.get_or_create(
            predecessor=old,
            successor=units.get(row["successor_code"]),
            defaults={
                "effective_on": day,
                "kind": row["kind"],
                "legal_basis": row["legal_basis"],
                "source": row["source"],
            },
        )
        if old.valid_to is None:
            old.valid_to = day - timedelta(days=1)
            old.save(update_fields=["valid_to"])


def _load_offices(units: dict[str, Unit], reformed: bool) -> None:
    """Vụ 16 until the reform, the division of the Office since (docs/domain/law-and-practice.md, section 2)."""
    eve = REFORM - timedelta(days=1)
    spans = [("V16", None, eve), ("P.TDKT", REFORM, None)] if reformed else [("V16", None, None)]
    for code, start, end in spans:
        EmulationOffice.objects.get_or_create(
            serves=units["VKSTC"],
            unit=units[code],
            defaults={"valid_from": start, "valid_to": end, "source": "units/data/successions.csv"},
        )


def reform_steps() -> list[ReorganisationStep]:
    """The reform of 01/07/2025 as steps, from the CSV files: 34 provinces, 3 high and all districts dissolved.

    The 355 regional procuracies are listed by no source, so there is no step for them.
    """
    old = {row["code"]: row for row in _rows("units_2021.csv")}
    heirs: dict[str, list[dict[str, str]]] = {}
    for row in _rows("successions.csv"):
        heirs.setdefault(row["successor_code"], []).append(row)
    steps = []
    for row in _rows("units_2025.csv"):
        if row["code"] not in heirs:
            continue
        sources = [s["predecessor_code"] for s in heirs[row["code"]]]
        parent = "" if old[sources[0]]["parent_code"] == row["parent_code"] else row["parent_code"]
        kind = K.MERGE if len(sources) > 1 else K.MOVE if parent else K.RENAME
        steps.append(
            ReorganisationStep(
                kind=kind,
                sources=sources,
                code=row["code"],
                name_vi=row["name_vi"],
                name_en=row["name_en"],
                short_name=row["short_name_vi"],
                parent_code=row["parent_code"] if kind != K.RENAME else "",
                seat=row["seat_vi"],
            )
        )
    dissolved = [s["predecessor_code"] for s in heirs[""]]
    districts = [row["code"] for row in _rows("districts_2021.csv")]
    return [*steps, *(ReorganisationStep(kind=K.DISSOLVE, sources=codes) for codes in (dissolved, districts))]
