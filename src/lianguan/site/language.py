"""Which language a person at the command line reads: Chinese or English."""

import os


def language() -> str:
    """ "zh" or "en", by LIANGUAN_LANG, then by the usual settings of the system."""
    for name in ("LIANGUAN_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        said = os.environ.get(name, "")
        if said:
            return "zh" if said.lower().startswith("zh") else "en"
    return "en"


def say(zh: str, en: str) -> str:
    """The sentence in the reader's language."""
    return zh if language() == "zh" else en
