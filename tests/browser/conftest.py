"""One Chromium for all tests, a new context for each person; every page is watched for errors."""

import os
import re
import shutil
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext

from tests import make

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's loop runs in this thread; nothing here is awaited
CHROMIUM = shutil.which("chromium")
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 360, "height": 740}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
FLAGS += ["--js-flags=--no-opt --no-maglev --min-semi-space-size=32"]  # a page is open for a second: compile quickly
# each window would load two more pages for its address bar; the last list counts, so what Playwright lists is repeated
OFF = """WebUIOmniboxPopup WebUIOmniboxAimPopup WebUIOmniboxFullPopup AvoidUnnecessaryBeforeUnloadCheckSync
    DestroyProfileOnBrowserClose HttpsUpgrades HttpsFirstBalancedModeAutoEnable LensOverlay MediaRouter PaintHolding
    ThirdPartyStoragePartitioning AvoidCorsURLLoaderRestartOnRedirect OptimizationHints NetworkTimeServiceQuerying
    AimEnabled PreconnectToSearch SpareRendererForSitePerProcess"""
FLAGS += [f"--disable-features={','.join(OFF.split())}"]
WAIT = 10_000  # ms
ACCENTED = re.compile("[À-ỹ]")


def pytest_collection_modifyitems(items):
    missing = pytest.mark.skip(reason="NOT TESTED IN A BROWSER: `chromium` is not installed on this machine")
    for item in items:
        if item.path.parent.name == "browser":
            item.add_marker(pytest.mark.browser)
            if not CHROMIUM:
                item.add_marker(missing)


@pytest.fixture(scope="session")
def chromium():
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=WAIT)  # a busy machine is slow, not wrong

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(autouse=True, scope="module")
def emptied_between_tests(emptied_trail):
    """The live server needs tables that are emptied after each test."""


class Person:
    """Somebody at a browser of their own."""

    def __init__(self, chromium, address, lang="vi", **options):
        self.address, self.lang = address, lang
        self.context = chromium.new_context(
            viewport=options.pop("viewport", WIDE), locale="vi-VN", reduced_motion="reduce", **options
        )
        self.context.set_default_timeout(WAIT)
        self.scripted = options.get("java_script_enabled", True)
        self.faults = []
        self.forgiven = []
        self.page = self.tab()
        self.beside = None

    def tab(self):
        """One more tab of this browser, watched."""
        page = self.context.new_page()
        page.on("console", lambda m: m.type in ("error", "warning") and self.blame(page, m.text))
        page.on("request", lambda r: r.url.endswith("/csp-report/") and self.blame(page, r.post_data))
        page.on("pageerror", lambda error: self.blame(page, error))
        return page

    def blame(self, page, words):
        self.faults.append(f"{page.url}: {words}")

    def say(self, words):
        """The words as the page has them in this person's language."""
        with translation.override(self.lang):
            found = gettext(words)
            # a template's catalogue entry writes %s as %%s
            return found if found != words else gettext(words.replace("%", "%%")).replace("%%", "%")

    # --- moving ---

    def go(self, path):
        answer = self.page.goto(path if path.startswith("http") else self.address + path)
        assert answer.status == 200, f"{path}: {answer.status}"
        return self.check()

    @contextmanager
    def leaving(self, page=None):
        with (page or self.page).expect_navigation(wait_until="load"):
            yield
        self.check(page)

    def press(self, words, within=None):
        """Press the button with these words and wait for the page behind it."""
        with self.leaving():
            self.button(words, within).click()
        return self

    def press_and_confirm(self, words):
        """A step that asks once before it is done."""
        self.page.locator("main summary").filter(has_text=f"{self.say(words)}…").click()
        return self.press(words)

    def follow(self, words, within=None):
        with self.leaving():
            (within or self.page).get_by_role("link", name=self.say(words), exact=True).first.click()
        return self

    def button(self, words, within=None):
        return (within or self.page).get_by_role("button", name=self.say(words), exact=True)

    def sign_in(self, username):
        """Through the real form, in the language of the switch in the header."""
        self.page.goto(f"{self.address}/accounts/login/")
        if self.lang != "vi":
            with self.leaving():
                self.page.locator("header .top-row > .langs").get_by_role("button", name="English").click()
        self.page.locator("[name=login]").fill(username)
        self.page.locator("[name=password]").fill(make.PASSWORD)
        self.press("Đăng nhập", self.page.locator("main"))
        return self

    def signed_in(self, user):
        """Without the form, where signing in is not what is tested."""
        client = Client()
        client.force_login(user)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        self.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.address}])
        return self

    # --- looking ---

    def check(self, page=None):
        """What holds of every page: it speaks the language it names, and the browser has nothing to complain of."""
        page = page or self.page
        lang = page.evaluate("document.documentElement.lang")
        assert lang == self.lang, f"{page.url}: lang={lang}"
        faults = [fault for fault in self.faults if not any(part in fault for part in self.forgiven)]
        assert not faults, faults
        return self

    def fits_a_phone(self):
        self.page.set_viewport_size(NARROW)
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        self.page.set_viewport_size(WIDE)
        assert wide <= NARROW["width"], f"{self.page.url} is {wide} px wide"
        return self

    def in_both(self):
        """The page on a phone; and its address in the other language, with no button or state left in Vietnamese."""
        self.fits_a_phone()
        lang, page = self.lang, self.page
        self.beside = self.beside or self.tab()
        try:
            self.page = self.beside
            self.choose("en" if lang == "vi" else "vi").go(page.url).fits_a_phone()
            words = self.page.locator("main button, main a.btn, main .state").all_inner_texts()
            words = [word.split("\n")[0] for word in words]  # below stands, for ears alone, what it is about
            assert self.lang == "vi" or not ACCENTED.search(" ".join(words)), words
        finally:
            self.page = page
            self.choose(lang).page.bring_to_front()  # a tab behind another draws slowly, and each click waits for it
        return self

    def choose(self, lang):
        """As the switch in the header does."""
        self.lang = lang
        self.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": lang, "url": self.address}])
        return self

    @property
    def text(self):
        return self.page.locator("main").inner_text()

    @property
    def pk(self):
        """The number of the paper in the address."""
        return int(re.search(r"/(\d+)/", self.page.url)[1])


@pytest.fixture
def person(request, chromium, live_server):
    """`person("en")` opens one more browser."""
    opened = []

    def open_one(lang="vi", **options):
        opened.append(Person(chromium, live_server.url, lang, **options))
        return opened[-1]

    yield open_one
    for one in opened:
        one.context.close()


@pytest.fixture
def plan(world, campaign):
    """Huế's draft."""
    return make.plan(campaign, world.hue, world.officer)
