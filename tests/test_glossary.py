"""One name for one thing (docs/glossary.md): words that lost are in no message, in neither language."""

import gettext
import re
from pathlib import Path

import pytest
from django.conf import settings

# what a thing is called in Vietnamese: names that it does not have in English
LOST_IN_ENGLISH = {
    "cán bộ": "employee|staff member|cadre|personnel",
    "cam kết": "promis|pledge|undertak",
    "chuyển lại": "sen[dt] back",
    "đơn vị cấp trên": "(higher|parent|upper) unit",
    "hội đồng": "committee|board",
    "ngày hiệu lực": "effective date|date of effect",
    "nhật ký của": "history|audit|journal",
    "phong trào": "movement|contest|competition",
    "quá hạn": "overdue|past due",
    "sáng kiến": "innovation",
    "sổ khen thưởng": "register of|award book",
    "tệp đính kèm": "enclos",
    "thẩm định": "apprais|assess|evaluat",
    "thủ trưởng": "leader|chief|director",
    "tờ trình": "petition|proposal",
}
# names of what has another one here: staff, file, head, review, unit, board of progress, link, notice
LOST_IN_VIETNAMESE = (
    r"nhân viên|nhân sự|tập tin|lãnh đạo đơn vị|xét duyệt|thẩm tra|rà soát|phòng ban|ma trận|\blưới\b|"
    r"hạn chót|thời hạn chót|e-mail|\bbạn\b|đơn vị cha|đơn vị mẹ|công văn đề nghị|bác bỏ|đường link"
)


@pytest.fixture(scope="module")
def catalogue():
    """Every message of the code and the templates with what it is in English."""
    with Path(settings.BASE_DIR, "locale/en/LC_MESSAGES/django.mo").open("rb") as file:
        found = gettext.GNUTranslations(file)._catalog
    pairs = [(key[0] if isinstance(key, tuple) else key, said) for key, said in found.items()]
    return [(msgid, english) for msgid, english in pairs if msgid]


@pytest.mark.parametrize(("noun", "lost"), LOST_IN_ENGLISH.items())
def test_english_has_one_word_for_each_noun(catalogue, noun, lost):
    named = [(msgid, english) for msgid, english in catalogue if noun in msgid.casefold()]
    assert named
    assert [pair for pair in named if re.search(lost, pair[1], re.IGNORECASE)] == []


def test_no_message_has_a_word_that_lost(catalogue):
    assert [msgid for msgid, _english in catalogue if re.search(LOST_IN_VIETNAMESE, msgid, re.IGNORECASE)] == []
