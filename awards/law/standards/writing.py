"""Writes the tables of an edition as TOML: the same tables always give the same text, which `reading` reads back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

WORD = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")


def written(law: Mapping[str, Any]) -> str:
    """The text of the file that holds these tables, in their order."""
    blocks = []
    for name, tables in law.items():
        heading = f"[[{name}]]" if isinstance(tables, list) else f"[{name}]"
        for table in tables if isinstance(tables, list) else [tables]:
            blocks.append("".join(f"{line}\n" for line in (heading, *map(_line, table.items()))))
    return "\n".join(blocks)


def _line(pair: tuple[str, Any]) -> str:
    key, value = pair
    if isinstance(value, list) and value and isinstance(value[0], dict):  # a table of its own on each line
        return f"{_key(key)} = [\n" + "".join(f"  {_value(row)},\n" for row in value) + "]"
    return f"{_key(key)} = {_value(value)}"


def _key(key: str) -> str:
    return key if key and WORD.issuperset(key) else _text(key)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{_key(key)} = {_value(one)}' for key, one in value.items())} }}" if value else "{}"
    return _text(value)


def _text(text: str) -> str:
    """Quoted as JSON quotes, which TOML reads alike but for one sign."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
