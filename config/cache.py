"""A cache that never fails a page: the first store that answers is asked, and one that does not is left alone a while.

What rests on it for right and wrong, limits of sign-in and codes that are good once, is counted on in the next store.
"""

import logging
import os
import pickle
import tempfile
import time
import zlib

from django.core.cache import caches
from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.core.cache.backends.filebased import FileBasedCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

LEFT_ALONE = 5  # seconds, so that not every request waits for a store that is away
TOLD_EVERY = 60  # seconds
# away, hanging, full, not allowed, or half written by somebody who was killed
FAULTS = (RedisError, OSError, EOFError, pickle.UnpicklingError, zlib.error)
_away_until: dict[str, float] = {}  # of this process, by store
_told_at: dict[str, float] = {}


class FirstThatAnswers(BaseCache):
    """`stores` names other caches in the order of preference; the last one lies in memory and cannot fail."""

    def __init__(self, _location, params):
        super().__init__(params)
        self.stores = params["OPTIONS"]["stores"]

    def _ask(self, method, *args, **kwargs):
        *before, last = self.stores
        for store in before:
            if time.monotonic() < _away_until.get(store, 0):
                continue
            try:
                return getattr(caches[store], method)(*args, **kwargs)
            except FAULTS as fault:
                _leave_alone(store, fault)
        return getattr(caches[last], method)(*args, **kwargs)

    def add(self, *args, **kwargs):
        return self._ask("add", *args, **kwargs)

    def get(self, *args, **kwargs):
        return self._ask("get", *args, **kwargs)

    def set(self, *args, **kwargs):
        return self._ask("set", *args, **kwargs)

    def touch(self, *args, **kwargs):
        return self._ask("touch", *args, **kwargs)

    def delete(self, *args, **kwargs):
        return self._ask("delete", *args, **kwargs)

    def incr(self, *args, **kwargs):
        return self._ask("incr", *args, **kwargs)

    def has_key(self, *args, **kwargs):
        return self._ask("has_key", *args, **kwargs)

    def clear(self):
        for store in self.stores:
            try:
                caches[store].clear()
            except FAULTS as fault:
                _leave_alone(store, fault)


def _leave_alone(store, fault):
    now = time.monotonic()
    _away_until[store] = now + LEFT_ALONE
    if now >= _told_at.get(store, -TOLD_EVERY) + TOLD_EVERY:
        _told_at[store] = now
        logger.warning("the cache %s does not answer and is passed over: %s: %s", store, type(fault).__name__, fault)


class Files(FileBasedCache):
    """Django's, with an `add` that one process only can win: the locks of the limits and codes used once rest on it."""

    def add(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        if self.has_key(key, version):  # takes away what ran out, too
            return False
        self._createdir()
        self._cull()
        handle, made = tempfile.mkstemp(dir=self._dir)
        try:
            with open(handle, "wb") as file:
                self._write_content(file, timeout, value)
            os.link(made, self._key_to_file(key, version))
        except FileExistsError:
            return False
        finally:
            os.remove(made)
        return True
