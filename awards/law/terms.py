"""The closed lists of words in which the law of awards speaks; the catalogue's files use the values."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class AwardKind(TextChoices):
    TITLE = "title", _("Danh hiệu thi đua")
    COMMENDATION = "commendation", _("Hình thức khen thưởng")


class Subject(TextChoices):
    INDIVIDUAL = "individual", _("Cá nhân")
    COLLECTIVE = "collective", _("Tập thể")
    UNIT = "unit", _("Đơn vị")
    HOUSEHOLD = "household", _("Hộ gia đình")


class Level(TextChoices):
    UNIT = "unit", _("Cấp cơ sở")
    SECTOR = "sector", _("Cấp ngành")
    STATE = "state", _("Cấp Nhà nước")


class Authority(TextChoices):
    """Who decides an award."""

    UNIT_HEAD = "unit_head", _("Thủ trưởng đơn vị có tư cách pháp nhân")
    PROSECUTOR_GENERAL = "prosecutor_general", _("Viện trưởng VKSND tối cao")
    PRIME_MINISTER = "prime_minister", _("Thủ tướng Chính phủ")
    PRESIDENT = "president", _("Chủ tịch nước")


class MeritType(TextChoices):
    """Types of commendation (docs/domain/law-and-practice.md, 4)."""

    MERIT = "merit", _("Theo công trạng")
    SUDDEN = "sudden", _("Đột xuất")
    CAMPAIGN = "campaign", _("Theo phong trào, chuyên đề")
    MOVEMENT = "movement", _("Theo phong trào thi đua theo chuyên đề")  # these two by Law 06/2026/QH16
    THEMATIC = "thematic", _("Theo chuyên đề")
    LONG_SERVICE = "long_service", _("Quá trình cống hiến")
    TERM = "term", _("Niên hạn")
    EXTERNAL = "external", _("Đối ngoại")


class Procedure(TextChoices):
    NORMAL = "normal", _("Thủ tục thông thường")
    SIMPLIFIED = "simplified", _("Thủ tục đơn giản")


class RatingLevel(IntegerChoices):
    """How a person, collective or unit was classified in a year, in rising order."""

    NOT_DONE = 1, _("Không hoàn thành nhiệm vụ")
    DONE = 2, _("Hoàn thành nhiệm vụ")
    GOOD = 3, _("Hoàn thành tốt nhiệm vụ")
    EXCELLENT = 4, _("Hoàn thành xuất sắc nhiệm vụ")


class Reach(IntegerChoices):
    """How far the effect of an initiative goes, in rising order."""

    UNIT = 1, _("cơ sở")
    SECTOR = 2, _("ngành")
    NATION = 3, _("toàn quốc")


class Post(TextChoices):
    """Posts by which long service is counted, the highest first (Decree 152/2025/NĐ-CP, article 21)."""

    GENERAL_HEAD = "general_head", _("Tổng cục trưởng và tương đương")
    GENERAL_DEPUTY = "general_deputy", _("Phó Tổng cục trưởng và tương đương")
    HEAD = "head", _("Vụ trưởng, người đứng đầu cấp tỉnh và tương đương")
    DEPUTY = "deputy", _("Phó Vụ trưởng, cấp phó cấp tỉnh và tương đương")


class Tag(TextChoices):
    """How well a statement of the law is known (docs/domain/law-and-practice.md, top)."""

    VERIFIED = "V", _("đã đối chiếu văn bản")
    SECONDARY = "S", _("cổng ghi theo tài liệu hướng dẫn; hãy đối chiếu văn bản")
    MEMORY = "M", _("cổng chưa có toàn văn; hãy đối chiếu văn bản")
    NOT_FOUND = "NF", _("cổng chưa có văn bản này; hãy đối chiếu")


class Severity(TextChoices):
    BLOCK = "block", _("Chặn")
    WARN = "warn", _("Nhắc")


class Result(TextChoices):
    PASS = "pass", _("Đạt")
    FAIL = "fail", _("Không đạt")
    EVIDENCE = "evidence", _("Cần minh chứng")
    NOT_APPLICABLE = "n/a", _("Không áp dụng")
