"""What a plan says, as plain data: kept with each submission, compared side by side, shown in a conflict."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from campaigns.models import Commitment, Plan


def snapshot(plan: Plan) -> dict[str, Any]:
    """The plan as JSON-ready data: theme, organising, areas with commitments or a reason, names of the files."""
    notes = {n.area_id: n.reason for n in plan.area_notes.all()}
    rows: dict[int, list[dict]] = {}
    for c in plan.promises():
        rows.setdefault(c.area_id, []).append(plain(c))
    return {
        "theme": plan.theme,
        "organising": plan.organising,
        "areas": [
            {
                "id": area.pk,
                "code": area.code,
                "title": area.title,
                "reason": notes.get(area.pk, ""),
                "commitments": rows.get(area.pk, []),
            }
            for area in plan.campaign.areas.all()
        ],
        "attachments": [{"name": a.name, "sha256": a.sha256} for a in plan.attachments.all() if a.removed_at is None],
    }


def plain(c: Commitment) -> dict[str, str]:
    """A commitment, stored or not, as text."""
    return {
        "what": c.what,
        "amount": "" if c.amount is None else f"{c.amount.normalize():f}",
        "measure": c.measure,
        "responsible": c.responsible,
        "due_on": f"{c.due_on:%d/%m/%Y}" if c.due_on else "",
        "criterion": c.criterion.text if c.criterion else "",
    }


def lines(content: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """The content as fields of text: `{field key: (heading, text)}`, in reading order."""
    found = {
        "theme": (_("Chủ đề"), content["theme"]),
        "organising": (_("Hình thức tổ chức"), content["organising"]),
    }
    for area in content["areas"]:
        text = "\n".join(sentence(c) for c in area["commitments"])
        if area["reason"]:
            no_commitment = _("Lý do không có cam kết")
            text = f"{text}\n{no_commitment}: {area['reason']}".strip()
        found[f"area-{area['id']}"] = (f"{area['code']}. {area['title']}", text)
    found["attachments"] = (_("Tệp đính kèm"), "\n".join(a["name"] for a in content["attachments"]))
    return found


def sentence(c: dict[str, str]) -> str:
    """A commitment on one line."""
    amount = number_format(Decimal(c["amount"])) if c["amount"] else ""
    target = " ".join(part for part in (amount, c["measure"]) if part)
    parts = [c["what"], target, c["responsible"], c["due_on"], c["criterion"]]
    return "• " + " – ".join(part for part in parts if part)


def changes(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[str]]:
    """The fields of text that differ, by heading: `{heading: [was, is]}` for the trail."""
    with override("vi"):  # the trail keeps one language, whoever writes
        old, new = lines(before), lines(after)
    return {
        heading: [old.get(key, ("", ""))[1], text]
        for key, (heading, text) in new.items()
        if old.get(key, ("", ""))[1] != text
    }


@dataclass(frozen=True)
class Compared:
    """One field of two versions; `left` and `right` are pieces of (kind, text) with kind same, gone or new."""

    key: str
    heading: str
    left: list[tuple[str, str]]
    right: list[tuple[str, str]]

    @property
    def changed(self) -> bool:
        return any(kind != "same" for kind, _text in self.left + self.right)


def compare(before: dict[str, Any], after: dict[str, Any]) -> list[Compared]:
    """The two contents side by side, word by word."""
    return compare_rows(lines(before), lines(after))


def compare_rows(old: dict[str, tuple[str, str]], new: dict[str, tuple[str, str]]) -> list[Compared]:
    """Two sets of fields of text `{key: (heading, text)}` side by side, word by word."""
    return [
        Compared(key, (new.get(key) or old[key])[0], *_words(old.get(key, ("", ""))[1], new.get(key, ("", ""))[1]))
        for key in {**old, **new}
    ]


def _words(old: str, new: str) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    a, b = re.findall(r"\S+\s*", old), re.findall(r"\S+\s*", new)
    left, right = [], []
    for op, a1, a2, b1, b2 in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if a2 > a1:
            left.append(("same" if op == "equal" else "gone", "".join(a[a1:a2])))
        if b2 > b1:
            right.append(("same" if op == "equal" else "new", "".join(b[b1:b2])))
    return left, right
