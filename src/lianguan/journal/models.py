"""Rows of the journal."""

from django.db import models


class Chain(models.Model):
    """The end of a machine's chain of lines: locked last in a transaction, so that numbers have
    no gaps."""

    machine = models.CharField(max_length=64, primary_key=True)
    seq = models.PositiveBigIntegerField(default=0)
    """Of its last line."""
    head = models.CharField(max_length=64, default="")
    """Hash of its last line."""
    written = models.DateTimeField(null=True)
    """When its last line was."""


class Line(models.Model):
    """What an act did to one thing. Never changed."""

    id = models.UUIDField(primary_key=True)
    machine = models.CharField(max_length=64)
    seq = models.PositiveBigIntegerField()
    """Its number in the machine's chain, from 1."""
    act = models.UUIDField()
    nth = models.PositiveIntegerField()
    """Its number in the act, from 1."""
    written = models.DateTimeField()
    """When it was put at the end of the chain; `at` is earlier for what is told late."""
    at = models.DateTimeField()
    day = models.DateField(db_index=True)
    """The day at the place."""
    who = models.CharField(max_length=16)
    """What kind of being acted: staff, rule."""
    who_id = models.CharField(max_length=64)
    role = models.CharField(max_length=32)
    place = models.UUIDField(null=True, db_index=True)
    did = models.CharField(max_length=48, db_index=True)
    thing = models.CharField(max_length=48)
    thing_id = models.CharField(max_length=64)
    said = models.TextField()
    """The line as it is chained: canonical JSON, with all of the above and the particulars."""
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("machine", "seq"), name="line_number_once"),
            models.UniqueConstraint(fields=("act", "nth"), name="act_done_once"),
        )
        indexes = (
            models.Index(fields=("thing", "thing_id"), name="lines_of_a_thing"),
            models.Index(fields=("machine", "written"), name="lines_until"),
        )
        ordering = ("machine", "seq")
