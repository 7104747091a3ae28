"""What no page may say: how the portal keeps its law, marks of programs, another register than that of offices."""

import re

from lxml import html

PROVENANCE = (
    r"\bNF\b|\[(?:V|S|M|NF)[^\]]*\]|\bRS-\d{4}|điều chưa tìm được|nguồn thứ cấp|chưa kiểm chứng|chưa tìm được"
    r"|docs/domain|law-and-practice|text not found|second-hand|secondary source|unverified|article not found"
)
REGISTER = r"-{5,}|\b[Bb]ạn (?:có|đã|chưa|phải|cần|không|hãy|được|vui|đang|muốn)\b|[Cc]ủa bạn\b"
UNFIT = re.compile(f"{PROVENANCE}|{REGISTER}")


def shown(content):
    """The words of a page, and those that are heard or hinted."""
    page = html.fromstring(content)
    for hidden in page.xpath("//script|//style|//template"):
        hidden.drop_tree()
    hints = page.xpath("//@title|//@placeholder|//@aria-label|//@data-label")
    return " ".join([page.text_content(), *hints])


def unfit(content):
    """What stands on the page and must not."""
    return sorted({found[0] for found in UNFIT.finditer(shown(content))})
