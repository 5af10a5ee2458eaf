"""Lifecycles of things, as tables."""
