"""What becomes of an upload."""

from lianguan.transitions.lifecycle import Lifecycle, Move

UPLOAD = Lifecycle(
    "upload",
    Move("describe", "staged", "staged", "import"),
    Move("describe", "rehearsed", "staged", "import"),
    Move("describe", "refused", "staged", "import"),
    Move("ask_rehearsal", "staged", "to_rehearse", "import"),
    Move("ask_rehearsal", "rehearsed", "to_rehearse", "import"),
    Move("ask_rehearsal", "refused", "to_rehearse", "import"),
    Move("rehearse", "to_rehearse", "rehearsed", "rule"),
    Move("refuse", "to_rehearse", "refused", "rule"),
    Move("send", "staged", "sending", "import"),
    Move("send", "to_rehearse", "sending", "import"),
    Move("send", "rehearsed", "sending", "import"),
    Move("send", "refused", "sending", "import"),
    Move("receive", "sending", "sent", "rule"),
    Move("refuse", "sending", "refused", "rule"),
    Move("drop", "staged", "dropped", "import"),
    Move("drop", "to_rehearse", "dropped", "import"),
    Move("drop", "rehearsed", "dropped", "import"),
    Move("drop", "refused", "dropped", "import"),
)
