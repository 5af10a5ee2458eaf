"""Imports, withdrawals and rebuilds at the command line: how far it is, and what came of it."""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from lianguan.engine.read.findings import Refused
from lianguan.engine.sentences import sentence
from lianguan.engine.union.delivery import Told
from lianguan.engine.union.importing import Order
from lianguan.engine.union.importing import import_files as load_files
from lianguan.engine.union.importing import receive_files as keep_files
from lianguan.engine.union.leaving import Leaver, leaver
from lianguan.engine.union.leaving import leave as let_leave
from lianguan.engine.union.loading import Loaded, set_aside_file
from lianguan.engine.union.taking_back import decide as decide_on
from lianguan.engine.union.taking_back import rebuild_all, upgrade, withdraw_import
from lianguan.site.language import language, say
from lianguan.site.refusals import told

STAGES = {
    "receive": ("存入原始文件", "keeping the files"),
    "read": ("读取", "reading"),
    "match": ("比对", "matching"),
    "index": ("编索引", "indexing"),
    "rebuild": ("重建", "rebuilding"),
    "backup": ("备份", "backing up"),
    "restore": ("取回原始文件", "bringing the files back"),
}
UPGRADE = (
    "目录由另一版本编制，先重建，请稍候。",
    "Another version made the catalogue; it is built again first.",
)
SHOWN_REASONS = 8

ANSWERED = "import_id read new changed unchanged deleted marked_deleted items entries works seconds"

console = Console()
errors = Console(stderr=True)


@contextlib.contextmanager
def progress() -> Iterator[Told]:
    """A line that shows the stage, the rate and the time left; silent where nobody looks."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}% {task.fields[rate]}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as bar:
        tasks: dict[str, int] = {}

        def listen(stage: str, done: int, total: int) -> None:
            if stage == "upgrade":
                errors.print(say(*UPGRADE))
                return
            if stage not in tasks:
                tasks[stage] = bar.add_task(say(*STAGES[stage]), total=None, rate="")
            speed = bar.tasks[tasks[stage]].speed or 0
            unit = "MB/s" if stage == "read" else "/s"
            rate = f"{speed / 1e6:.1f} {unit}" if stage == "read" else f"{speed:,.0f} {unit}"
            bar.update(tasks[stage], completed=done, total=total or None, rate=rate)  # type: ignore[arg-type]

        yield listen


def import_files(root: Path, files: list[Path], order: Order, *, as_json: bool) -> None:
    with told(as_json=as_json), progress() as listen:
        loaded = load_files(root, files, order, told=listen)
    listed = set_aside_file(root, loaded)
    if as_json:
        print(json.dumps(answer(loaded, listed), ensure_ascii=False))  # noqa: T201
        return
    _columns(loaded)
    _summary(loaded, order)
    _findings(loaded, listed)


def receive_files(root: Path, files: list[Path], order: Order, *, as_json: bool) -> None:
    with told(as_json=as_json):
        one = keep_files(root, files, order)
    if as_json:
        print(json.dumps({"import_id": one.id, "files": len(one.files)}))  # noqa: T201
        return
    console.print(say("已存入，等待载入：", "Kept, and waiting to be loaded: ") + one.id)


def decide(root: Path, two: tuple[str, str], said: str, who: str, *, as_json: bool) -> None:
    with told(as_json=as_json):
        loaded = decide_on(root, *two, said, who)
    if as_json:
        print(json.dumps({name: getattr(loaded, name) for name in ("entries", "works")}))  # noqa: T201
        return
    console.print(say("决定已生效。", "The decision counts now."))


def answer(loaded: Loaded, listed: Path | None) -> dict[str, object]:
    """What `--json` says of a load."""
    said: dict[str, object] = {name: getattr(loaded, name) for name in ANSWERED.split()}
    said["repaired"] = loaded.repaired
    said["set_aside"] = len(loaded.set_aside)
    said["set_aside_file"] = str(listed) if listed else None
    return said


def _columns(loaded: Loaded) -> None:
    """How the columns of a table were understood."""
    for shape in loaded.shapes:
        for sheet, columns in shape.columns.items():
            table = Table(title=f"{shape.name} · {sheet}", title_justify="left")
            table.add_column(say("列", "column"))
            table.add_column(say("认作", "taken as"))
            for heading, attribute in columns.items():
                table.add_row(heading, attribute)
            console.print(table)


def _summary(loaded: Loaded, order: Order) -> None:
    title = order.library + (
        say("（预演，未作改动）", " (rehearsal)") if order.is_rehearsal else ""
    )
    table = Table(title=title, title_justify="left", show_header=False)
    rate = loaded.read / loaded.seconds if loaded.seconds else 0
    rows = (
        (say("读到", "read"), f"{loaded.read:,}"),
        (say("新增", "new"), f"{loaded.new:,}"),
        (say("更新", "changed"), f"{loaded.changed:,}"),
        (say("未变", "unchanged"), f"{loaded.unchanged:,}"),
        (say("删除", "deleted"), f"{loaded.deleted:,}"),
        (say("来时已标删除", "came marked deleted"), f"{loaded.marked_deleted:,}"),
        (say("馆藏（单独送来）", "items"), f"{loaded.items:,}"),
        (say("未能收入", "set aside"), f"{len(loaded.set_aside):,}"),
        (say("联合目录条目", "entries of the union"), f"{loaded.entries:,}"),
        (say("作品", "works"), f"{loaded.works:,}"),
        (say("用时", "time"), f"{loaded.seconds:.1f} s · {rate:,.0f}/s"),
        (say("导入号", "import"), loaded.import_id),
    )
    for row in rows:
        table.add_row(*row)
    console.print(table)


def _findings(loaded: Loaded, listed: Path | None) -> None:
    """What was repaired, and what was set aside and where that is listed."""
    for code, count in loaded.repaired.items():
        console.print(f"  {count:>7,}  {sentence(code, language())}")
    reasons: dict[str, int] = {}
    for one in loaded.set_aside:
        reasons[one.reason] = reasons.get(one.reason, 0) + 1
    for code, count in sorted(reasons.items(), key=lambda item: -item[1])[:SHOWN_REASONS]:
        console.print(f"[yellow]  {count:>7,}  {sentence(code, language())}[/yellow]")
    if listed:
        console.print(say("  逐条清单：", "  listed in "), str(listed), sep="")


def withdraw(root: Path, import_id: str, *, as_json: bool) -> None:
    with told(as_json=as_json), progress() as listen:
        loaded = withdraw_import(root, import_id, told=listen)
    if as_json:
        print(json.dumps(answer(loaded, None), ensure_ascii=False))  # noqa: T201
        return
    console.print(
        say("已撤回 ", "withdrawn: ") + import_id,
        f"· {say('删除', 'deleted')} {loaded.deleted:,}",
        f"· {say('更新', 'changed')} {loaded.changed:,}",
        f"· {say('恢复', 'back')} {loaded.new:,}",
    )


def leave(root: Path, library: str, *, is_sure: bool, as_json: bool) -> None:
    with told(as_json=as_json):
        going = leaver(root, library)
        if not as_json:
            console.print(_going(library, going), markup=False, soft_wrap=True)
        if not is_sure:
            raise Refused("leaving_unsure", f"{library}: {going.records} / {going.entries}")
        with progress() as listen:
            loaded = let_leave(root, library, told=listen)
    if as_json:
        print(json.dumps({**answer(loaded, None), **going._asdict()}, ensure_ascii=False))  # noqa: T201
        return
    console.print(
        say("已退出 ", "left: ") + library, f"· {say('删除', 'deleted')} {loaded.deleted:,}"
    )
    console.print(_left(library, loaded.import_id), markup=False, soft_wrap=True)


def _going(library: str, going: Leaver) -> str:
    """What a member's leaving concerns."""
    records, entries, alone, items = (f"{count:,}" for count in going)
    return say(
        f"{library}：{records} 条记录、{items} 条单独送来的馆藏；在 {entries} 个条目里，"
        f"其中 {alone} 个只有它有",
        f"{library}: {records} records and {items} holdings that came apart; in {entries}"
        f" entries, {alone} of which nobody else has",
    )


def _left(library: str, import_id: str) -> str:
    """What stays of a member that left, and what it can do."""
    return say(
        f"  它送来的文件原样留在 sources/{library}，直到有人移走。\n"
        f"  把文件交还给它：lianguan export sources 文件夹 --library {library}\n"
        f"  再送文件就是重新加入；收回这次退出：lianguan withdraw {import_id}",
        f"  The files that it sent stay in sources/{library} until somebody removes them.\n"
        f"  To give them back: lianguan export sources FOLDER --library {library}\n"
        f"  It joins again by sending files; to take this back: lianguan withdraw {import_id}",
    )


def rebuild(root: Path) -> None:
    with told(), progress() as listen:
        rebuild_all(root, told=listen)
    console.print(say("已重建", "rebuilt"))


def bring_up_to_date(root: Path, *, as_json: bool) -> None:
    with told(as_json=as_json), progress() as listen:
        is_done = upgrade(root, told=listen)
    if as_json:
        print(json.dumps({"rebuilt": is_done}))  # noqa: T201
    elif is_done:
        console.print(say("已按现行版本备妥", "made ready for the present version"))
    else:
        console.print(
            say(
                "不需要做什么：目录和检索索引就是现行版本编制的",
                "nothing to do: the present version made the catalogue and its search index",
            )
        )
