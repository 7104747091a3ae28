"""Dates stay dd/mm/yyyy in English: it is a Vietnamese office that reads them."""

from config.formats.vi.formats import *  # noqa: F403 -- one format, two languages

DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
