"""The administrators' back office, until the portal's own pages for it come. Every change goes into the trail."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.forms import ModelForm
from django.forms.models import model_to_dict
from django.utils.translation import gettext_lazy as _

from units.days import today
from units.models import EmulationOffice, Entry, Membership, Person, Posting, Succession, Unit, User
from units.models.people import accounts_without_role, units_without_head
from units.models.trail import differences, record
from units.text import fold

SECRET = {"password", "calendar_hash", "last_login", "groups", "user_permissions"}


def snapshot(row) -> dict:
    """The fields of a row in words, without secrets."""
    return {str(row._meta.get_field(k).verbose_name): v for k, v in model_to_dict(row).items() if k not in SECRET}


class RecordedAdmin(admin.ModelAdmin):
    """Writes each change to the trail of the row and of the unit it belongs to; nothing decided is deleted here."""

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form: ModelForm, change):
        before = snapshot(type(obj).objects.get(pk=obj.pk)) if change else {}
        super().save_model(request, obj, form, change)
        changes = differences(before, snapshot(obj)) if change else {}
        if changes or not change:
            verb = "edit" if change else "create"
            record(obj, verb, by=request.user, changes=changes)
            unit = getattr(obj, "unit", None)
            if isinstance(unit, Unit):
                record(unit, verb, by=request.user, changes=changes or {str(obj._meta.verbose_name): ["", str(obj)]})

    def log_addition(self, request, obj, message):
        """The trail is the log."""

    def log_change(self, request, obj, message):
        """The trail is the log."""


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


class AccountStanding(admin.SimpleListFilter):
    """Active accounts that may do nothing today."""

    title, parameter_name = _("vai trò"), "standing"

    def lookups(self, request, model_admin):
        return [("idle", _("chưa có vai trò"))]

    def queryset(self, request, queryset):
        return queryset.filter(pk__in=accounts_without_role(today())) if self.value() == "idle" else queryset


@admin.register(Unit)
class UnitAdmin(FoldedSearch, RecordedAdmin):
    list_display = ["code", "name_vi", "kind", "parent", "valid_from", "valid_to"]
    list_filter = [UnitStanding, "kind"]
    list_select_related = ["parent"]
    autocomplete_fields = ["parent"]
    list_per_page = 50

    def get_readonly_fields(self, request, obj=None):
        # a rename or a move is a new row with a succession: papers keep the unit of their day
        return ["code", "parent"] if obj else []


@admin.register(Succession)
class SuccessionAdmin(RecordedAdmin):
    list_display = ["predecessor", "successor", "effective_on", "kind"]
    list_select_related = ["predecessor", "successor"]
    autocomplete_fields = ["predecessor", "successor"]


@admin.register(EmulationOffice)
class EmulationOfficeAdmin(RecordedAdmin):
    list_display = ["serves", "unit", "valid_from", "valid_to"]
    list_select_related = ["serves", "unit"]
    autocomplete_fields = ["serves", "unit"]


@admin.register(Person)
class PersonAdmin(FoldedSearch, RecordedAdmin):
    list_display = ["staff_code", "full_name"]


@admin.register(Posting)
class PostingAdmin(RecordedAdmin):
    list_display = ["person", "unit", "position", "valid_from", "valid_to"]
    list_select_related = ["person", "unit"]
    autocomplete_fields = ["person", "unit"]


@admin.register(Membership)
class MembershipAdmin(RecordedAdmin):
    list_display = ["user", "unit", "role", "valid_from", "valid_to"]
    list_filter = ["role"]
    list_select_related = ["user__person", "unit"]
    autocomplete_fields = ["user", "unit"]
    exclude = ["delegated_by", "document"]


@admin.register(User)
class AccountAdmin(RecordedAdmin, UserAdmin):
    add_form = AdminUserCreationForm
    list_display = ["username", "person", "email", "is_active", "is_staff"]
    list_select_related = ["person"]
    list_filter = [AccountStanding, "is_active", "is_staff"]
    autocomplete_fields = ["person"]
    fieldsets = [
        (None, {"fields": ["username", "password", "person", "email"]}),
        (_("Tình trạng"), {"fields": ["is_active", "is_staff", "is_superuser"]}),
        (_("Cách nhận tin"), {"fields": ["mail_mode", "language"]}),
    ]

    def user_change_password(self, request, id, form_url=""):  # noqa: A002 -- Django's own name
        response = super().user_change_password(request, id, form_url)
        if request.method == "POST" and response.status_code == 302:
            record(User.objects.get(pk=id), "password", by=request.user)
        return response

    add_fieldsets = [(None, {"fields": ["username", "email", "person", "usable_password", "password1", "password2"]})]


@admin.register(Entry)
class EntryAdmin(admin.ModelAdmin):
    list_display = ["at", "by", "verb", "subject", "note"]
    list_select_related = ["by__person"]
    search_fields = ["subject"]
    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
