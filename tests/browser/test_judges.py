"""Do the judges see what they are for? Each is shown a small page with its fault, and one without."""

import base64
from functools import cache

import pytest

from tests.browser.awkward import STACKED
from tests.browser.engines import ROOT
from tests.browser.judging import JUDGES
from tests.browser.page import Page

FONT = ROOT / "src/lianguan/site/static/site/fonts/noto-serif-tibetan-tibetan-400-normal.woff2"
SOUND = "<h1>书目</h1>"
TALL = "font: 24px/2.1 'Noto Serif Tibetan', serif"

CASES = {
    "axe: serious or critical": ("<img src=x>", "<img src=x alt=鸟>"),
    "targets under 44 px": (
        "<a href=x style='display:block;height:30px'>书</a>",
        "<p>请看<a href=x>这一页</a>，再往下读。</p><button style='height:44px;width:44px'>找</button>",
    ),
    "wider than the window": (
        "<p style='white-space:nowrap;font-size:90px'>青海湖国家级自然保护区鸟类图鉴</p>",
        "<p style='font-size:90px'>青海湖国家级自然保护区鸟类图鉴</p>",
    ),
    "text cut off": (
        "<p style='overflow:hidden;white-space:nowrap;width:90px'>青海湖国家级自然保护区</p>",
        "<p style='overflow:auto;white-space:nowrap;width:90px'>青海湖国家级自然保护区</p>",
    ),
    "placeholder too faint": (
        "<style>::placeholder{color:#999}</style><input placeholder=书名>",
        "<style>::placeholder{color:#555}</style><input placeholder=书名>",
    ),
    "headings skipped": ("<h3>馆藏</h3>", "<h2>馆藏</h2><h3>济南</h3><h2>附注</h2>"),
    "tables for layout": (
        "<table><tr><td>左<td>右</table>",
        "<table><tr><th scope=col>馆<tr><td>济南</table>",
    ),
    "buttons over one another at 320 × 256": (
        "<button>借</button><button style='margin-left:-20px'>还</button>",
        "<button>借</button><button>还</button>",
    ),
    "text at 200 % cut or lost": (
        "<p style='font-size:14px'>不跟着变大</p>",
        "<p style='font-size:1rem'>跟着变大</p>",
    ),
}

STACKS = {
    "a box without room hides": f"<div style='overflow:hidden;height:26px'><p style=\"{TALL};margin:0\">{STACKED}</p></div>",
    "lines are too near": f'<p style="{TALL};line-height:1.1">{STACKED}</p>',
    "a clip path cuts": f"<div style='clip-path:inset(0);height:20px'><p style=\"{TALL};margin:0\">{STACKED}</p></div>",
    "a field is too low": f'<input style="{TALL};height:20px;line-height:1" value={STACKED}>',
}


def shown(reader: Page, body: str) -> None:
    """A page with this in it, and with the Tibetan font of the site: machines have none."""
    reader.address = ""
    with reader.leading_on():
        reader.call("Page.navigate", url="about:blank?" + str(reader.count))
    page = f"<title>书目</title><main>{SOUND}{body}</main>"
    reader.ask(f"""(async () => {{
        const font = new FontFace("Noto Serif Tibetan", "url(data:font/woff2;base64,{tibetan()})");
        document.fonts.add(await font.load());
        document.documentElement.lang = "zh-Hans"; document.body.innerHTML = {page!r};
    }})()""")


@cache
def tibetan() -> str:
    return base64.b64encode(FONT.read_bytes()).decode()


@pytest.mark.parametrize("name", CASES)
def test_a_judge_sees_its_fault_and_no_other(judged: Page, name: str) -> None:
    faulty, sound = CASES[name]
    shown(judged, faulty)
    assert JUDGES[name].by(judged)
    shown(judged, sound)
    assert JUDGES[name].by(judged) == []


@pytest.mark.parametrize("why", STACKS)
def test_tibetan_letters_that_are_cut_are_seen(reader: Page, why: str) -> None:
    shown(reader, STACKS[why])
    assert JUDGES["Tibetan letters cut off"].by(reader), why


def test_tibetan_letters_with_room_are_left_alone(reader: Page) -> None:
    shown(
        reader,
        f'<div style=\'overflow:hidden\'><p style="{TALL}">{STACKED}</p></div><input style="{TALL}" value={STACKED}>',
    )
    assert JUDGES["Tibetan letters cut off"].by(reader) == []


def test_every_judge_is_tried() -> None:
    assert {*CASES, "Tibetan letters cut off"} == set(JUDGES)


def test_the_ink_that_is_worked_out_is_the_ink_that_is_drawn(reader: Page) -> None:
    shown(reader, f'<p id=drawn style="{TALL};font-size:64px;margin:40px;color:#000">{STACKED}</p>')
    top, bottom = reader.look("inkedRows", "#drawn")
    reader.set_size(1280, 400)
    drawn = reader.ask(inked_rows(reader))
    assert abs(drawn[0] - top) <= 1
    assert abs(drawn[1] - bottom) <= 1


def inked_rows(reader: Page) -> str:
    """Asks for the first and the last dark row of the picture, below the heading."""
    said = reader.call("Page.captureScreenshot", format="png")["data"]
    return f"""(async () => {{
        const image = new Image(); image.src = "data:image/png;base64,{said}"; await image.decode();
        const canvas = document.createElement("canvas"); canvas.width = image.width; canvas.height = image.height;
        const pen = canvas.getContext("2d"); pen.drawImage(image, 0, 0);
        const from = Math.round(document.querySelector("h1").getBoundingClientRect().bottom) + 2;
        const rows = [];
        for (let y = from; y < image.height; y++) {{
            const line = pen.getImageData(0, y, image.width, 1).data;
            for (let x = 0; x < line.length; x += 4) if (line[x] < 160) {{ rows.push(y); break; }}
        }}
        return [rows[0], rows[rows.length - 1] + 1];
    }})()"""
