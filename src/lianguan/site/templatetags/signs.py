"""Small signs drawn into the page: they are coloured by its tokens and need no second request."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

SIGNS = {
    "search": '<circle cx="11" cy="11" r="6.5"/><path d="m16 16 4.5 4.5"/>',
    "menu": '<path d="M4 7h16M4 12h16M4 17h16"/>',
    "me": '<circle cx="12" cy="8.5" r="3.8"/><path d="M4.5 20c1-4 4-5.8 7.5-5.8s6.5 1.8 7.5 5.8"/>',
    "look": '<path d="M3.5 19 9 5l5.5 14M5.4 14.5h7.2M15 19l3-8 3 8M16.1 16.3h3.8"/>',
    "out": '<path d="M4 5v14M8 5v14M11 12h9M16.5 8l4 4-4 4"/>',
    "cross": '<path d="m6 6 12 12M18 6 6 18"/>',
}
"""Lines in a square of 24."""

SHAPES = {
    "yes": '<circle cx="6" cy="6" r="5.5"/>',
    "wait": '<path d="M6 .5 11.8 11H.2z"/>',
    "no": '<path d="M1 1h10v10H1z"/>',
    "still": '<circle cx="6" cy="6" r="4.6" fill="none" stroke="currentColor" stroke-width="1.8"/>',
}
"""Shapes in a square of 12, for those who do not see the colour of a state."""

_signs = {name: mark_safe(lines) for name, lines in SIGNS.items()}  # noqa: S308 - constants
_shapes = {name: mark_safe(lines) for name, lines in SHAPES.items()}  # noqa: S308 - constants


@register.simple_tag
def sign(name: str) -> SafeString:
    """A sign beside a word that says the same."""
    return format_html(
        '<svg class="i" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', _signs[name]
    )


@register.simple_tag
def shape(kind: str) -> SafeString:
    """The shape of a state."""
    return format_html('<svg viewBox="0 0 12 12" aria-hidden="true">{}</svg>', _shapes[kind])
