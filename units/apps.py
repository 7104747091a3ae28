from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.utils.translation import gettext_lazy as _

from units.likeness import teach_sqlite


class UnitsConfig(AppConfig):
    name = "units"
    verbose_name = _("Đơn vị và con người")

    def ready(self) -> None:
        # what becomes of letters with links, and of factors that change, is said in every process; mail has a check
        from units import factors, links, mail  # noqa: F401

        connection_created.connect(teach_sqlite)
