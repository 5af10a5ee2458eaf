"""Lifecycles as tables: which action takes a thing from which state to which."""

from dataclasses import dataclass
from typing import NamedTuple


class Move(NamedTuple):
    """One row of a lifecycle."""

    action: str
    before: str
    after: str
    may: str
    """The duty of whoever may do it; "rule" for what happens by itself."""


class NotAllowed(Exception):
    """An action that a thing's state does not allow."""

    def __init__(self, thing: str, action: str, state: str) -> None:
        super().__init__(f"{thing}: {action} ({state})")
        self.thing, self.action, self.state = thing, action, state


@dataclass(frozen=True)
class Lifecycle:
    """The moves of one kind of thing."""

    thing: str
    moves: tuple[Move, ...]

    def __init__(self, thing: str, *moves: Move) -> None:
        object.__setattr__(self, "thing", thing)
        object.__setattr__(self, "moves", moves)

    def after(self, action: str, state: str) -> str:
        """The state after an action. Raises NotAllowed."""
        for move in self.moves:
            if (move.action, move.before) == (action, state):
                return move.after
        raise NotAllowed(self.thing, action, state)

    def actions(self, state: str) -> tuple[str, ...]:
        """What can be done in a state: the buttons of a page."""
        return tuple(dict.fromkeys(move.action for move in self.moves if move.before == state))
