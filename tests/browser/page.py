"""A page in a browser, and what a reader does with it: goes, types, presses keys, clicks."""

import base64
import json
import time
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from websockets.sync.client import connect

from tests.browser.engines import ENGINES, Engine, Started, started

SOON = 20.0
LED_ON = 1.0
"""Seconds after which a key or a click that was not answered has led to another page."""
TALLEST = 16_000
"""Pixels of a picture beyond which browsers that draw without a graphics card give up."""

OF_A_SESSION = ("session", "form")
"""The cookies by which a site knows who works there, and its own forms."""

PRESSED = 0.05
"""Seconds in which a window without a screen has seen to a key."""

KEYS = {
    "Tab": (9, ""),
    "Enter": (13, "\r"),
    "Space": (32, " "),
    "ArrowDown": (40, ""),
    "ArrowUp": (38, ""),
    "Escape": (27, ""),
} | {letter: (ord(letter.upper()), letter) for letter in "sdwlu"}
SHIFT = 8

LOOKING = (Path(__file__).with_name("looking.js")).read_text("utf-8")
"""What is asked of a page in its own language; see there."""


class Page:
    """One page of one browser. Whatever a reader could see or do; no function of the page's
    own is called."""

    def __init__(self, engine: Engine, address: str, browser: Started, socket: Any) -> None:
        self.engine = engine
        self.address = address
        """Of the site, without a slash at its end."""
        self.browser = browser
        self.socket = socket
        self.count = 0
        self.events: deque[dict[str, Any]] = deque(maxlen=20_000)
        self.signed_in: dict[tuple[str, str], list[dict[str, Any]]] = {}
        """Site and who → the cookies of a session there."""
        for domain in ("Page", "Network", "Runtime"):
            self.call(f"{domain}.enable")
        self.set_size(1280, 800)

    # Speaking with the browser.

    def call(self, method: str, **said: object) -> dict[str, Any]:
        """The answer to one command of the DevTools protocol."""
        return self._answer(self._send(method, said), SOON * 3)

    def _send(self, method: str, said: Mapping[str, object]) -> str:
        self.count += 1
        self.socket.send(json.dumps({"id": self.count, "method": method, "params": said}))
        return method

    def _answer(self, method: str, seconds: float) -> dict[str, Any]:
        while True:
            answer = json.loads(self.socket.recv(timeout=seconds))
            if answer.get("id") != self.count:
                self.events.append(answer)
                continue
            if "error" in answer:
                raise AssertionError(f"{method}: {answer['error']['message']}")
            result: dict[str, Any] = answer["result"]
            return result

    def touch(self, method: str, **said: object) -> None:
        """A key or a click. Chrome 83 does not answer where that leads to another page."""
        with suppress(TimeoutError):
            self._answer(self._send(method, said), LED_ON)

    def ask(self, expression: str) -> Any:
        """The value of an expression in the page; of a promise, what it comes to."""
        said = self.call(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        if "exceptionDetails" in said:
            raise AssertionError(said["exceptionDetails"].get("exception", said))
        return said["result"].get("value")

    def look(self, what: str, *said: object) -> Any:
        """What a function of looking.js finds."""
        words = ",".join(json.dumps(one) for one in said)
        return self.ask(f"(() => {{ {LOOKING}\n return {what}({words}); }})()")

    # As whom, and on what, it is read.

    def set_size(self, width: int, height: int) -> None:
        self.size = (width, height)
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=1, mobile=False,
        )  # fmt: skip

    def forget(self) -> None:
        """A reader who was never here before."""
        self.call("Network.clearBrowserCookies")
        self.call("Network.clearBrowserCache")

    def set_cookie(self, name: str, value: str) -> None:
        self.call("Network.setCookie", url=f"{self.address}/", name=name, value=value)

    def be(self, who: str, password: str) -> None:
        """Somebody at work, who has signed in by the page's own form, today or before."""
        key = (self.address, who)
        if key not in self.signed_in:
            self.sign_in(who, password)
            self.signed_in[key] = self._cookies()
            self.forget()
        for one in self.signed_in[key]:
            self.set_cookie(one["name"], one["value"])

    def sign_in(self, who: str, password: str) -> None:
        self.go("/sign-in")
        self.fill("#sign_in", who)
        self.fill("#password", password)
        self.follow("main .button--go")
        assert not self.path().startswith("/sign-in"), self.text()

    def _cookies(self) -> list[dict[str, Any]]:
        found = self.call("Network.getCookies", urls=[f"{self.address}/"])["cookies"]
        return [one for one in found if one["name"] in OF_A_SESSION]

    def set_colours(self, scheme: str) -> None:
        """What the reader's system prefers, "light" or "dark"."""
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.call("Emulation.setEmulatedMedia", features=features)

    def set_scripts(self, *, run: bool) -> None:
        self.call("Emulation.setScriptExecutionDisabled", value=not run)

    # What a reader does.

    def go(self, path: str, patience: float = SOON) -> None:
        with self.leading_on(patience):
            said = self.call("Page.navigate", url=self.address + path)
            assert not said.get("errorText"), said

    def settle(self) -> None:
        """Wait until the fonts that the page asked for are there: lines may move till then."""
        end = time.monotonic() + SOON
        while self.ask("document.fonts.status") != "loaded" and time.monotonic() < end:
            time.sleep(0.02)

    def click(self, selector: str) -> None:
        """Press the mouse in the middle of what is seen there; what is folded up is opened."""
        self.settle()
        self.look("unfold", selector)
        x, y = self._middle_of(selector)
        for kind in ("mousePressed", "mouseReleased"):
            self.touch("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def follow(self, selector: str) -> None:
        """Click, and wait for the page that it leads to."""
        with self.leading_on():
            self.click(selector)

    def type(self, text: str) -> None:
        """As a keyboard or an input method puts text where the cursor is."""
        self.call("Input.insertText", text=text)

    def fill(self, selector: str, text: str) -> None:
        """Write into a field, over what stands there."""
        self.click(selector)
        self.ask("document.activeElement.select()")
        self.type(text)

    def choose(self, selector: str, value: str) -> None:
        """Choose from a list: these open outside of the page, where no mouse of ours comes."""
        self.look("choose", selector, value)

    def choose_files(self, selector: str, *paths: Path) -> None:
        """As from the window that the system opens for it."""
        root = self.call("DOM.getDocument")["root"]["nodeId"]
        node = self.call("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
        self.call("DOM.setFileInputFiles", nodeId=node, files=[str(path) for path in paths])

    def choose_files_by_key(self, *paths: Path) -> None:
        """The field that has the focus is opened with a key; the window for it is the system's."""
        self.call("Page.setInterceptFileChooserDialog", enabled=True)
        self.press("Enter")
        end = time.monotonic() + SOON
        while not (opened := self._last_event("Page.fileChooserOpened")):
            assert time.monotonic() < end, "no window opens in which files are chosen"
            self.ask("0")
        node = opened["backendNodeId"]
        self.call("DOM.setFileInputFiles", backendNodeId=node, files=[str(path) for path in paths])
        self.call("Page.setInterceptFileChooserDialog", enabled=False)

    def _last_event(self, method: str) -> dict[str, Any] | None:
        found = (one["params"] for one in reversed(self.events) if one.get("method") == method)
        return next(found, None)

    def keep_downloads(self, folder: Path) -> None:
        """What is downloaded goes there."""
        said = {"behavior": "allow", "downloadPath": str(folder)}
        self.call("Page.setDownloadBehavior", **said)

    def open_line(self, words: str) -> None:
        """Go where the link leads in the line of a table or list that says these words."""
        self.go(str(self.look("lineSaying", words)))

    def press(self, key: str, *, shift: bool = False) -> None:
        if self.engine.has_own_keys:
            return self._press_in_window(key, shift)
        code, text = KEYS[key]
        said = {
            "key": " " if key == "Space" else key,
            "code": key,
            "windowsVirtualKeyCode": code,
            "modifiers": SHIFT if shift else 0,
        }
        down = "keyDown" if text else "rawKeyDown"
        self.touch("Input.dispatchKeyEvent", type=down, **said, **({"text": text} if text else {}))
        self.touch("Input.dispatchKeyEvent", type="keyUp", **said)
        return None

    def _press_in_window(self, key: str, shift: bool) -> None:
        assert self.browser.process.stdin
        self.browser.process.stdin.write(f"{'shift ' if shift else ''}{key}\n".encode())
        time.sleep(PRESSED)

    def back(self) -> None:
        """The browser's own way back; the page there may be one that it has kept as it was."""
        before = self.path()
        self.ask("history.back()")
        end = time.monotonic() + SOON
        while self.path() == before or not self.ask("document.readyState === 'complete'"):
            assert time.monotonic() < end, f"still at {before}"
            time.sleep(0.02)

    @contextmanager
    def leading_on(self, patience: float = SOON) -> Iterator[None]:
        """What is done within leads to another page; goes on when that is loaded."""
        self.ask("window.wasHere = true")
        yield
        end = time.monotonic() + patience
        while not self._is_new():
            assert time.monotonic() < end, f"still at {self.path()}"
            time.sleep(0.02)

    def _is_new(self) -> bool:
        try:
            return bool(self.ask("!window.wasHere && document.readyState === 'complete'"))
        except AssertionError:  # between two pages there is none to ask
            return False

    def _middle_of(self, selector: str) -> tuple[float, float]:
        x, y = self.look("middleOf", selector)
        return x, y

    # What a reader sees.

    def path(self) -> str:
        return str(self.ask("decodeURIComponent(location.pathname + location.search)"))

    def text(self, selector: str = "main") -> str:
        """What can be read there."""
        return str(self.ask(f"document.querySelector({json.dumps(selector)}).innerText"))

    def says(self, words: str) -> bool:
        """These can be read there now; between two pages nothing can."""
        try:
            return words in self.text()
        except AssertionError:
            return False

    def focused(self) -> str:
        """What has the focus, as a person would say it: its tag and its words."""
        return str(self.look("focused"))

    def fonts(self, selector: str) -> list[str]:
        """In which its letters are set, the most used first."""
        self.settle()
        for domain in ("DOM", "CSS"):
            self.call(f"{domain}.enable")
        root = self.call("DOM.getDocument")["root"]["nodeId"]
        node = self.call("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
        found = self.call("CSS.getPlatformFontsForNode", nodeId=node)["fonts"]
        return [one["familyName"] for one in sorted(found, key=lambda one: -one["glyphCount"])]

    def picture(self) -> bytes:
        """The whole page, as PNG."""
        width, window = self.size
        height = min(self.ask("document.documentElement.scrollHeight"), TALLEST)
        self.set_size(width, height)
        self.settle()
        said = self.call("Page.captureScreenshot", format="png")
        self.set_size(width, window)
        return base64.b64decode(said["data"])


@contextmanager
def opened(name: str, address: str) -> Iterator[Page]:
    """A page of a browser by its name, to look at a site with. Raises NoBrowser."""
    engine = ENGINES[name]
    with ExitStack() as stack:
        browser = stack.enter_context(started(engine))
        socket = stack.enter_context(
            connect(browser.address, max_size=None, compression=None, ping_interval=None)
        )
        yield Page(engine, address.rstrip("/"), browser, socket)
