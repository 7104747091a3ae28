"""What the awards bring to the whole (`portal.manifests` says what each thing means)."""

from django.utils.translation import gettext_lazy as _

from portal.manifests import Contributions, MenuPage

AWARDS = _("Khen thưởng")

contributions = Contributions(
    menu=(
        MenuPage(30, AWARDS, "submission_list", _("Tờ trình")),
        MenuPage(31, AWARDS, "nomination_list", _("Đề nghị")),
        MenuPage(32, AWARDS, "review_list", _("Bàn thẩm định"), ("read_reviews",)),
        MenuPage(33, AWARDS, "opinion_list", _("Hỏi ý kiến"), ("read_opinions",)),
        MenuPage(34, AWARDS, "ledger", _("Sổ khen thưởng")),
        MenuPage(35, AWARDS, "initiative_list", _("Sáng kiến")),
        MenuPage(36, AWARDS, "award_catalogue", _("Quy định")),
    ),
    panels="awards.panels",
    permissions="awards.permissions",
    carrier="awards.nominations.carrier",
    exchanges=(
        "awards.ledger.exchange.AwardsExchange",
        "awards.ledger.exchange.RatingsExchange",
        "awards.nominations.exchange.NominationsExchange",
    ),
    person_relations=(
        "awards.PastAward.person",
        "awards.Rating.person",
        "awards.Achievement.person",
        "awards.InitiativeAuthor.person",
        "awards.Nomination.person",
    ),
    campaign_copiers=("awards.nominations.editing.copy_open_awards",),
)
