from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.utils.translation import gettext_lazy as _

from units.likeness import teach_sqlite


class UnitsConfig(AppConfig):
    name = "units"
    verbose_name = _("Đơn vị và con người")

    def ready(self) -> None:
        from units import links  # noqa: F401 -- says what becomes of its letters, in the web process and in the worker

        connection_created.connect(teach_sqlite)
