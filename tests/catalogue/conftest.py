"""A hub with people in it who send files."""

from tests.network.conftest import at_work, network

__all__ = ["at_work", "network"]
