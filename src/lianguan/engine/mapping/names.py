"""Names out of statements of responsibility: （法）雨果著；李丹，方于译 · 李智民 刘璐.

Used where a record has no name headings, and for the author columns of tables. Roles,
nationality and dynasty are taken off the name and kept, since libraries write them or not
for the same book.
"""

import re

from lianguan.engine.record import Name

ROLES = (
    "原著 编著 合著 主编 副主编 总主编 执行主编 分册主编 选编 汇编 编译 译著 "
    "翻译 编写 编纂 编撰 撰文 改编 缩写 改写 整理 点校 校点 校注 校订 校译 "
    "审校 审订 审定 主审 评注 译注 注释 选注 笺注 集注 集解 校定 编修 绘画 "
    "绘图 插图 摄影 编绘 图文 文图 口述 记录 收集 搜集 辑录 辑校 选辑 主持 "
    "策划 监制 编辑 编选 编剧 导演 作曲 作词 书写 篆刻 著 编 译 撰 注 绘 校 "
    "辑 疏 笺 纂 編著 主編 編輯 編譯 編 譯 註 註釋 繪 輯 點校 校點 校訂 "
    "編纂 編修 補編 校補 纂修 選編 選註 箋 箋注 箋註 譯註 奉敕撰 奉敕編 奉敕纂 "
    "奉敕修 奉敕校 敕撰"
).split()
AFTER_SPACE = "文 图 作 画 书 述 修 选 评 摄".split()
"""Roles that also end many names (沈从文), so only what stands apart is one."""
ROLE = "|".join(sorted(ROLES, key=len, reverse=True))
ROLE_AT_END = re.compile(
    rf"(?:等|\s)*((?:{ROLE})(?:[、,，·兼]?(?:{ROLE}))*)$"
    rf"|(?:等|\s+)((?:{'|'.join(AFTER_SPACE)})(?:[、,，·]?(?:{'|'.join(AFTER_SPACE)}|{ROLE}))*)$"
)
CLASSICAL_ROLES = (
    "撰校勘記 撰札記 撰校記 撰校文 撰略例 撰細草 撰志 注志 解詁 詁訓 集解 集傳 "
    "集註 集注 集論 補註 補注 補編 補遺 補正 補葺 補說 考補 考證 考異 辨說 "
    "辨正 正義 索隱 衍義 廣義 音義 音釋 音辨 釋文 釋術 增釋 增註 增注 增修 "
    "增輯 增編 重修 重編 重增 續增 續編 續修 監修 纂修 纂集 纂輯 編次 校正 "
    "校次 校定 刪定 刪潤 刊定 指解 注釋 註釋 評點 述讚 彙集 廣要 附遺 御定 "
    "御製 御撰 御批 欽定 敕撰 敕編 敕定 原本 原撰 原編 繪圖 傳 箋 疏 解 述 "
    "補 評 訂 錄 續 增 音 定 批 編 輯 註 注 撰 譯 著 纂"
).split()
"""Taken only where a dynasty stands before the name: （漢）毛亨傳."""
CLASSICAL = re.compile(rf"等?(?:奉[敕勅])?({'|'.join(CLASSICAL_ROLES)})$")
DYNASTIES = frozenset(
    "周 春秋 战国 戰國 秦 汉 漢 西汉 東漢 东汉 三国 三國 魏 蜀 吴 吳 晋 晉 西晋 東晉 南朝 北朝 "
    "宋 齐 齊 梁 陈 陳 北魏 北周 北齊 隋 唐 五代 辽 遼 金 元 明 清 民国 民國 南唐 後周 後晉 "
    "題漢 題晉 南宋 北宋".split()
)
ORIGIN = re.compile(r"^[(（\[〔【]([^)）\]〕】]{1,8})[)）\]〕】]\s*")
OTHER_FORM = re.compile(r"[(（\[〔]([^)）\]〕]{0,99})[)）\]〕]")
BETWEEN_STATEMENTS = re.compile(r"[;；/／]")
BETWEEN_NAMES = re.compile(r"[,，、]|\s{2,}")
BETWEEN_WESTERN = re.compile(r",|\sand\s|&")
END = 60
"""Characters at the end of a part where its role and its "and others" are looked for. Elsewhere
there is nothing to find, and in cells of megabytes looking would take minutes."""
HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
HAN_NAMES = re.compile(r"(?:[\u3400-\u9fff·•]{2,4}\s+)+[\u3400-\u9fff·•]{2,4}")
BODY = re.compile(
    r"(?:委员会|编委会|编写组|课题组|研究[所院会室]|[局厅司部处院校社馆]|大学|学院|协会|学会|公司|中心|联合会|政府)$"
)
AND_OTHERS = re.compile(r"[\s,，、]*(?:\[?(?:等|et al\.?|and others)\]?|\.\.\.)+$")
WESTERN_ROLE = re.compile(
    r"^(?:by|(?:edited|written|translated|compiled|illustrated|text|ed\.|trans\.) by)\s+",
    re.IGNORECASE,
)


def names_in(statement: str, source: str = "") -> list[Name]:
    """The names in a statement of responsibility or an author column, in order."""
    names: list[Name] = []
    for part in BETWEEN_STATEMENTS.split(statement.strip()):
        if part:
            names += _of_part(part.strip(), source)
    return names


def _of_part(part: str, source: str) -> list[Name]:
    """The names that share one role: 李丹，方于译."""
    if not HAN.search(part):
        return _western(part, source)
    origin, part = _origin(_without_brackets(part))
    part, role = _without_role(part, origin)
    names = []
    pieces = _apart(_without_others(part))
    for place, piece in enumerate(pieces, 1):
        own_origin, named = _origin(piece)
        origin = own_origin or origin
        lost_its_role = role and place == len(pieces)  # 歐陽修撰: 修 is not another one
        named, own_role = (named, "") if lost_its_role else _without_role(named, origin)
        text = OTHER_FORM.sub("", named).strip(" ,，、:：.[]()（）")
        if text:
            roles = tuple(filter(None, (own_role or role,)))
            kind = "body" if BODY.search(text) else "person"
            names.append(Name(text, kind, roles, "", origin, source=source))
    return names


def _without_brackets(part: str) -> str:
    """The part without the brackets in which a cataloguer put the whole of it."""
    whole = part[:1] == "[" and part.find("]") == len(part) - 1
    return part[1:-1].strip() if whole else part


def _origin(part: str) -> tuple[str, str]:
    """Nationality or dynasty in brackets before a name, and what is after it."""
    match = ORIGIN.match(part)
    return (match[1], part[match.end() :]) if match else ("", part)


def _without_role(part: str, origin: str) -> tuple[str, str]:
    patterns = (ROLE_AT_END, CLASSICAL) if origin in DYNASTIES else (ROLE_AT_END,)
    end = max(0, len(part) - END)
    found = [match for pattern in patterns if (match := pattern.search(part, end))]
    match = min(found, key=lambda m: m.start(), default=None)
    if not match or match.start() == 0:
        return part, ""
    return part[: match.start()], next(group for group in match.groups() if group)


def _without_others(part: str) -> str:
    """The names before "and others"."""
    end = max(0, len(part) - END)
    return part[:end] + AND_OTHERS.sub("", part[end:])


def _apart(part: str) -> list[str]:
    """Names between commas, or between single spaces where all are short Chinese names."""
    pieces = BETWEEN_NAMES.split(part)
    if len(pieces) == 1 and HAN_NAMES.fullmatch(part):
        return part.split()
    return [piece.strip() for piece in pieces if piece.strip()]


def _western(part: str, source: str) -> list[Name]:
    part = _without_others(WESTERN_ROLE.sub("", part)).strip(" .,[]")
    pieces = [piece.strip() for piece in BETWEEN_WESTERN.split(part) if piece.strip()]
    if len(pieces) == 2 and "," in part and " " not in pieces[0]:
        pieces = [part]
    if len(pieces) > 1 and not all(" " in piece for piece in pieces[:-1]):
        pieces = [part]
    return [Name(piece, "person", source=source) for piece in pieces if piece]
