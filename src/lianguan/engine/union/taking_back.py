"""A delivery taken back, and everything built again: because it is wanted, or by new rules."""

from pathlib import Path

from lianguan.engine.read.findings import Refused
from lianguan.engine.union.build import Decisions, ready_builder, rebuild
from lianguan.engine.union.database import building
from lianguan.engine.union.delivery import Told, nobody
from lianguan.engine.union.doctor import examine
from lianguan.engine.union.generations import current, is_of_now
from lianguan.engine.union.loading import Loaded


def withdraw_import(
    root: Path, import_id: str, decisions: Decisions | None = None, told: Told = nobody
) -> Loaded:
    """Take a delivery back. Its bytes stay in the sources. Raises Refused("import_unknown")."""
    with building(root, f"withdraw {import_id}"):
        builder = ready_builder(root, decisions, told)
        one = builder.sources.find(import_id)
        if one is None:
            raise Refused("import_unknown", import_id)
        if one.withdrawn:
            raise Refused("import_withdrawn", import_id)
        return builder.withdraw(one, builder.sources.withdraw(one), told)


def rebuild_all(root: Path, decisions: Decisions | None = None, told: Told = nobody) -> None:
    """Build the catalogue again from the sources."""
    with building(root, "rebuild"):
        rebuild(root, decisions, told)


NEEDED = {"doctor_sources": "sources_damaged", "doctor_disk": "disk_full"}
"""What must be well before everything is built again → the refusal if it is not."""


def upgrade(root: Path, decisions: Decisions | None = None, told: Told = nobody) -> bool:
    """Build the catalogue again if another version made it; whether there was anything to do.
    Raises Refused: "nothing_loaded", "sources_damaged", "disk_full"."""
    with building(root, "upgrade"):
        folder = current(root)
        if folder is None:
            raise Refused("nothing_loaded", str(root))
        if is_of_now(folder):
            return False
        for check in examine(root):
            if check.code in NEEDED and not check.is_well:
                raise Refused(NEEDED[check.code], check.detail)
        ready_builder(root, decisions, told)
        return True
