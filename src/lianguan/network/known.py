"""The libraries whose records are in the union catalogue already, for those who set up places."""

from django.conf import settings

from lianguan.engine.union.sources import Sources


def has_deliveries() -> bool:
    """Somebody has sent something."""
    return any(True for _ in Sources(settings.DATA / "sources").every())


def codes() -> list[str]:
    """Of every member that has sent something."""
    return Sources(settings.DATA / "sources").libraries()


def codes_by_name() -> dict[str, str]:
    """Name → code of every member that has a name."""
    sources = Sources(settings.DATA / "sources")
    found = {}
    for code in sources.libraries():
        name = sources.profile(code).name
        if name:
            found[name] = code
    return found


def call(code: str, name: str) -> None:
    """Have readers see what a library is called now. One that has sent nothing is called so by
    its first delivery."""
    sources = Sources(settings.DATA / "sources")
    if code in sources.libraries() and sources.profile(code).name != name:
        sources.call(code, name)


def as_list() -> str:
    """These libraries as a list to begin with, a line each."""
    return "".join(f"{name}\t{code}\n" for name, code in sorted(codes_by_name().items()))
