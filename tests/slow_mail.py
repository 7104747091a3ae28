"""The portal's outbox behind a slow line that keeps a book of every letter it was handed."""

import os
import time

from units.mail import OutboxBackend


class SlowOutbox(OutboxBackend):
    def send_messages(self, messages):
        time.sleep(0.02)
        count = super().send_messages(messages)
        with open(os.environ["LETTER_BOOK"], "a") as book:
            book.writelines(f"{m.extra_headers['Message-ID']}\n" for m in messages)
        return count
