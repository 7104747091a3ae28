"""What a campaign is called on a day, and where its milestones are sent."""

from datetime import timedelta

import pytest
from django.urls import reverse

from campaigns.models import Campaign, Milestone
from portal.days import today
from tests import make

S = Campaign.State
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("state", "starts", "ends", "historical", "words", "tab"),
    [
        (S.LAUNCHED, 1, None, False, "Sắp diễn ra", "upcoming"),
        (S.LAUNCHED, 0, None, False, "Đang diễn ra", "launched"),
        (S.LAUNCHED, None, None, False, "Đang diễn ra", "launched"),
        (S.LAUNCHED, -9, 0, False, "Đang diễn ra", "launched"),
        (S.LAUNCHED, -9, -1, False, "Đã hết thời gian", "closed"),
        (S.CLOSED, -9, -1, False, "Đã kết thúc", "closed"),
        (S.CANCELLED, 1, 9, False, "Đã hủy", "cancelled"),
        (S.LAUNCHED, None, None, True, "Hồ sơ lịch sử", "historical"),
        (S.LAUNCHED, 1, 9, True, "Hồ sơ lịch sử", "historical"),
    ],
)
def test_a_campaign_is_called_by_what_it_is_today(world, client, state, starts, ends, historical, words, tab):
    campaign = make.launched(world.root, world.office)
    Campaign.objects.update(
        state=state,
        starts_on=None if starts is None else today() + starts * DAY,
        ends_on=None if ends is None else today() + ends * DAY,
        historical=historical,
    )
    campaign.refresh_from_db()
    assert campaign.standing == words
    client.force_login(world.office)
    tabs = ("launched", "upcoming", "draft", "closed", "cancelled", "historical")
    shown = {name for name in tabs if client.get(reverse("campaign_list"), {"state": name}).context["rows"]}
    assert shown == {tab}
    for page in (reverse("campaign_list"), campaign.get_absolute_url(), reverse("home")):
        client.force_login(world.auditor)
        content = client.get(page).content.decode().partition("<main")[2]
        states = content.replace(">Đang diễn ra</a>", "")  # the tab
        assert ("Đang diễn ra" in states) == (words == "Đang diễn ra"), page


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("registration", "Gửi kế hoạch trên cổng, đến {}"),
        ("nomination", "Gửi tờ trình trên cổng, đến {}"),
        ("interim", "Gửi bằng văn bản đến {}, không gửi trên cổng"),
        ("final", "Gửi bằng văn bản đến {}, không gửi trên cổng"),
    ],
)
def test_a_milestone_says_truly_how_and_to_whom_it_is_sent(world, client, kind, words):
    campaign = make.launched(world.hue, world.head, kinds=["region"])
    Milestone.objects.update(kind=kind)
    said = words.format(world.hue.label)
    assert Milestone.objects.get().way == said
    client.force_login(world.kv1_head)
    assert said in client.get(campaign.get_absolute_url()).content.decode()
    if "văn bản" in words:
        assert said in client.get(reverse("home")).content.decode()
