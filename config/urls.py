"""The doors: sign-in, and the apps in the order of their dependency."""

from allauth.account import views as account
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as keys
from django.contrib.auth.decorators import login_not_required
from django.db.transaction import atomic
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import include, path, re_path, reverse_lazy
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from config.headers import csp_report
from portal.signin.reauthentication import asks_again
from units.signin.views import reauthenticate_by_key


def favicon(request):
    """For what names no icon of its own, such as a paper that a browser opens."""
    return redirect(static("img/favicon.svg"), permanent=True)


SECURITY = reverse_lazy("mfa_index")

# Only the pages of allauth that a state office needs: nobody registers, addresses are kept by administrators.
accounts = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("signup/", account.signup, name="account_signup"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", asks_again(account.password_change, opened=True), name="account_change_password"),
    path("password/set/", account.password_set, name="account_set_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    # a factor, its line in the trail and its letter are one deed
    path("second-step/", atomic(factors.authenticate), name="mfa_authenticate"),
    path("second-step/again/", atomic(factors.reauthenticate), name="mfa_reauthenticate"),
    path("second-step/again/key/", atomic(reauthenticate_by_key), name="mfa_reauthenticate_webauthn"),
    path("security/", factors.index, name="mfa_index"),
    path("security/app/", atomic(totp.activate_totp), name="mfa_activate_totp"),
    path("security/app/remove/", atomic(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("security/keys/new/", atomic(keys.add_webauthn), name="mfa_add_webauthn"),
    path(
        "security/keys/<int:pk>/", atomic(keys.EditWebAuthnView.as_view(success_url=SECURITY)), name="mfa_edit_webauthn"
    ),
    path(
        "security/keys/<int:pk>/remove/",
        atomic(keys.RemoveWebAuthnView.as_view(success_url=SECURITY)),
        name="mfa_remove_webauthn",
    ),
    path("security/codes/", atomic(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("security/codes/new/", atomic(codes.generate_recovery_codes), name="mfa_generate_recovery_codes"),
]

handler400 = "config.errors.bad_request"
handler500 = "config.errors.server_error"

urlpatterns = [
    path("accounts/", include(accounts)),
    path("language/", login_not_required(require_POST(set_language)), name="set_language"),
    path("csp-report/", csp_report, name="csp_report"),
    path("favicon.ico", login_not_required(favicon)),
    path("", include("portal.urls")),
    path("", include("units.urls")),
    path("", include("campaigns.urls")),
    path("", include("awards.urls")),
]
