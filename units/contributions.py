"""What the hierarchy and its people bring to the whole (`portal.manifests` says what each thing means)."""

from django.utils.translation import gettext_lazy as _

from portal.manifests import Contributions, MenuPage
from units.access import rights

KEEPERS = ("head", "officer", "office", "admin")
READERS = (*KEEPERS, "council", "auditor")
PEOPLE, ADMIN = _("Đơn vị, cán bộ"), _("Quản trị")

contributions = Contributions(
    menu=(
        MenuPage(40, PEOPLE, "unit_tree", _("Đơn vị")),
        MenuPage(41, PEOPLE, "chart", _("Sơ đồ tổ chức")),
        MenuPage(42, PEOPLE, "person_list", _("Cán bộ"), READERS),
        MenuPage(43, PEOPLE, "collective_list", _("Tập thể"), READERS),
        MenuPage(44, PEOPLE, "exchange_home", _("Nhập, xuất dữ liệu"), KEEPERS),
        MenuPage(50, ADMIN, "account_list", _("Các tài khoản"), ("admin",)),
        MenuPage(51, ADMIN, "reorganisation_list", _("Phương án sắp xếp"), ("admin",)),
        MenuPage(52, ADMIN, "duplicate_list", _("Hồ sơ nghi trùng"), ("admin",)),
        MenuPage(55, ADMIN, "system_trail", _("Nhật ký hệ thống"), opens=rights.oversees_the_root),
    ),
    panels="units.access.panels",
)
