"""What a form said that came when its sender was signed in no more. It stands in the form at the
door meanwhile, and after that on a page from which it is sent again; here nothing of it is kept."""

import re
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

from django.http import HttpRequest

SIGN = "csrfmiddlewaretoken"
"""The field by which Django knows a form as ours."""
SECRET = frozenset({"password", "again", "old"})
LONGEST = 400_000
"""Characters, as they are kept: a thousand places with names in three languages, and to spare."""
CHOSEN = re.compile(r"[\w.-]*", re.ASCII)
"""What a button or a choice says. Of a form that says nothing else nothing is lost."""


class Field(NamedTuple):
    name: str
    said: str
    has_lines: bool
    """Written, or pasted, on lines of its own: worth being seen again."""


def unsent(request: HttpRequest) -> str:
    """All that a form says but passwords, for a hidden field; "" where nobody wrote anything.
    Files must be chosen again."""
    said = [
        (name, one)
        for name, several in request.POST.lists()
        for one in several
        if name != SIGN and name not in SECRET
    ]
    text = urlencode(said)
    is_written = any(not CHOSEN.fullmatch(one) for _, one in said)
    return text if is_written and not request.FILES and len(text) <= LONGEST else ""


def fields(text: str) -> list[Field]:
    """What such a text says; nothing of one that is none."""
    said = parse_qsl(text[:LONGEST], keep_blank_values=True)
    return [Field(name, one, "\n" in one) for name, one in said]
