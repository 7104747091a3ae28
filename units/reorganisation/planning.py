"""What a reorganisation would make of the tree, and every reason why it may not. Nothing here reads or writes rows.

All steps happen on one day: the sources end the day before, the units described begin on it. A step may name as a
parent what an earlier step begins. What lies below a renamed, moved or merged unit goes along by itself, row by row,
unless a step of its own names it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from django.utils.translation import gettext as _

from portal.codes import is_unit_code
from portal.scope import under
from units.models import ReorganisationStep, Succession, Unit
from units.reorganisation.outcome import Heir, Objection, Outcome

K = ReorganisationStep.Kind
MAX_PATH = 200
ONWARD = (K.RENAME, K.MOVE, K.MERGE)  # one heir, so that what lies below follows by itself
SUCCESSION: dict[str, Succession.Kind] = {
    K.RENAME: Succession.Kind.CONTINUE,
    K.MOVE: Succession.Kind.CONTINUE,
    K.MERGE: Succession.Kind.MERGE,
    K.SPLIT: Succession.Kind.SPLIT,
}


def plan(units: Iterable[Unit], steps: Iterable[ReorganisationStep], day: date, within: Unit | None = None) -> Outcome:
    """What the steps make of these units (all of them, ended ones too) on the day, below `within` if one is named."""
    return _Planner(list(units), list(steps), day, within).run()


def next_code(code: str, day: date, taken: set[str], longest: int = 20) -> str:
    """A code for what follows `code`: the reform's own habit, the year behind a dot, a letter where it is taken.

    `taken` holds codes in lower case, for no two may differ by their case alone.

    >>> next_code("T46", date(2025, 7, 1), set()), next_code("T46.25", date(2026, 1, 1), {"t46.26"})
    ('T46.25', 'T46.26b')
    """
    bare = re.sub(r"\.\d\d[a-z]?$", "", code)[: longest - 4]
    for end in ("", *"bcdefghijklmnopqrstuvwxyz"):
        made = f"{bare}.{day:%y}{end}"
        if made.casefold() not in taken:
            return made
    return next_code(f"{bare[: longest - 12]}-{len(taken)}", day, taken, longest)


def short_of(name: str) -> str:
    """How lists call a unit when nobody said."""
    return re.sub("^Viện kiểm sát nhân dân", "VKSND", name)[:100]


class _Planner:
    def __init__(self, units: list[Unit], steps: list[ReorganisationStep], day: date, within: Unit | None):
        self.steps, self.day, self.eve, self.within = steps, day, day - timedelta(days=1), within
        self.units = {u.code: u for u in units}
        self.by_key: dict[int | None, Unit] = {u.pk: u for u in units}
        self.below: dict[int | None, list[Unit]] = {}
        for unit in sorted(units, key=lambda u: (u.order, u.code)):
            self.below.setdefault(unit.parent_id, []).append(unit)
        self.outcome = Outcome()
        self.begun: dict[str, Unit] = {}
        self.uses: dict[str, list[tuple[int, ReorganisationStep]]] = {}
        self.later = {step.code: n for n, step in reversed(list(enumerate(steps, 1))) if step.code}
        self.spelt = {code.casefold() for code in self.units}
        self.taken = self.spelt | {code.casefold() for code in self.later}
        self.order = max((u.order for u in units), default=0)

    def run(self) -> Outcome:
        if not self.steps:
            self.object(None, _("Phương án chưa có bước nào."))
        for number, step in enumerate(self.steps, 1):
            for code in dict.fromkeys(step.sources):
                self.uses.setdefault(code, []).append((number, step))
        self.ending = self._ending()
        for number, step in enumerate(self.steps, 1):
            self._shape(number, step)
            for code in dict.fromkeys(step.sources):
                self._source(number, step, code)
        self._contradictions()
        for number, step in enumerate(self.steps, 1):
            self._take(number, step)
        self._left_behind()
        self.outcome.ended = [self.units[code] for code in self.outcome.heirs]
        self.outcome.begun = list(self.begun.values())
        return self.outcome

    def object(self, step: int | None, words: str) -> None:
        objection = Objection(step, words)
        if objection not in self.outcome.objections:
            self.outcome.objections.append(objection)

    # --- before anything is taken: what the steps say of the units there are ---

    def _branch(self, unit: Unit) -> Iterator[Unit]:
        """What lies below, whenever it existed."""
        for child in self.below.get(unit.pk, []):
            yield child
            yield from self._branch(child)

    def _goes_on(self, unit: Unit) -> bool:
        """Whether it stood on the eve and has no end yet."""
        return unit.exists_on(self.eve) and unit.valid_to is None

    def _ending(self) -> set[str]:
        """The codes that will have ended: the sources, and what goes along with them."""
        ending = set(self.uses) & set(self.units)
        for code in list(ending):
            if self._moves_on(code):
                ending |= {u.code for u in self._branch(self.units[code]) if self._goes_on(u)}
        return ending

    def _moves_on(self, code: str) -> bool:
        return len(self.uses[code]) == 1 and self.uses[code][0][1].kind in ONWARD

    def _joins(self, step: ReorganisationStep) -> Unit | None:
        """The standing unit into which a merger goes: its code alone is given, no name."""
        unit = self.units.get(step.code)
        if step.kind == K.MERGE and unit and not step.name_vi and step.code not in self.ending and self._goes_on(unit):
            return unit
        return None

    def _shape(self, n: int, step: ReorganisationStep) -> None:
        """What each kind of step must say."""
        count = len(step.sources)
        if len(set(step.sources)) != count:
            self.object(n, _("có mã đơn vị được ghi hai lần."))
        if step.kind == K.CREATE and count:
            self.object(n, _("lập mới thì không ghi đơn vị hiện nay."))
        if step.kind in (K.RENAME, K.MOVE, K.SPLIT) and count != 1:
            self.object(n, _("hãy ghi đúng một đơn vị hiện nay."))
        if step.kind == K.MERGE and count < 2 and not self._joins(step):
            self.object(
                n, _("hợp nhất cần ít nhất hai đơn vị hiện nay, hoặc mã của một đơn vị đang hoạt động nhận sáp nhập.")
            )
        if step.kind == K.DISSOLVE:
            if not count:
                self.object(n, _("hãy ghi đơn vị giải thể."))
            if step.code or step.name_vi:
                self.object(n, _("giải thể thì không có đơn vị mới; hãy bỏ mã và tên mới, hoặc chọn việc khác."))
        if step.kind in (K.CREATE, K.SPLIT, K.MERGE) and not step.code:
            self.object(n, _("hãy ghi mã của đơn vị mới."))
        if step.kind in (K.CREATE, K.SPLIT, K.RENAME) and not step.name_vi:
            self.object(n, _("hãy ghi tên của đơn vị mới."))
        if step.kind == K.MERGE and not step.name_vi and step.code and not self._joins(step):
            self.object(n, _("hãy ghi tên của đơn vị mới."))
        if step.kind in (K.CREATE, K.MOVE) and not step.parent_code:
            self.object(n, _("hãy ghi mã đơn vị cấp trên."))
        if step.kind == K.CREATE and not step.unit_kind:
            self.object(n, _("hãy chọn loại đơn vị."))

    def _source(self, n: int, step: ReorganisationStep, code: str) -> None:
        """Whether the source is there to end on the eve."""
        unit, said = self.units.get(code), {"code": code, "day": f"{self.eve:%d/%m/%Y}"}
        if unit is None:
            self.object(n, _("không có đơn vị nào mang mã %(code)s.") % said)
            return
        if not unit.exists_on(self.eve):
            self.object(n, _("đơn vị %(code)s không tồn tại vào ngày %(day)s.") % said)
        elif unit.valid_to is not None:
            said["day"] = f"{unit.valid_to:%d/%m/%Y}"
            self.object(n, _("đơn vị %(code)s đã được ghi là kết thúc ngày %(day)s.") % said)
        if unit.parent_id is None:
            self.object(
                n, _("%(code)s là đơn vị gốc: phương án không kết thúc được; hãy sửa tên tại trang đơn vị.") % said
            )
        elif not self._inside(unit, below=True):
            self.object(n, _("đơn vị %(code)s nằm ngoài phạm vi của phương án.") % said)
        for lower in self._branch(unit):
            if not self._goes_on(lower) and (lower.valid_to is None or lower.valid_to >= self.day):
                words = _(
                    "đơn vị %(lower)s dưới %(code)s đã có thay đổi từ ngày hiệu lực trở đi; hãy chọn ngày sau đó."
                )
                self.object(n, words % (said | {"lower": lower.code}))

    def _inside(self, unit: Unit, below: bool = False) -> bool:
        if self.within is None:
            return True
        return under(unit.path, self.within.path) and not (below and unit.code == self.within.code)

    def _contradictions(self) -> None:
        """A unit ends once; only a split gives it several heirs."""
        for code, named in self.uses.items():
            kinds = {step.kind for _n, step in named}
            numbers = ", ".join(str(n) for n, _step in named)
            if len(named) == 1 and K.SPLIT in kinds:
                self.object(named[0][0], _("chia tách %s cần ít nhất hai bước, mỗi đơn vị kế tục một bước.") % code)
            if len(named) > 1 and not (K.SPLIT in kinds and kinds <= {K.SPLIT, K.MERGE}):
                self.object(
                    named[-1][0],
                    _("các bước %(numbers)s mâu thuẫn: đơn vị %(code)s chỉ kết thúc một lần.")
                    % {"numbers": numbers, "code": code},
                )
            for place, what in ((0, _("cán bộ, tập thể")), (2, _("hồ sơ"))):
                if len(named) > 1 and sum(bool(step.takes[place]) for _n, step in named) > 1:
                    self.object(
                        named[-1][0],
                        _("các bước %(numbers)s cùng nhận %(what)s của %(code)s: chỉ một đơn vị nhận được.")
                        % {"numbers": numbers, "what": what, "code": code},
                    )

    # --- step by step: what begins ---

    def _take(self, n: int, step: ReorganisationStep) -> None:
        sources = [self.units[c] for c in dict.fromkeys(step.sources) if c in self.units and step.kind != K.CREATE]
        for unit in sources:
            self.outcome.heirs.setdefault(unit.code, [])
        if step.kind == K.DISSOLVE or (step.kind != K.CREATE and not sources):
            return
        joined = self._joins(step)
        if joined and not self._inside(joined):
            self.object(n, _("đơn vị %s nằm ngoài phạm vi của phương án.") % joined.code)
        heir = joined or self._begin(n, step, sources)
        if heir is None:
            return
        people, roles, papers = step.takes
        for unit in sources:
            self.outcome.heirs[unit.code].append(Heir(heir, SUCCESSION[step.kind], people, roles, papers))
            if self._moves_on(unit.code):
                self._along(n, unit, heir)

    def _begin(self, n: int, step: ReorganisationStep, sources: list[Unit]) -> Unit | None:
        """The unit that the step describes; what it leaves out is taken from the first source."""
        first = sources[0] if sources else None
        code = step.code
        if not code and step.kind in (K.RENAME, K.MOVE):
            code = next_code(step.sources[0], self.day, self.taken)
        if not code:
            return None
        if len(code) > 20 or not is_unit_code(code):
            self.object(n, _("mã %s không hợp lệ: chỉ dùng chữ không dấu, số, dấu chấm, gạch nối, tối đa 20.") % code)
            return None
        if code.casefold() in self.spelt:
            words = _(
                "mã %s đã có đơn vị dùng; mỗi mã chỉ dùng một lần, kể cả khi đơn vị đã kết thúc, "
                "chữ hoa và chữ thường được coi là một."
            )
            self.object(n, words % code)
            return None
        if twin := next((other for other in self.begun if other.casefold() == code.casefold()), None):
            self.object(n, _("mã %(code)s đã do bước %(other)s dùng.") % self._said(twin))
            return None
        parent = self._parent(n, step, sources, code)
        if parent is None:
            return None
        kinds = {u.kind for u in sources}
        kind = step.unit_kind or (first.kind if first else "")
        if not step.unit_kind and len(kinds) > 1:
            self.object(n, _("các đơn vị khác loại nhau: hãy chọn loại của đơn vị mới."))
        if step.kind == K.RENAME and first and step.name_vi == first.name_vi and not step.code:
            self.object(n, _("tên mới trùng tên hiện nay."))
        copies = first if step.kind in (K.RENAME, K.MOVE) else None
        name = step.name_vi or (copies.name_vi if copies else "")
        renamed = bool(copies and step.name_vi and step.name_vi != copies.name_vi)
        self.order += 1
        return self._add(
            n,
            Unit(
                code=code,
                parent=parent,
                kind=kind,
                name_vi=name,
                name_en=step.name_en or (copies.name_en if copies and not renamed else ""),
                short_name=step.short_name or (copies.short_name if copies and not renamed else short_of(name)),
                seat=step.seat or (copies.seat if copies else ""),
                order=min((u.order for u in sources), default=self.order),
                valid_from=self.day,
            ),
        )

    def _add(self, n: int, unit: Unit) -> Unit | None:
        unit.derive()
        if len(unit.path) > MAX_PATH:
            self.object(n, _("đường dẫn của %s quá dài: hãy chọn mã ngắn hơn.") % unit.code)
            return None
        self.begun[unit.code] = unit
        self.taken.add(unit.code.casefold())
        self.outcome.steps[unit.code] = n
        return unit

    def _along(self, n: int, old: Unit, heir: Unit) -> None:
        """What lies below goes along under a new row, unless a step of its own names it."""
        for child in self.below.get(old.pk, []):
            if child.code in self.uses or not self._goes_on(child):
                continue
            copy = self._add(
                n,
                Unit(
                    code=next_code(child.code, self.day, self.taken),
                    parent=heir,
                    kind=child.kind,
                    name_vi=child.name_vi,
                    name_en=child.name_en,
                    short_name=child.short_name,
                    seat=child.seat,
                    order=child.order,
                    valid_from=self.day,
                ),
            )
            if copy:
                self.outcome.heirs[child.code] = [Heir(copy, Succession.Kind.CONTINUE)]
                self._along(n, child, copy)

    def _parent(self, n: int, step: ReorganisationStep, sources: list[Unit], code: str) -> Unit | None:
        wanted = step.parent_code or self._parent_of(n, sources)
        if not wanted:
            return None
        said = {"code": wanted, "day": f"{self.day:%d/%m/%Y}"}
        if wanted == code:
            self.object(n, _("đơn vị không thể là cấp trên của chính nó."))
        elif wanted in self.begun:
            return self.begun[wanted]
        elif wanted not in self.units:
            if wanted in self.later:
                said["other"] = str(self.later[wanted])
                words = _("đơn vị cấp trên %(code)s do bước %(other)s lập: hãy đưa bước ấy lên trước.")
                self.object(n, words % said)
            else:
                self.object(n, _("không có đơn vị cấp trên nào mang mã %(code)s.") % said)
        else:
            return self._standing_parent(n, self.units[wanted], sources, said)
        return None

    def _standing_parent(self, n: int, parent: Unit, sources: list[Unit], said: dict) -> Unit | None:
        if under(parent.path, *(source.path for source in sources)):
            self.object(n, _("không chuyển được đơn vị xuống dưới chính nó (%(code)s nằm trong nhánh ấy).") % said)
        elif parent.code in self.ending:
            heirs = self.outcome.heirs.get(parent.code) or []
            if len(heirs) == 1 and (heirs[0].unit.code in self.begun or heirs[0].unit.pk):
                said["heir"] = heirs[0].unit.code
                words = _("đơn vị cấp trên %(code)s kết thúc theo phương án này; hãy ghi %(heir)s.")
            else:
                words = _("đơn vị cấp trên %(code)s kết thúc theo phương án này; hãy ghi mã của đơn vị kế tục.")
            self.object(n, words % said)
        elif parent.valid_from and parent.valid_from > self.day:
            said["from"] = f"{parent.valid_from:%d/%m/%Y}"
            self.object(n, _("đơn vị cấp trên %(code)s chỉ có từ ngày %(from)s, sau ngày hiệu lực %(day)s.") % said)
        elif parent.valid_to is not None:
            said["to"] = f"{parent.valid_to:%d/%m/%Y}"
            self.object(n, _("đơn vị cấp trên %(code)s kết thúc ngày %(to)s.") % said)
        elif not self._inside(parent):
            self.object(n, _("đơn vị cấp trên %(code)s nằm ngoài phạm vi của phương án.") % said)
        else:
            return parent
        return None

    def _parent_of(self, n: int, sources: list[Unit]) -> str:
        """The parent that the sources have in common, or what follows it; "" with an objection where there is none."""
        found = set()
        if not sources:
            return ""
        for unit in sources:
            parent = self.by_key.get(unit.parent_id)
            if parent is None:
                return ""
            if parent.code not in self.ending:
                found.add(parent.code)
                continue
            heirs = self.outcome.heirs.get(parent.code, [])
            if len(heirs) != 1:
                words = _("cấp trên của %s kết thúc theo phương án này: hãy ghi mã đơn vị cấp trên mới.")
                self.object(n, words % unit.code)
                return ""
            found.add(heirs[0].unit.code)
        if len(found) != 1:
            self.object(n, _("các đơn vị khác cấp trên: hãy ghi mã đơn vị cấp trên."))
            return ""
        return found.pop()

    def _left_behind(self) -> None:
        """Nothing may stay below what ends."""
        for code in list(self.outcome.heirs):
            if not self.outcome.heirs[code] and code in self.uses and self._moves_on(code):
                continue  # its own step is told what is wrong
            for child in self.below.get(self.units[code].pk, []):
                if self._goes_on(child) and child.code not in self.outcome.heirs:
                    n = self.uses[code][0][0] if code in self.uses else None
                    words = _("%(child)s còn nằm dưới %(code)s: hãy chuyển, giải thể hoặc sắp xếp cả đơn vị ấy.")
                    self.object(n, words % {"child": child.code, "code": code})

    def _said(self, code: str) -> dict:
        return {"code": code, "other": self.outcome.steps[code]}
