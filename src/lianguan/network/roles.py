"""Roles, and what each may do. Tables: whoever wants to know who may do something reads them here,
and the page that says so is made from them."""

from typing import NamedTuple

DUTIES = (
    "manage_places",
    "manage_staff",
    "see_places",
    "import",
    "withdraw",
    "decide",
    "change_terms",
    "see_imports",
    "see_health",
)


class Role(NamedTuple):
    code: str
    """A line of words.csv is role_<code>."""
    duties: frozenset[str]


def role(code: str, duties: str) -> Role:
    return Role(code, frozenset(duties.split()))


ROLES = (
    role("administrator", " ".join(DUTIES)),
    role("cataloguer", "see_places import withdraw decide see_imports see_health"),
    role("director", "see_places change_terms see_imports see_health"),
    role("bureau", "see_places see_imports see_health"),
    role("interlending", "see_places see_imports"),
    role("training", "see_places"),
    role("promotion", "see_places"),
    role("desk", "see_places"),
    role("keeper", "see_places"),
)
"""The widest first: of several roles in which somebody may do a thing the first is named."""

BY_CODE = {one.code: one for one in ROLES}


def who_may(duty: str) -> tuple[str, ...]:
    """The roles that have a duty."""
    return tuple(one.code for one in ROLES if duty in one.duties)
