"""What is wrong with the HTML of a page, whatever the page: the part of accessibility that needs no browser."""

import re
from collections import Counter

from lxml import html

POINTERS = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "list", "form")
# what HTML calls a valid date, month, local or global moment; fractions have at most three digits
MOMENT = re.compile(r"\d{4}-\d\d(-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:?\d\d)?)?)?")
CONTROLS = "//a[@href] | //button | //summary | //*[@role='button' or @role='link']"
FIELDS = "//input[not(@type='hidden') and not(@type='submit')] | //select | //textarea"
UNSEEN = "ancestor-or-self::*[@hidden or @aria-hidden='true' or self::template or self::svg or self::script]"


def title_of(content):
    """What the tab says, without the name of the portal."""
    return " ".join(html.fromstring(content).findtext(".//title").split()).rsplit(" · ", 1)[0]


def faults(content):
    """In words, each with the tag it is about."""
    page = html.fromstring(content)
    found = list(_structure(page))
    ids = Counter(page.xpath("//@id"))
    found += [f"id {name!r} stands {count} times" for name, count in ids.items() if count > 1]
    for name in POINTERS:
        for element in page.xpath(f"//*[@{name}]"):
            lost = [target for target in element.get(name).split() if target not in ids]
            found += [f"{name} points to nothing: {lost} in {_shown(element)}"] if lost else []
    for target in page.xpath("//a/@href[starts-with(., '#')]"):
        found += [f"a link within the page leads nowhere: {target}"] if target[1:] not in ids else []
    for element in page.xpath("//*[@datetime]"):
        found += [f"no valid datetime: {_shown(element)}"] if not MOMENT.fullmatch(element.get("datetime")) else []
    for element in page.xpath(CONTROLS):
        found += _control(page, element)
    for element in page.xpath(FIELDS):
        found += [] if _name_of_field(page, element) else [f"no name: {_shown(element)}"]
    return found


def _structure(page):
    if not page.get("lang"):
        yield "the page names no language"
    for tag in ("title", "h1", "main"):
        count = len(page.xpath(f"//{tag}[not(ancestor::svg)]"))
        if count != 1:
            yield f"{count} × {tag}"
    if not all(one.text_content().strip() for one in page.xpath("//h1")):
        yield "empty h1"
    if not page.findtext(".//title").rpartition(" · ")[0].strip():
        yield "empty title"


def _control(page, element):
    """It has a name, and what is read on it is part of the name, so that one who speaks to the machine can say it."""
    seen, said = _seen(element), _said(page, element)
    if not said and not element.xpath(UNSEEN):
        yield f"no name: {_shown(element)}"
    elif not said.casefold().startswith(seen.casefold()) and ("aria-label" in element.attrib or seen not in said):
        yield f"its name does not hold {seen!r}: {_shown(element)}"


def _said(page, element):
    if refs := element.get("aria-labelledby"):
        return _words(" ".join(page.get_element_by_id(ref).text_content() for ref in refs.split()))
    alts = " ".join(element.xpath(".//img/@alt | .//svg[@role='img']/@aria-label"))
    return _words(element.get("aria-label") or " ".join([*element.itertext(), alts]))


def _seen(element):
    hidden = f"{UNSEEN} or ancestor-or-self::*[contains(@class, 'visually-hidden')]"
    return _words(" ".join(element.xpath(f".//text()[not({hidden})]")))


def _name_of_field(page, element):
    label = page.xpath("//label[@for=$id]", id=element.get("id") or "-") or element.xpath("ancestor::label")
    words = [one.text_content() for one in label] + [element.get("title", "")]
    return _words(" ".join(words)) or _said(page, element)


def _words(text):
    return " ".join(re.sub(r"[^\w\s/]", " ", text).split())


def _shown(element):
    return html.tostring(element, encoding="unicode", with_tail=False)[:200].replace("\n", " ")
