"""What the hierarchy and its people bring to the whole (`portal.manifests` says what each thing means)."""

from django.utils.translation import gettext_lazy as _

from portal.manifests import Contributions, MenuPage

PEOPLE, ADMIN = _("Đơn vị, cán bộ"), _("Quản trị")

contributions = Contributions(
    menu=(
        MenuPage(40, PEOPLE, "unit_tree", _("Đơn vị")),
        MenuPage(41, PEOPLE, "chart", _("Sơ đồ tổ chức")),
        MenuPage(42, PEOPLE, "person_list", _("Cán bộ"), ("look_up_people",)),
        MenuPage(43, PEOPLE, "collective_list", _("Tập thể"), ("look_up_people",)),
        MenuPage(44, PEOPLE, "exchange_home", _("Nhập, xuất dữ liệu"), ("use_lists",)),
        MenuPage(50, ADMIN, "account_list", _("Các tài khoản"), ("keep_accounts",)),
        MenuPage(51, ADMIN, "reorganisation_list", _("Phương án sắp xếp"), ("reorganise",)),
        MenuPage(52, ADMIN, "duplicate_list", _("Hồ sơ nghi trùng"), ("keep_people",)),
        MenuPage(55, ADMIN, "system_trail", _("Nhật ký hệ thống"), ("read_system_trail",)),
    ),
    panels="units.access.panels",
    permissions="units.access.permissions",
    carrier="units.reorganisation.execute",
    exchanges=(
        "units.hierarchy.exchange.UnitsExchange",
        "units.people.exchange.PeopleExchange",
        "units.access.exchange.AccountsExchange",
    ),
    person_relations=("units.Posting.person", "units.PersonStatus.person"),
)
