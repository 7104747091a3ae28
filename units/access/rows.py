"""The rows of a list of accounts against the accounts, people and units that they name."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.validators import ASCIIUsernameValidator
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from portal.days import today
from portal.exchange.base import CHANGE, CREATE, Change, Task, in_chunks
from portal.exchange.columns import Column
from portal.exchange.lines import Line
from portal.exchange.sheet import Sheet
from portal.scope import inside
from units.access import accounts, rights
from units.access.proposals import powerful
from units.models import Membership, Person, Posting, Role, Unit, User

SHEET = Sheet(
    title=_("Tài khoản"),
    columns=(
        Column("username", _("Tên đăng nhập"), "code", required=True, limit=150, example="lan.nt", width=18,
               help=_("Không dấu, không dấu cách. Một người giữ nhiều vai trò thì ghi nhiều dòng cùng tên đăng nhập.")),
        Column("email", _("Thư điện tử"), "code", limit=254, example="lan.nt@vks.example", width=28, aliases=("Email",),
               help=_("Bắt buộc với tài khoản mới: lời mời đặt mật khẩu gửi tới đây.")),
        Column("staff_code", _("Số hiệu cán bộ"), "code", limit=20, example="HUE-0123", width=16,
               help=_("Người dùng tài khoản; cán bộ phải có trên cổng trước.")),
        Column("role", _("Vai trò"), "choice", choices=tuple(Role.choices), example="officer", width=32,
               help=_("Chọn trong danh sách; để trống nếu tài khoản chưa giữ vai trò nào.")),
        Column("unit", _("Mã đơn vị"), "code", limit=20, example="T46.25", width=12, options=User.codes_kept,
               help=_("Đơn vị mà vai trò có hiệu lực.")),
        Column("valid_from", _("Từ ngày"), "date", example=date(2025, 7, 1), width=14, help=_("Ngày vai trò bắt đầu.")),
        Column("valid_to", _("Đến hết ngày"), "date", width=14,
               help=_("Ngày vai trò kết thúc; để trống nếu chưa biết.")),
        Column("document", _("Văn bản giao vai trò"), limit=200, example="Quyết định 12/QĐ-VKS", width=28,
               aliases=("Văn bản",),
               help=_("Số, ngày của văn bản làm căn cứ; bắt buộc với vai trò mới.")),
    ),
    about=(
        _("Mỗi dòng là một vai trò của một tài khoản. Mật khẩu không nằm trong tệp: người dùng tự đặt theo thư mời."),
        _("Không ai tự đổi quyền của mình bằng tệp; vai trò do ủy quyền thì làm trên trang của đơn vị."),
    ),
)  # fmt: skip
OF_ROLE = ("role", "unit", "valid_from", "valid_to", "document")


@dataclass
class _Account:
    """Everything the file says of one account."""

    user: User
    new: bool
    mine: bool = True  # whether the administrator keeps the account itself, or may only give it roles
    row: int = 0
    address: str = ""  # another one than the account has: whether it waits for a second person is the verb's to say
    told: dict[str, list] = field(default_factory=dict)
    roles: list[tuple[Membership, str | None]] = field(default_factory=list)  # with what was before

    @property
    def done(self) -> dict[str, list]:
        """What takes effect without a second person."""
        told = {key: pair for key, pair in self.told.items() if key != "email"}
        return told | {f"{r.get_role_display()} – {r.unit.code}": [was, span(r)] for r, was in self.roles}


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else "…"


def span(role: Membership) -> str:
    """From when to when, and by which document."""
    return f"{_day(role.valid_from)} – {_day(role.valid_to)} {role.document}".strip()


def _lasts(role: Membership) -> bool:
    return role.valid_to is None or role.valid_to >= today()


def _open_end() -> Q:
    return Q(valid_to=None) | Q(valid_to__gte=today())


class Plan:
    """The rows of a file against the accounts, people and units that they name."""

    def __init__(self, task: Task):
        self.task = task
        self.units = {unit.code: unit for unit in Unit.objects.all()}
        self.accounts: dict[str, _Account] = {}
        self.users: dict[str, User] = {}
        self.emails: dict[str, str] = {}
        self.people: dict[str, Person] = {}
        self.holders: dict[int, str] = {}
        self.roles: dict[int, list[Membership]] = {}
        self._ask()

    def _ask(self) -> None:
        lines, task = self.task.lines, self.task
        for some in in_chunks({line["username"].lower() for line in lines if line["username"]}):
            found = User.objects.annotate(low=Lower("username")).filter(low__in=some).order_by("pk")
            self.users.update({user.username.lower(): user for user in task.held(found)})
        for some in in_chunks({line["email"].lower() for line in lines if line["email"]}):
            found = User.objects.annotate(low=Lower("email")).filter(low__in=some)
            self.emails.update({user.email.lower(): user.username.lower() for user in found})
        for some in in_chunks({line["staff_code"] for line in lines if line["staff_code"]}):
            self.people.update(Person.objects.by_codes(some))
        for some in in_chunks(p.pk for p in self.people.values()):
            held = User.objects.filter(person__in=some).values_list("person_id", "username")
            self.holders.update({person: username.lower() for person, username in held})
        for some in in_chunks(user.pk for user in self.users.values()):
            for role in Membership.objects.filter(user__in=some).select_related("unit"):
                self.roles.setdefault(role.user_id, []).append(role)
        self.kept = self._kept_people()
        self.whole = any(unit.parent_id is None for unit in self.units.values() if task.by.may("keep_accounts", unit))

    def _kept_people(self) -> set[int]:
        """People in the file, and behind its accounts, who work only where this administrator keeps the staff."""
        asked = {p.pk for p in self.people.values()} | {u.person_id for u in self.users.values() if u.person_id}
        kept: set[int] = set()
        mine = inside(self.task.by.paths_where("keep_accounts"), "unit__path")
        for some in in_chunks(sorted(asked)):
            postings = Posting.objects.filter(_open_end(), person__in=some).values_list("person_id", flat=True)
            kept |= set(postings.filter(mine)) - set(postings.exclude(mine))
        return kept

    def judge(self) -> None:
        for line in self.task.lines:
            if line["username"] is None:
                continue
            account = self._account(line)
            if account is None:
                continue
            self._mail(line, account)
            self._person(line, account)
            self._role(line, account)
        if any(self._alone(account) for account in self.accounts.values()):
            self.task.notes.append(
                str(
                    _(
                        "Địa chỉ mới của tài khoản đã dùng, và vai trò quản trị hoặc cơ quan thi đua ở cấp cao nhất, "
                        "chờ người thứ hai xác nhận sau khi nhập."
                    )
                )
            )
        for account in self.accounts.values():
            told = account.told | {
                f"{r.get_role_display()} – {r.unit.code}": [was, span(r)] for r, was in account.roles
            }
            if account.new:
                told = {key: is_ for key, (_was, is_) in told.items()}
                self.task.changes.append(Change(CREATE, account.row, account.user.username, told, deed=account))
            elif told:
                self.task.changes.append(Change(CHANGE, account.row, account.user.username, told, deed=account))

    def _alone(self, account: _Account) -> bool:
        """Whether the file asks for what nobody does alone."""
        power = any(powerful(role.role, role.unit) for role, _was in account.roles)
        return power or bool(account.address and not account.new)

    def _problem(self, line: Line, key: str, words: Any) -> None:
        self.task.problem(line, SHEET[key], words)

    def _account(self, line: Line) -> _Account | None:
        low = line["username"].lower()
        if low in self.accounts:
            return self.accounts[low]
        user = self.users.get(low)
        if user is None:
            try:
                ASCIIUsernameValidator()(line["username"])
            except ValidationError as error:
                self._problem(line, "username", " ".join(error.messages))
            if "email" not in line.values:
                self._problem(line, "email", _("Tài khoản mới phải có thư điện tử."))
            account = _Account(User(username=line["username"], password=make_password(None)), new=True, row=line.number)
        elif user.username != line["username"]:
            self._problem(line, "username", _("Đã có tài khoản %s, chỉ khác chữ hoa.") % user.username)
            return None
        else:
            account = _Account(user, new=False, mine=self._keeps(user), row=line.number)
        self.accounts[low] = account
        return account

    def _keeps(self, user: User) -> bool:
        """Whether the account belongs to the administrator's units alone; else its address is not theirs to set.

        Whoever sets the address gets the invitation, and with it every right of the account.
        """
        by = self.task.by
        if (user.is_superuser or user.is_staff) and not by.is_superuser:
            return False
        roles = [role for role in self.roles.get(user.pk, []) if _lasts(role)]
        if not all(by.may("keep_accounts", role.unit) for role in roles):
            return False
        return self.whole or user.person_id in self.kept or (bool(roles) and user.person_id is None)

    def _mail(self, line: Line, account: _Account) -> None:
        email = line["email"]
        if email is None or email == account.user.email:
            return
        if "email" in account.told or (account.new and account.user.email):
            self._problem(line, "email", _("Hai dòng của tài khoản này ghi hai địa chỉ khác nhau."))
        elif not account.new and not self._may_edit(line, "email", account):
            return
        elif self.emails.get(email.lower(), account.user.username.lower()) != account.user.username.lower():
            self._problem(line, "email", _("Địa chỉ này đã thuộc một tài khoản khác."))
        else:
            try:
                validate_email(email)
            except ValidationError:
                self._problem(line, "email", _("Địa chỉ thư điện tử không hợp lệ."))
                return
            account.told["email"] = [account.user.email, email]
            if account.new:
                account.user.email = email
            account.address = email
            self.emails[email.lower()] = account.user.username.lower()

    def _person(self, line: Line, account: _Account) -> None:
        code = line["staff_code"]
        if code is None:
            return
        person = self.people.get(code)
        if person is None:
            self._problem(line, "staff_code", _("Không có cán bộ nào mang số hiệu %s.") % code)
        elif person.pk == account.user.person_id:
            return
        elif not (self.whole or person.pk in self.kept):
            self._problem(line, "staff_code", _("Cán bộ này không thuộc phạm vi quản trị của đồng chí."))
        elif not account.new and not accounts.never_used(account.user):
            self._problem(line, "staff_code", _("Tài khoản đã có người dùng thì không gắn với cán bộ bằng tệp."))
        elif account.user.person_id:
            self._problem(line, "staff_code", _("Tài khoản này đang là của một người khác."))
        elif self.holders.get(person.pk, account.user.username.lower()) != account.user.username.lower():
            self._problem(line, "staff_code", _("Cán bộ này đã có tài khoản khác."))
        elif account.new or self._may_edit(line, "staff_code", account):
            account.told["staff_code"] = [None, code]
            account.user.person = person
            self.holders[person.pk] = account.user.username.lower()

    def _may_edit(self, line: Line, key: str, account: _Account) -> bool:
        if account.user.pk == self.task.by.pk:
            self._problem(line, key, _("Không ai sửa tài khoản của chính mình bằng tệp."))
            return False
        if not account.mine:
            words = _(
                "Tài khoản này còn quyền ngoài phạm vi quản trị của đồng chí nên đồng chí không sửa được mục này."
            )
            self._problem(line, key, words)
            return False
        return True

    def _role(self, line: Line, account: _Account) -> None:
        if not {"role", "unit"} & line.values.keys():
            if not account.new and not account.told:
                self.task.same += 1
            return
        unit = self.units.get(line["unit"])
        if "role" not in line.values:
            self._problem(line, "role", _("Hãy chọn vai trò, hoặc bỏ cả đơn vị."))
        elif "unit" not in line.values:
            self._problem(line, "unit", _("Hãy ghi đơn vị mà vai trò có hiệu lực."))
        elif line["role"] is None or line["unit"] is None:
            return  # unreadable, and said so
        elif unit is None:
            self._problem(line, "unit", _("Không có đơn vị nào mang mã %s.") % line["unit"])
        elif not self.task.by.may("keep_accounts", unit):
            self._problem(line, "unit", _("Đơn vị %s không thuộc phạm vi quản trị của đồng chí.") % unit.code)
        elif not account.new and self._same(line, account, unit):
            self.task.same += 1
        elif account.user.pk is not None and account.user.pk == self.task.by.pk:
            self._problem(line, "role", _("Không ai tự đổi quyền của mình."))
        else:
            self._give(line, account, unit)

    def _found(self, line: Line, account: _Account, unit: Unit) -> Membership | None:
        """The role the row speaks of: the one that begins on its day, or one that lasts where it names no day."""
        alike = [
            role
            for role in self.roles.get(account.user.pk, [])
            if (role.role, role.unit_id, role.delegated_by_id) == (line["role"], unit.pk, None)
        ]
        exact = [role for role in alike if role.valid_from == line["valid_from"]]
        lasting = [role for role in alike if line["valid_from"] is None and _lasts(role)]
        return next(iter(exact or lasting), None)

    def _same(self, line: Line, account: _Account, unit: Unit) -> bool:
        role = self._found(line, account, unit)
        return (
            role is not None
            and _lasts(role)
            and all(line[n] in (None, getattr(role, n)) for n in ("valid_to", "document"))
        )

    def _give(self, line: Line, account: _Account, unit: Unit) -> None:
        start, end = line["valid_from"], line["valid_to"]
        role = None if account.new else self._found(line, account, unit)
        if end and start and end < start:
            self._problem(line, "valid_to", _("Ngày kết thúc phải sau hoặc cùng ngày bắt đầu."))
            return
        if not account.user.is_active:
            self._problem(line, "username", _("Tài khoản này đã ngừng hoạt động."))
            return
        if role is not None and not _lasts(role) and (end is None or end == role.valid_to):
            words = _("Vai trò này đã kết thúc ngày %s. Hãy ghi ngày bắt đầu mới.")
            self._problem(line, "valid_from", words % _day(role.valid_to))
            return
        if end and end < today() and role is None:
            self._problem(line, "valid_to", _("Vai trò này đã hết hạn, không cần nhập."))
            return
        if unit.valid_to and unit.valid_to < max(start or today(), today()):
            words = _("Đơn vị %(unit)s đã kết thúc ngày %(day)s. Hãy ghi mã của đơn vị kế tục.")
            self._problem(line, "unit", words % {"unit": unit.code, "day": _day(unit.valid_to)})
            return
        if any(_overlap(other, line, unit) for other, _was in account.roles):
            self._problem(line, "role", _("Vai trò này trùng thời gian với một dòng khác của tệp."))
            return
        if role is None:
            if any(_overlap(other, line, unit) for other in self.roles.get(account.user.pk, [])):
                self._problem(line, "valid_from", _("Tài khoản đã giữ vai trò này trong khoảng thời gian đó."))
                return
            if "document" not in line.values:
                self._problem(line, "document", _("Hãy ghi văn bản làm căn cứ."))
            role = Membership(unit=unit, role=line["role"], valid_from=start)
            was = None
        else:
            was = span(role)
            if end and end < today() - timedelta(days=1):
                self._problem(line, "valid_to", _("Ngày kết thúc không được ở trước hôm qua."))
                return
            if end and role.valid_from and end < role.valid_from:
                self._problem(line, "valid_to", _("Ngày kết thúc phải sau hoặc cùng ngày bắt đầu."))
                return
            earlier = end and end < (role.valid_to or date.max)
            if earlier and (objections := list(rights.objections_to_losing([role]))):
                self._problem(line, "valid_to", " ".join(objections))
                return
        role.unit = unit
        role.valid_to = end or role.valid_to
        role.document = line["document"] or role.document
        account.roles.append((role, was))


def _overlap(role: Membership, line: Line, unit: Unit) -> bool:
    """Whether the account would hold the same role over the same unit twice on some day."""
    if (role.role, role.unit_id, role.delegated_by_id) != (line["role"], unit.pk, None):
        return False
    start, end = line["valid_from"] or date.min, line["valid_to"] or date.max
    return start <= (role.valid_to or date.max) and (role.valid_from or date.min) <= end
