"""Sessions in the database, written in the queue of those who write (docs/decisions/0018)."""

from django.contrib.sessions.backends.db import SessionStore as InDatabase

from lianguan.journal.actions import one_writer


class SessionStore(InDatabase):
    def save(self, must_create: bool = False) -> None:
        with one_writer():
            super().save(must_create)

    def delete(self, session_key: str | None = None) -> None:
        with one_writer():
            super().delete(session_key)

    @classmethod
    def clear_expired(cls) -> None:
        with one_writer():
            super().clear_expired()
