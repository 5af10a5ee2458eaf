"""Rows of the catalogue's pages."""

from django.db import models


class Upload(models.Model):
    """Files that somebody has sent and not yet said yes to. Their bytes stand in a folder of their
    own until they are a delivery, or are dropped."""

    id = models.UUIDField(primary_key=True)
    library = models.CharField(max_length=64, db_index=True)
    kind = models.CharField(max_length=16)
    """upsert, full or deletes, as of a delivery."""
    state = models.CharField(max_length=16, db_index=True)
    """Of `lifecycle`."""
    by = models.UUIDField(null=True)
    """Who of the staff sent it; None for a rule."""
    at = models.DateTimeField()
    files = models.JSONField()
    """Name and size in bytes of each, in the order in which they came."""
    said = models.JSONField(default=dict)
    """What a person says of the files: format, encoding, columns, key."""
    looked = models.JSONField(default=list)
    """What the files were taken for when they came, or when somebody said how to read them."""
    found = models.JSONField(default=dict)
    """What the rehearsal found: what would change, or the refusal."""
    may_delete = models.BooleanField(default=False)
    """Somebody said yes to its deleting much."""
    delivery = models.CharField(max_length=40, default="")
    """The id of the delivery that it became."""


class Withdrawal(models.Model):
    """Somebody's word that a delivery is taken back. What is said here and not yet in the log of
    deliveries is carried over by the worker."""

    delivery = models.CharField(max_length=40, primary_key=True)
    by = models.UUIDField(null=True)
    """Who of the staff said it; None for a rule."""
    at = models.DateTimeField()
    is_done = models.BooleanField(default=False)
    """It stands in the log."""


class Judgement(models.Model):
    """Somebody's word on two records. What is said here and not yet in the log of decisions is
    carried over by the worker."""

    id = models.UUIDField(primary_key=True)
    left = models.TextField()
    right = models.TextField()
    """The records, library:number; the smaller first."""
    said = models.CharField(max_length=16)
    """same, different, work; open takes back what was said before."""
    by = models.UUIDField(null=True)
    """Who of the staff said it; None for a rule."""
    at = models.DateTimeField()
    day = models.DateField()
    """On which it was said, at the places."""
    was_asked = models.BooleanField(default=False)
    """The pair was offered to whoever said it."""
    is_done = models.BooleanField(default=False, db_index=True)
    """It stands in the log."""

    class Meta:
        indexes = (models.Index(fields=("by", "day"), name="judged_by_on"),)


class PutOff(models.Model):
    """A pair that somebody does not want to decide on now: until the next day it stands behind the
    others for them. It says nothing of the records."""

    left = models.TextField()
    right = models.TextField()
    by = models.UUIDField()
    day = models.DateField()
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("by", "day", "left", "right"), name="put_off_once"),
        )
