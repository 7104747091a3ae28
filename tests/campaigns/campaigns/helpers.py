"""What the tests of a campaign's pages share."""

from datetime import datetime

from django.urls import reverse

from campaigns.campaigns.forms import Editor
from campaigns.models import Campaign
from tests import make

PDF = make.PDF


def page(client, name, *args, by=None, status=200, **query):
    if by is not None:
        client.force_login(by)
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == status, response
    return response


def send(client, name, *args, by=None, data=None, follow=True):
    if by is not None:
        client.force_login(by)
    return client.post(reverse(name, args=args), data or {}, follow=follow)


def words(response):
    return " ".join(response.content.decode().split())


def said(response):
    return [str(m) for m in response.context["messages"]]


def typed(campaign, by):
    """What a browser sends when the editor is saved as it was opened."""
    editor = Editor(Campaign.objects.get(pk=campaign.pk), by)
    data = {"version": campaign.version}
    forms = [editor.form, *editor.milestones]
    for formset in editor.lists.values():
        forms += [formset.management_form, *formset.forms]
    for form in forms:
        for field in form:
            value = field.value()
            if field.widget_type == "checkbox":
                if value:
                    data[field.html_name] = "on"
            elif field.name != "file":
                shown = value if isinstance(value, list) else field.field.widget.format_value(value)
                data[field.html_name] = shown[0] if isinstance(shown, list) and field.widget_type == "select" else shown
                if isinstance(value, datetime):
                    data[f"{field.html_name}-hour"] = f"{value:%H:%M}"
    return {key: "" if value is None else value for key, value in data.items()}
