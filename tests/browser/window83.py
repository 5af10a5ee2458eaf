"""A window of Chrome 83, as QtWebEngine 5.15 has it, without a screen. Run by the Python of
its own environment (scripts/browsers), which has nothing else.

Keys are pressed by lines of its standard input ("Tab", "shift Tab"): this engine stops
answering when they come by the DevTools protocol.
"""

import sys

from PyQt5.QtCore import QSocketNotifier, Qt, QUrl
from PyQt5.QtTest import QTest
from PyQt5.QtWebEngineWidgets import QWebEngineView
from PyQt5.QtWidgets import QApplication

KEYS = {
    "Tab": Qt.Key_Tab,
    "Enter": Qt.Key_Return,
    "Space": Qt.Key_Space,
    "ArrowDown": Qt.Key_Down,
    "ArrowUp": Qt.Key_Up,
    "Escape": Qt.Key_Escape,
}


def press() -> None:
    """Press the key that the next line names."""
    *held, key = sys.stdin.readline().split() or ["Escape"]
    modifier = Qt.ShiftModifier if held else Qt.NoModifier
    QTest.keyClick(view.focusProxy(), KEYS[key], modifier)


application = QApplication(sys.argv)
view = QWebEngineView()
view.resize(1280, 800)
view.load(QUrl("about:blank"))
view.show()
view.activateWindow()
view.setFocus()
lines = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Read)
lines.activated.connect(press)
sys.exit(application.exec_())
