from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _


class UnitsConfig(AppConfig):
    name = "units"
    verbose_name = _("Đơn vị và con người")

    def ready(self) -> None:
        # what becomes of factors that change is said in every process
        from units.models import Role
        from units.signin import factors  # noqa: F401

        if unknown := set(settings.MFA_ROLES) - set(Role.values):
            raise ImproperlyConfigured("MFA_ROLES names no such role: " + ", ".join(sorted(unknown)))
