"""A delivery taken back, and everything built again."""

from pathlib import Path

from lianguan.engine.read.findings import Refused
from lianguan.engine.union.build import Decisions, ready_builder, rebuild
from lianguan.engine.union.database import building
from lianguan.engine.union.delivery import Told, nobody
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
