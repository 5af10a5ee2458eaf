"""What people send in the forms of these pages."""

from collections.abc import Iterable, Iterator, Sequence

from django.http import HttpRequest

from lianguan.engine.read.findings import Refused
from lianguan.engine.union.preview import Preview
from lianguan.engine.union.sources import DELETES, FULL, UPSERT

KINDS = (UPSERT, FULL, DELETES)
MOST_FILES = 50

Files = list[tuple[str, Iterable[bytes]]]


def kind_of(request: HttpRequest) -> str:
    said = request.POST.get("kind", "")
    return said if said in KINDS else UPSERT


def files_of(request: HttpRequest) -> tuple[Files, int]:
    """The files that were sent, name and chunks each, and how many bytes they are. Raises
    Refused("no_files") or Refused("too_many_files")."""
    sent = request.FILES.getlist("files")
    if not sent:
        raise Refused("no_files")
    if len(sent) > MOST_FILES:
        raise Refused("too_many_files", str(MOST_FILES))
    return [(one.name or "", one.chunks()) for one in sent], sum(one.size or 0 for one in sent)


def columns_named(request: HttpRequest, shown: Sequence[Preview], before: str) -> dict[str, str]:
    """What a person says of the files: format, encoding, and what each column is that was taken
    for something else; what was said of it `before` holds unless something else is said now. The
    form says what every column is, in the order in which they stand."""
    said = {name: request.POST.get(name, "").strip() for name in ("format", "encoding", "key")}
    named = zip(_columns(shown), request.POST.getlist("column"), strict=False)
    earlier = before.split(",")
    pairs = [
        pair
        for (heading, guessed), attribute in named
        if attribute and ((pair := f"{attribute}={heading}") in earlier or attribute != guessed)
    ]
    return said | {"columns": ",".join(dict.fromkeys(pairs))}


def _columns(shown: Sequence[Preview]) -> Iterator[tuple[str, str]]:
    """Of every column its heading, and what it was taken for."""
    for file in shown:
        for sheet in file.sheets:
            for place, heading in enumerate(sheet.headings):
                yield heading, sheet.columns.get(place, "")
