"""Whose export a CSV file is, told by its header, and where in it stands what we want to know.

The columns are those that the services themselves write: Stibee, Mailchimp, Substack, Ghost,
listmonk, Buttondown, and our own export. A header nobody recognises still works if one of its
columns is plainly the mail address; so does a bare list of addresses without any header.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from publisher.audience.address import Address, parse
from publisher.model.problem import Fault, Place, Problem, Severity


class Service(StrEnum):
    """Where a list comes from."""

    OWN = "publisher"
    STIBEE = "stibee"
    MAILCHIMP = "mailchimp"
    SUBSTACK = "substack"
    GHOST = "ghost"
    LISTMONK = "listmonk"
    BUTTONDOWN = "buttondown"
    OTHER = "csv"


NO_ADDRESS_COLUMN = Fault(
    "import/no-address-column",
    Severity.ERROR,
    "No column of the file is headed as a mail address ({columns}).",
    "Name the column with the addresses “email” in the first line.",
)

#: The columns of our own export, in order. ``erased`` holds the tombstone of an erased address.
OWN_COLUMNS = (
    "address",
    "name",
    "state",
    "audience",
    "members_until",
    "series",
    "locale",
    "source",
    "since",
    "consents",
    "suppressed",
    "suppressed_at",
    "suppressed_note",
    "erased",
)

#: Headers that only one service writes, beside the address; the first that fits is it.
_SIGNS: tuple[tuple[Service, frozenset[str]], ...] = (
    (Service.OWN, frozenset({"address", "audience", "members_until", "consents"})),
    (Service.GHOST, frozenset({"subscribed_to_emails", "complimentary_plan"})),
    (Service.SUBSTACK, frozenset({"active_subscription", "email_disabled"})),
    (Service.SUBSTACK, frozenset({"email", "type", "start_date"})),
    (Service.MAILCHIMP, frozenset({"leid", "euid"})),
    (Service.MAILCHIMP, frozenset({"member_rating", "optin_time"})),
    (Service.LISTMONK, frozenset({"uuid", "attributes", "status"})),
    (Service.LISTMONK, frozenset({"email", "name", "attributes"})),
    (Service.BUTTONDOWN, frozenset({"email_address", "creation_date"})),
    (Service.BUTTONDOWN, frozenset({"email", "subscriber_type"})),
    (Service.STIBEE, frozenset({"이메일_주소"})),
    (Service.STIBEE, frozenset({"구독_상태"})),
)

_ADDRESS = (
    "address",
    "email",
    "email_address",
    "e_mail",
    "e_mail_address",
    "mail",
    "이메일_주소",
    "이메일주소",
    "이메일",
    "메일",
    "메일_주소",
    "전자우편",
)
#: What we call it -> how others head it, best first.
_FIELDS: dict[str, tuple[str, ...]] = {
    "name": ("name", "이름", "성명", "full_name", "닉네임"),
    "first_name": ("first_name", "fname", "first"),
    "last_name": ("last_name", "lname", "last"),
    "state": ("state", "status", "구독_상태", "구독상태", "상태", "subscriber_type", "type"),
    "since": (
        "since",
        "confirm_time",
        "optin_time",
        "created_at",
        "creation_date",
        "subscribed_at",
        "start_date",
        "구독일",
        "구독_일시",
        "구독일시",
        "추가일",
        "가입일",
    ),
    "left_at": ("unsub_time", "deleted_at", "unsubscription_date", "수신거부일", "수신거부_일시"),
    "bounced_at": ("clean_time",),
    "subscribed": ("subscribed_to_emails",),
    "disabled": ("email_disabled",),
    "paid": ("active_subscription", "complimentary_plan"),
    "tiers": ("tiers", "products"),
    "members_until": ("members_until", "expiry", "expiration_date", "만료일"),
    "kind": ("type",),
    "audience": ("audience", "plan"),
    "advertising": (
        "advertising",
        "광고성_정보_수신_동의",
        "광고성_정보_수신_동의_여부",
        "광고_수신_동의",
        "ad_agreed",
    ),
    "locale": ("locale", "language", "언어"),
    "source": ("source",),
    "series": ("series", "연재"),
    "consents": ("consents",),
    "suppressed": ("suppressed",),
    "suppressed_at": ("suppressed_at",),
    "suppressed_note": ("suppressed_note",),
    "erased": ("erased",),
}


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the fields of a file stand: field name -> column. ``headed`` is false for a bare list."""

    service: Service
    columns: dict[str, int] = field(default_factory=dict)
    headed: bool = True

    def values(self, cells: tuple[str, ...]) -> dict[str, str]:
        """Give the trimmed cells of a row by field, those with anything in them."""
        width = len(cells)
        return {
            name: text
            for name, column in self.columns.items()
            if column < width and (text := cells[column].strip())
        }

    def column(self, name: str) -> int:
        """Give the number of a field's column for a Place, from 1."""
        return self.columns.get(name, 0) + 1


def recognised(header: tuple[str, ...], path: str, line: int = 1) -> Layout | Problem:
    """Recognise a file by its first row."""
    names = [_plain(cell) for cell in header]
    columns: dict[str, int] = {}
    for name in _ADDRESS:
        if name in names:
            columns["address"] = names.index(name)
            break
    else:
        return _bare(header, path, line)
    service = next((s for s, sign in _SIGNS if sign <= set(names)), Service.OTHER)
    for wanted, headings in _FIELDS.items():
        for heading in headings:
            if heading in names:
                columns[wanted] = names.index(heading)
                break
    return Layout(service, columns)


def _bare(header: tuple[str, ...], path: str, line: int) -> Layout | Problem:
    """Take a file whose first row already holds an address for a list without a header."""
    for index, cell in enumerate(header):
        if isinstance(parse(cell), Address):
            others = [i for i in range(len(header)) if i != index]
            named = {"name": others[0]} if len(others) == 1 else {}
            return Layout(Service.OTHER, {"address": index, **named}, headed=False)
    shown = ", ".join(cell.strip()[:30] for cell in header[:8])
    return NO_ADDRESS_COLUMN.at(Place(path, line, 1), columns=shown)


def _plain(cell: str) -> str:
    """Write a heading the one way we compare it: lower case, words joined by ``_``."""
    words = "".join(c if c.isalnum() else " " for c in cell.casefold()).split()
    return "_".join(words)
