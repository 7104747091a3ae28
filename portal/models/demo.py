"""Whether this database is the demo's."""

from django.db import models


class DemoData(models.Model):
    """One row: the demo has filled this database, so production refuses to start with it."""

    loaded_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.loaded_at:%d/%m/%Y}"
