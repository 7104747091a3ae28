from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UnitsConfig(AppConfig):
    name = "units"
    verbose_name = _("Đơn vị và con người")

    def ready(self) -> None:
        # what becomes of factors that change is said in every process
        from units.signin import factors  # noqa: F401
