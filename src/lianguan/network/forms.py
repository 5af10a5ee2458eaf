"""What people fill in: cleaned, and what is wrong with it, a code of words.csv for each field."""

import re
import unicodedata
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from lianguan.network.actions import NewStaff
from lianguan.network.models import Staff
from lianguan.network.pasted import LONGEST_NAME, LONGEST_OTHER
from lianguan.network.roles import BY_CODE

SIGN_IN = re.compile(r"[\w.@+-]{2,64}")
LONGEST_PASSWORD = 200


@dataclass(slots=True)
class Filled:
    """What stands in the fields, and which of them are wrong."""

    said: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    """Field → code."""

    @property
    def is_well(self) -> bool:
        return not self.errors


def line_of(post: Mapping[str, str], name: str) -> str:
    """A text of one line without blanks around it."""
    return " ".join(unicodedata.normalize("NFC", post.get(name, "")).split())


def person(post: Mapping[str, str]) -> Filled:
    """Somebody new: sign_in, name, password twice."""
    said = {name: line_of(post, name) for name in ("sign_in", "name")}
    filled = Filled(said)
    if not SIGN_IN.fullmatch(said["sign_in"]):
        filled.errors["sign_in"] = "sign_in_wrong"
    _check_name(filled, "name", LONGEST_NAME)
    _check_password(filled, post, Staff(sign_in=said["sign_in"], name=said["name"]))
    return filled


def new_staff(filled: Filled, post: Mapping[str, str]) -> NewStaff:
    return NewStaff(filled.said["sign_in"], filled.said["name"], post.get("password", ""))


def new_password(post: Mapping[str, str], sign_in: str, name: str) -> Filled:
    """A password for somebody, twice."""
    filled = Filled()
    _check_password(filled, post, Staff(sign_in=sign_in, name=name))
    return filled


def names(post: Mapping[str, str]) -> Filled:
    """What a place is called in three languages; the Chinese name must be."""
    filled = Filled({name: line_of(post, name) for name in ("name", "name_bo", "name_en")})
    _check_name(filled, "name", LONGEST_NAME)
    for other in ("name_bo", "name_en"):
        if len(filled.said[other]) > LONGEST_OTHER:
            filled.errors[other] = "name_too_long"
    return filled


def role_at(post: Mapping[str, str]) -> Filled:
    """A role and the id of a place."""
    filled = Filled({name: line_of(post, name) for name in ("role", "place")})
    if filled.said["role"] not in BY_CODE:
        filled.errors["role"] = "role_unknown"
    try:
        uuid.UUID(filled.said["place"])
    except ValueError:
        filled.errors["place"] = "place_unknown"
    return filled


def _check_name(filled: Filled, name: str, longest: int) -> None:
    if not filled.said[name]:
        filled.errors[name] = "name_missing"
    elif len(filled.said[name]) > longest:
        filled.errors[name] = "name_too_long"
    elif not filled.said[name].isprintable():
        filled.errors[name] = "name_unprintable"


def password_error(password: str, sign_in: str, name: str) -> str:
    """Why a password is not good enough: a code; "" where it is."""
    if len(password) > LONGEST_PASSWORD:
        return "password_too_long"
    try:
        validate_password(password, Staff(sign_in=sign_in, name=name))
    except ValidationError as error:
        return str(error.error_list[0].code)
    return ""


def _check_password(filled: Filled, post: Mapping[str, str], staff: Staff) -> None:
    password = post.get("password", "")
    wrong = password_error(password, staff.sign_in, staff.name)
    if wrong:
        filled.errors["password"] = wrong
    elif password != post.get("again", ""):
        filled.errors["again"] = "passwords_differ"
