"""The portal's outbox behind a slow line that keeps a book of every letter it was handed, and may cost a life."""

import os
import signal
import time

from portal.notices.mail import OutboxBackend


class SlowOutbox(OutboxBackend):
    """With DIE_AFTER_LETTERS the power fails at the worst moment: the letter has left, and nobody has noted it yet."""

    handed = 0

    def send_messages(self, messages):
        time.sleep(0.02)
        count = super().send_messages(messages)
        with open(os.environ["LETTER_BOOK"], "a") as book:
            book.writelines(f"{m.extra_headers['Message-ID']}\n" for m in messages)
        SlowOutbox.handed += count
        if SlowOutbox.handed == int(os.environ.get("DIE_AFTER_LETTERS", "0")):
            os.killpg(os.getpgrp(), signal.SIGKILL)  # the worker and the beat beside it
        return count
