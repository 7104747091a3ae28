from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AwardsConfig(AppConfig):
    name = "awards"
    verbose_name = _("Khen thưởng")

    def ready(self):
        from awards.nominations.opening import copy_open_awards
        from campaigns.campaigns.cloning import copy_with_clones

        copy_with_clones(copy_open_awards)
