"""A cover, drawn on a page."""

from typing import Any

from django import template

from lianguan.discovery.covers import Cover

register = template.Library()


@register.inclusion_tag("site/parts/_cover.html", takes_context=True)
def cover(context: dict[str, Any], drawn: Cover, size: str) -> dict[str, Any]:
    """A cover in one of four sizes: s, m, l, xl."""
    return {"cover": drawn, "size": size, "language": context.get("language", "zh")}
