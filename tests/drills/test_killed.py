"""Web server and worker die in the middle of what they do."""

import re
import threading

import pytest

from tests.drills.stack import answers, eventually, form_of


@pytest.mark.parametrize(("engine", "broker"), [("sqlite", "filesystem"), ("postgresql", "redis")])
def test_a_web_server_killed_while_people_comment_keeps_each_comment_once_or_not_at_all(portal, engine, broker):
    stack = portal(engine, broker).start("web")
    ((plan,),) = stack.rows("SELECT min(id) FROM campaigns_plan WHERE state = 'submitted'")
    comment = f"/plans/{plan}/comment/"
    office = stack.visitor("office")
    page = office.get(f"/plans/{plan}/").text
    fields = form_of(page, comment)
    sent, confirmed = [], []

    def write(number):
        office.token = fields["csrfmiddlewaretoken"]
        words = f"góp ý số {number:03}"
        sent.append(words)
        answer = answers(lambda: office.post(comment, fields | {"text": words}))
        if answer is not None and answer.status == 302:
            confirmed.append(words)

    for before in (0, 3, 6):
        writer = threading.Thread(target=lambda: [write(len(sent)) for _ in range(25)])
        writer.start()
        eventually(lambda enough=before: len(confirmed) > enough)
        stack.kill("web")
        writer.join(60)
        stack.start("web")
        office.get(f"/plans/{plan}/")
    kept = [text for (text,) in stack.rows("SELECT text FROM campaigns_comment WHERE text LIKE 'góp ý số %'")]
    assert confirmed, "no comment was confirmed at all"
    assert sorted(kept) == sorted(set(kept)) and set(confirmed) <= set(kept) <= set(sent)
    ((lines,),) = stack.rows("SELECT count(*) FROM portal_entry WHERE verb = 'comment'")
    assert lines >= len(kept)
    assert re.search(r"góp ý số", office.get(f"/plans/{plan}/").text)
    stack.sound()
