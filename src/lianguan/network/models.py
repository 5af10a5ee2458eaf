"""Rows of the network: places, staff, appointments; and who was locked out."""

import uuid
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from lianguan.journal.ids import new_id
from lianguan.network.kinds import HUB


class Place(models.Model):
    """A place where people work or read, or a body that supervises; one tree, the hub its root."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    path = models.CharField(max_length=512, unique=True)
    """The ids of all above it and its own, each ending with a stroke."""
    kind = models.CharField(max_length=16)
    code = models.CharField(max_length=64, unique=True)
    """Of a library it is the member code by which the union catalogue knows it."""
    name = models.CharField(max_length=100)
    name_bo = models.CharField(max_length=200, default="")
    name_en = models.CharField(max_length=200, default="")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("kind",), condition=Q(kind=HUB), name="one_hub"),
            models.CheckConstraint(
                condition=Q(kind=HUB, parent=None) | (~Q(kind=HUB) & ~Q(parent=None)),
                name="only_the_hub_is_at_the_top",
            ),
        )
        ordering = ("path",)

    @property
    def above(self) -> list[uuid.UUID]:
        """Its own id and those of all above it, the highest first."""
        return [uuid.UUID(one) for one in self.path.split("/") if one]


class StaffRows(BaseUserManager["Staff"]):
    """Finds people by the name they sign in with, however its letters are written."""

    def get_by_natural_key(self, username: str | None) -> "Staff":
        return self.get(sign_in=(username or "").strip().casefold())


class Staff(AbstractBaseUser):
    """Somebody who works at a place."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sign_in = models.CharField(max_length=64, unique=True)
    """The name to sign in with, in small letters."""
    name = models.CharField(max_length=100)
    is_active = models.BooleanField(default=True)
    last_login = None  # when somebody came to work is nobody's business here

    USERNAME_FIELD = "sign_in"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[StaffRows] = StaffRows()


class Appointment(models.Model):
    """A role of somebody at a place, from a day on and until one. It is ended, never changed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="appointments")
    place = models.ForeignKey(Place, models.PROTECT, related_name="appointments")
    role = models.CharField(max_length=32)
    since = models.DateField()
    until = models.DateField(null=True)
    """The day from which it holds no more."""

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("staff", "place", "role"),
                condition=Q(until=None),
                name="appointed_once",
            ),
        )


class Misses(models.Model):
    """Wrong passwords for one name from one address. Nothing else is kept of them."""

    key = models.CharField(max_length=64, primary_key=True)
    """A digest of both under the site's key: no list of names that people tried."""
    count = models.PositiveIntegerField(default=0)
    last = models.DateTimeField()
