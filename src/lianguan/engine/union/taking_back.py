"""A delivery taken back, two records decided on, and everything built again: because somebody
wants it, or because the rules are others."""

from pathlib import Path

from lianguan.engine.read.findings import Refused
from lianguan.engine.union.catalogue import UnionCatalogue
from lianguan.engine.union.database import building
from lianguan.engine.union.delivery import Told, nobody
from lianguan.engine.union.doctor import examine, health
from lianguan.engine.union.generations import current, is_of_now
from lianguan.engine.union.loading import Loaded
from lianguan.engine.union.rebuilding import ready_builder, rebuild
from lianguan.engine.union.sources import Event, Import, Sources


def withdraw_import(root: Path, import_id: str, told: Told = nobody) -> Loaded:
    """Take a delivery back. Its bytes stay in the sources. Raises Refused, and then nothing has
    changed: "import_unknown", "import_withdrawn", or "sources_damaged" where another delivery of
    the member, from which its records would be read again, is not what was received."""
    with building(root, f"withdraw {import_id}"):
        sources = Sources(root / "sources")
        one = _to_withdraw(sources, import_id)
        try:
            builder = ready_builder(root, told)
        except Refused as refused:
            if refused.code != "sources_damaged":
                raise
            sources.withdraw(one)  # what cannot be read keeps out nobody once it is taken back
            ready_builder(root, told)
            return Loaded(import_id)
        return builder.carry_out(Event(sources.withdraw(one), one, True), told)


def check_withdrawal(root: Path, import_id: str) -> None:
    """Whether a delivery can be taken back: all that the member sent is read through, which may
    take long. Raises Refused as `withdraw_import`."""
    _to_withdraw(Sources(root / "sources"), import_id)


def mark_withdrawn(root: Path, import_id: str) -> None:
    """Say that a delivery is taken back, for whoever builds next to carry out; said again it
    changes nothing. Raises Refused("import_unknown")."""
    sources = Sources(root / "sources")
    one = sources.find(import_id)
    if one is None:
        raise Refused("import_unknown", import_id)
    if not one.withdrawn:
        sources.withdraw(one)


def _to_withdraw(sources: Sources, import_id: str) -> Import:
    one = sources.find(import_id)
    if one is None:
        raise Refused("import_unknown", import_id)
    if one.withdrawn:
        raise Refused("import_withdrawn", import_id)
    others = [i for i in sources.imports(one.library) if i.id != one.id and not i.withdrawn]
    if damaged := sources.damaged(others):
        raise Refused("sources_damaged", ", ".join(str(path) for path in damaged))
    return one


def decide(
    root: Path, left: str, right: str, said: str, who: str = "", told: Told = nobody
) -> Loaded:
    """Keep what a person decided on two records (library:number): SAME, DIFFERENT, WORK, or OPEN
    to take a decision back; everybody sees it at once. Raises Refused("record_unknown") or, for
    one record with itself, Refused("decision_on_itself")."""
    with building(root, f"decide {left} {right}"):
        builder = ready_builder(root, told)
        if left == right:
            raise Refused("decision_on_itself", left)
        with UnionCatalogue(root) as catalogue:
            for key in (left, right):
                catalogue.check_there(key)
        decision = builder.sources.decide(left, right, said, who)
        return builder.carry_out(Event(decision.at, decision), told)


def mark_decided(root: Path, left: str, right: str, said: str, *, origin: str) -> None:
    """Say what a person decided on two records, for whoever builds next to carry out; said again
    of one origin it changes nothing."""
    Sources(root / "sources").decide(left, right, said, origin=origin)


def rebuild_all(root: Path, told: Told = nobody) -> None:
    """Build the catalogue again from the sources."""
    with building(root, "rebuild"):
        rebuild(root, told)


NEEDED = {"doctor_sources": "sources_damaged", "doctor_disk": "disk_full"}
"""What must be well before everything is built again → the refusal if it is not."""


def upgrade(root: Path, told: Told = nobody) -> bool:
    """Build the catalogue again if another version made it, and the search index if it is not
    the catalogue's or cannot be read; whether there was anything to do.
    Raises Refused: "nothing_loaded", "sources_damaged", "disk_full"."""
    with building(root, "upgrade"):
        folder = current(root)
        if folder is None:
            raise Refused("nothing_loaded", str(root))
        if not is_of_now(folder):
            for check in examine(root):
                if check.code in NEEDED and not check.is_well:
                    raise Refused(NEEDED[check.code], check.detail)
        elif health(root).agrees:
            return False
        ready_builder(root, told)
        return True
