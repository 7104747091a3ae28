"""The back office: a look at the rows, for those who keep the machine.

The portal's own pages change them. Records of people are not here at all: each opening leaves a line.
"""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from portal.days import today
from portal.models import Entry
from portal.text import fold
from units.models import EmulationOffice, Membership, Succession, Unit, User
from units.models.people import units_without_head

for _foreign in list(admin.site._registry):  # what libraries register: an account has its verbs on the portal alone
    admin.site.unregister(_foreign)


class FoldedSearch:
    """Search blind to accents over the model's search column."""

    search_fields = ["search"]

    def get_search_results(self, request, queryset, search_term):
        return super().get_search_results(request, queryset, fold(search_term))


class UnitStanding(admin.SimpleListFilter):
    """The units of today, and those of them for which nobody could send a paper."""

    title, parameter_name = _("tình trạng"), "standing"

    def lookups(self, request, model_admin):
        return [("today", _("đang hoạt động")), ("headless", _("chưa có thủ trưởng trên cổng"))]

    def queryset(self, request, queryset):
        if self.value() == "today":
            return queryset.as_of(today())
        if self.value() == "headless":
            return queryset.filter(pk__in=units_without_head(today()))
        return queryset


class ReadOnlyAdmin(admin.ModelAdmin):
    """For what only the portal's own pages change: there the rules hold for everyone, a superuser included."""

    actions = None

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Unit)
class UnitAdmin(FoldedSearch, ReadOnlyAdmin):
    list_display = ["code", "name_vi", "kind", "parent", "valid_from", "valid_to"]
    list_filter = [UnitStanding, "kind"]
    list_select_related = ["parent"]
    list_per_page = 50


@admin.register(Succession)
class SuccessionAdmin(ReadOnlyAdmin):
    list_display = ["predecessor", "successor", "effective_on", "kind"]
    list_select_related = ["predecessor", "successor"]


@admin.register(EmulationOffice)
class EmulationOfficeAdmin(ReadOnlyAdmin):
    list_display = ["serves", "unit", "valid_from", "valid_to"]
    list_select_related = ["serves", "unit"]


@admin.register(Membership)
class MembershipAdmin(ReadOnlyAdmin):
    list_display = ["user", "unit", "role", "valid_from", "valid_to"]
    list_filter = ["role"]
    list_select_related = ["user__person", "unit"]


@admin.register(User)
class AccountAdmin(FoldedSearch, ReadOnlyAdmin):
    list_display = ["username", "person", "email", "is_active", "is_staff"]
    list_select_related = ["person"]
    list_filter = ["is_active", "is_staff"]
    search_fields = ["username", "email", "person__search"]
    fields = ["username", "person", "email", "is_active", "is_staff", "is_superuser", "mail_mode", "language"]


@admin.register(Entry)
class EntryAdmin(ReadOnlyAdmin):
    list_display = ["at", "by", "verb", "subject", "note"]
    list_select_related = ["by__person"]
    search_fields = ["subject"]
    show_full_result_count = False
