"""Words of the pages, and the language that a text is in."""

import datetime
from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from lianguan.engine.sentences import format_name, language_name, sentence
from lianguan.engine.text.fold import HAN, TIBETAN
from lianguan.engine.text.issue_runs import OPEN
from lianguan.engine.text.years_held import SharedYears, Span
from lianguan.site.stacks import is_rare

register = template.Library()


@register.simple_tag(takes_context=True)
def say(context: dict[str, Any], code: str, *said: object) -> str:
    """The sentence of a code in the reader's language, with values in its places, if it has any:
    some name signs of a record, such as {cr:…}. Marked values (`marked`) keep their marks."""
    text = sentence(code, str(context.get("language", "zh")))
    if any(isinstance(one, SafeString) for one in said):
        return format_html(text, *said)
    return text.format(*said) if said else text


@register.simple_tag(takes_context=True)
def named(context: dict[str, Any], kind: str, code: str) -> str:
    """The words of one of a kind: a decision, a field, a state."""
    return sentence(f"{kind}_{code}", str(context.get("language", "zh")))


@register.simple_tag(takes_context=True)
def worded(context: dict[str, Any], facet: str, value: str) -> str:
    """A value of a facet in words: a library's name, a language, a format."""
    language = str(context.get("language", "zh"))
    if facet == "library":
        names: dict[str, str] = context.get("names", {})
        return names.get(value, value)
    words = {"language": language_name, "format": format_name}
    return words[facet](value, language) if facet in words else value


@register.simple_tag(takes_context=True)
def day(context: dict[str, Any], said: str) -> str:
    """A day, and how long ago it was."""
    ago = (datetime.datetime.now(datetime.UTC).date() - datetime.date.fromisoformat(said)).days
    return say(context, "days_ago", said, ago) if ago > 0 else say(context, "today", said)


@register.simple_tag
def way_to(here: str, ways: Iterable[tuple[str, str]]) -> str:
    """The address of the page in the bar that the open one stands under, the nearest."""
    over = (address for address, _ in ways if f"{here}/".startswith(f"{address}/"))
    return max(over, key=len, default="")


@register.filter
def name_in(names: dict[str, str], code: str) -> str:
    """A library's name."""
    return names.get(code, code)


@register.filter
def holder(names: dict[str, str], key: str) -> str:
    """The name of the library whose record it is."""
    return name_in(names, key.partition(":")[0])


@register.filter
def number_of(key: str) -> str:
    """The member's own number in a record key."""
    return key.partition(":")[2]


@register.filter
def is_web(address: str) -> bool:
    """An address that may be a link; records can hold any text."""
    return str(address).lower().startswith(("http://", "https://", "ftp://"))


@register.simple_tag(takes_context=True)
def tongue(context: dict[str, Any], *texts: str) -> str:
    """The attributes of an element whose text is in another language than its page: Tibetan, or
    Chinese on an English page. Stands right behind the name of the element, or an attribute.
    Tibetan that the small font is not enough for is marked, so that it is set in the whole one."""
    text = " ".join(map(str, texts))
    if TIBETAN.search(text):
        rare = mark_safe(' data-stacks="rare"') if is_rare(text) else ""
        return format_html(' lang="bo"{}', rare)
    is_chinese = context.get("language") == "en" and HAN.search(text)
    return mark_safe(' lang="zh-Hans"') if is_chinese else ""


@register.simple_tag(takes_context=True)
def marked(context: dict[str, Any], text: str) -> SafeString:
    """A text to stand within a sentence, marked if it is in another language."""
    language = tongue(context, text)
    return (
        format_html("<span{}>{}</span>", language, text) if language else SafeString(escape(text))
    )


@register.simple_tag(takes_context=True)
def in_a_row(context: dict[str, Any], texts: Iterable[str]) -> SafeString:
    """Names one after the other, each marked if it is in another language."""
    rest = ((marked(context, one),) for one in texts)
    return format_html_join(say(context, "between"), "{}", rest)


@register.filter
def value_of(said: str) -> str:
    """What stands behind the scheme: clc:I242.4 → I242.4."""
    return said.partition(":")[2] or said


@register.simple_tag(takes_context=True)
def receipt(context: dict[str, Any], code: str) -> str:
    """Whether a serial still comes, in words."""
    return say(context, f"receipt_{code}")


@register.simple_tag(takes_context=True)
def spans(context: dict[str, Any], several: Iterable[Span]) -> str:
    """Several spans of years in one line."""
    return say(context, "between").join(map(span, several))


@register.simple_tag(takes_context=True)
def holders(context: dict[str, Any], codes: Iterable[str]) -> str:
    """The names of libraries in one line."""
    return say(context, "between").join(name_in(context["names"], code) for code in codes)


@register.filter
def span(years: Span | SharedYears) -> str:
    """Years from the first to the last: 1990–1995, 1990, or 1990– while it goes on."""
    if years.last == OPEN:
        return f"{years.first}–"
    return str(years.first) if years.first == years.last else f"{years.first}–{years.last}"


@register.filter
def thousands(number: int) -> str:
    return f"{number:,}"
