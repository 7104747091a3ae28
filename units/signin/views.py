"""What of allauth's pages of passkeys does not fit the portal."""

from allauth.mfa.webauthn import views as keys
from django.contrib import messages
from django.shortcuts import redirect


class ReauthenticateByKey(keys.ReauthenticateWebAuthnView):
    """A key that was refused leaves the person where they were, with what they were doing."""

    def form_invalid(self, form):
        for words in form.errors.get("credential", []):
            messages.error(self.request, words)
        return redirect(self.passthrough_next_url(self.request.path))


reauthenticate_by_key = ReauthenticateByKey.as_view()
