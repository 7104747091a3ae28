from typing import Any

from celery import current_app
from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.fields import BLANK_CHOICE_DASH
from django.db.models.signals import post_migrate
from django.forms import ModelChoiceField
from django.utils.translation import gettext_lazy as _

from portal.manifests import beat_schedule
from portal.search import trigrams
from portal.search.likeness import teach_sqlite


def _name_nothing(words: Any) -> None:
    """Let a choice of nothing be words in every form: Django has dashes for it and no setting."""
    BLANK_CHOICE_DASH[:] = [("", words)]
    defaults: Any = ModelChoiceField.__init__.__kwdefaults__
    defaults["empty_label"] = words


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = _("Cổng thi đua - khen thưởng")

    def ready(self) -> None:
        # both register what Django should check
        from portal.notices import mail  # noqa: F401
        from portal.operations import checks  # noqa: F401

        _name_nothing(_("Chưa chọn"))
        connection_created.connect(teach_sqlite)
        post_migrate.connect(trigrams.keep)
        current_app.conf.beat_schedule = beat_schedule()
