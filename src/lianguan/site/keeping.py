"""Backups at the command line: made, removed when they are old, restored."""

import json
import os
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from rich.console import Console

from lianguan.engine.union.backup import backup as make_backup
from lianguan.engine.union.backup import remove_older
from lianguan.engine.union.catalogue import UnionCatalogue
from lianguan.engine.union.manifest import DATABASE, find
from lianguan.engine.union.restore import refuse_used
from lianguan.engine.union.restore import restore as bring_back
from lianguan.site import secret
from lianguan.site.copying import bring_keys, keep_keys, people
from lianguan.site.database import VARIABLE
from lianguan.site.language import language, say
from lianguan.site.loading import progress
from lianguan.site.refusals import told
from lianguan.site.wording import wording

console = Console()


def backup(root: Path, to: Path, keep: int, keys: Path | None, *, as_json: bool) -> None:
    """Keep 0 keeps all. The database is copied before the log is read: whatever people did with a
    delivery, the delivery is there."""
    started = time.perf_counter()
    with told(as_json=as_json):
        kept = keep_keys(root, keys, to) if keys else []
        with progress() as listen, people(root) as copy:
            made = make_backup(root, to, listen, copy)
        removed = remove_older(to, keep) if keep else []
    said = {
        "backup": str(made.path),
        "last": made.last,
        "imports": made.imports,
        "files": len(made.files),
        "added": made.added,
        "size": made.size,
        "removed": removed,
        "database": any(file.part == DATABASE for file in made.files),
        "keys": kept,
        "seconds": round(time.perf_counter() - started, 3),
    }
    if as_json:
        print(json.dumps(said, ensure_ascii=False))  # noqa: T201
        return
    console.print(say("已备份：", "backed up: ") + str(made.path), markup=False, soft_wrap=True)
    console.print(
        say(
            f"  {made.imports:,} 次导入，{len(made.files):,} 个文件，新增 {made.added:,} 个，"
            f"删去旧备份 {len(removed):,} 个",
            f"  {made.imports:,} imports in {len(made.files):,} files, {made.added:,} of them new;"
            f" {len(removed):,} old backups removed",
        )
    )
    for sentence in _beside(root, said):
        console.print(f"  {sentence}", soft_wrap=True)


def _beside(root: Path, said: Mapping[str, object]) -> Iterator[str]:
    """What is not in the backup, and why."""
    if os.environ.get(VARIABLE):
        yield wording("backup_postgresql", language())
    elif said["database"]:
        yield wording("backup_database", language())
    if said["keys"]:
        yield wording("backup_keys", language())
    elif (root / secret.FOLDER).exists():
        yield wording("backup_without_keys", language())


def restore(root: Path, said: Path, keys: Path | None, *, as_json: bool) -> None:
    started = time.perf_counter()
    with told(as_json=as_json), progress() as listen:
        backup = find(said)
        if keys:
            refuse_used(root)
            bring_keys(root, keys)
        bring_back(backup, root, listen)
    with told(as_json=as_json), UnionCatalogue(root) as catalogue:
        records, entries, works = catalogue.size()
    answer = {
        "backup": str(backup.path),
        "at": backup.at,
        "imports": backup.imports,
        "records": records,
        "entries": entries,
        "works": works,
        "seconds": round(time.perf_counter() - started, 3),
    }
    if as_json:
        print(json.dumps(answer, ensure_ascii=False))  # noqa: T201
        return
    console.print(say("已恢复：", "restored: ") + str(backup.path), markup=False, soft_wrap=True)
    console.print(
        say(
            f"  {backup.at} 的样子：{records:,} 条记录，{entries:,} 个条目，{works:,} 部作品",
            f"  as it was at {backup.at}: {records:,} records, {entries:,} entries,"
            f" {works:,} works",
        )
    )
