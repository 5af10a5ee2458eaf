"""How deliveries, and what came of them, are put into words and pictures."""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from lianguan.engine.read.findings import SetAside
from lianguan.engine.sentences import sentence
from lianguan.engine.union.deliveries import (
    EMPTY,
    GOING,
    IN,
    PUT_ASIDE,
    WAITING,
    WITHDRAWN,
    Sent,
)

register = template.Library()

LOCAL = ZoneInfo("Asia/Shanghai")

LOOKS = {
    WAITING: "wait",
    IN: "yes",
    PUT_ASIDE: "no",
    WITHDRAWN: "still",
    GOING: "wait",
    EMPTY: "no",
}
"""State of a delivery → how it is marked."""

COUNTED = ("new", "changed", "unchanged", "deleted", "set_aside")
"""What came of the records, in the order of the picture."""

WIDTH = 1000
"""Of the picture, in its own units."""


def _language(context: Mapping[str, Any]) -> str:
    return str(context.get("language", "zh"))


@register.filter
def moment(said: str | datetime.datetime) -> str:
    """A time as people here say it."""
    at = datetime.datetime.fromisoformat(said) if isinstance(said, str) else said
    return f"{at.astimezone(LOCAL):%Y-%m-%d %H:%M}"


@register.filter
def size(count: int) -> str:
    """So many bytes."""
    if count < 1 << 10:
        return f"{count} B"
    if count < 1 << 20:
        return f"{count / 1024:.1f} KB"
    return f"{count / (1 << 20):,.1f} MB"


@register.filter
def looks(state: str) -> str:
    return LOOKS[state]


@register.filter
def names_of(files: Iterable[Any]) -> str:
    return "、".join(file.name for file in files)


@register.filter
def counted(values: Sequence[str]) -> Iterator[tuple[int, str]]:
    return enumerate(values)


@register.filter
def at(columns: Mapping[int, str], place: int) -> str:
    return columns.get(place, "")


@register.filter
def counted_out(counts: Mapping[str, Any]) -> list[tuple[str, str, int]]:
    """(what, code of its words, how many) of what came of the records; without what did not
    happen."""
    found = ((name, counts.get(name, 0)) for name in COUNTED)
    return [(name, f"count_{name}", number) for name, number in found if number]


@register.simple_tag(takes_context=True)
def outcome(context: Mapping[str, Any], sent: Sent) -> str:
    """What came of a delivery, in one line."""
    language = _language(context)
    said = [
        sentence(f"short_{name}", language).format(f"{number:,}")
        for name in COUNTED
        if name != "unchanged" and (number := sent.counts.get(name, 0))
    ]
    if not said and sent.counts.get("read"):
        return sentence("short_nothing", language)
    return " · ".join(said)


@register.simple_tag
def bar(counts: Mapping[str, Any]) -> SafeString:
    """The share of each of what came of the records, as a picture beside the figures."""
    total = sum(counts.get(name, 0) for name in COUNTED) or 1
    pieces, x = [], 0.0
    for name in COUNTED:
        width = WIDTH * counts.get(name, 0) / total
        if width:
            pieces.append((name, f"{x:.1f}", f"{max(width - 2, 2):.1f}"))
        x += width
    drawn = format_html_join("", '<rect class="run--{}" x="{}" width="{}" height="24"/>', pieces)
    return format_html(
        '<svg viewBox="0 0 {} 24" preserveAspectRatio="none" focusable="false">{}</svg>',
        WIDTH,
        drawn,
    )


@register.simple_tag(takes_context=True)
def headline(context: Mapping[str, Any], sent: Sent, aside: Sequence[SetAside]) -> str:
    """What a delivery comes to, in a sentence."""
    language = _language(context)
    if sent.state != IN:
        return sentence(f"headline_{sent.state}", language)
    if not sent.files:
        return sentence("headline_leaving", language)
    read = f"{sent.counts.get('read', 0):,}"
    code = "headline_aside" if aside else "headline_in"
    return sentence(code, language).format(read, f"{len(aside):,}")


@register.simple_tag(takes_context=True)
def reason(context: Mapping[str, Any], said: str) -> str:
    """Why a delivery was put aside: a code with particulars, or what a program said."""
    code, _, detail = said.partition(" ")
    return f"{sentence(code, _language(context))} {detail}".strip()
