"""``config.toml``: the publication, its sender, and how it is delivered.

Every key is a field here with a sentence about it; the reference page and the JSON Schema
(``publisher schema config``) are made from them. A secret is never a value in the file: it is
the name of an environment variable or of a file.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from publisher.files import spans, text, toml
from publisher.files.escaped import escaped
from publisher.files.keys import RefusedError, check
from publisher.files.schema import schema_of
from publisher.model.imprint import Imprint
from publisher.model.problem import Fault, Problem, Severity, in_order
from publisher.model.publication import DARK, LIGHT, Law, Palette, Publication, Sender, Theme

ADDRESS = Fault(
    "config/web-address",
    Severity.ERROR,
    "“{name}” has to be an address that begins with https://, not {value}.",
    "Write the whole address, such as https://letter.example.com.",
)
MAIL = Fault(
    "config/mail-address",
    Severity.ERROR,
    "“{name}” has to be a mail address, not {value}.",
    "Write it as letter@example.com, without a name before it.",
)
DOMAIN = Fault(
    "config/domain",
    Severity.ERROR,
    "“{name}” has to be the name of a domain, not {value}.",
    "Write it as example.com, without https:// and without @.",
)
COLOUR = Fault(
    "config/colour",
    Severity.ERROR,
    "“{name}” has to be a colour, not {value}.",
    'Write it as "#1f1d1a": a hash and six digits from 0 to f.',
)

#: What stands before the @ goes into the header as it is: a dot-atom (RFC 5322, 3.2.3).
_LOCAL = re.compile(r"[!#-'*+/-9=?A-Z^-~-]+(\.[!#-'*+/-9=?A-Z^-~-]+)*")
_DOMAIN = re.compile(r"[^\W_]([\w-]*\w)?(\.[^\W_]([\w-]*\w)?)*")
_COLOUR = re.compile(r"#[0-9a-f]{6}")


def _web_address(url: str) -> str:
    if not url.startswith(("https://", "http://localhost", "http://127.0.0.1")):
        raise RefusedError(ADDRESS, value=spans.shorten(url))
    return url.rstrip("/")


def _mail_address(address: str) -> str:
    local, _, domain = address.rpartition("@")
    good = (
        len(local) <= 64
        and _LOCAL.fullmatch(local)
        and len(domain) <= 253
        and "." in domain
        and "_" not in domain
        and _DOMAIN.fullmatch(domain)
    )
    if address and not good:
        raise RefusedError(MAIL, value=spans.shorten(address))
    return address


def _domain(name: str) -> str:
    if name and (len(name) > 253 or not _DOMAIN.fullmatch(name)):
        raise RefusedError(DOMAIN, value=spans.shorten(name))
    return name


def _colour(written: str) -> str:
    if not _COLOUR.fullmatch(written.lower()):
        raise RefusedError(COLOUR, value=spans.shorten(written))
    return written.lower()


Zone = Annotated[str, AfterValidator(spans.zone)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
MailAddress = Annotated[str, AfterValidator(_mail_address)]
Domain = Annotated[str, AfterValidator(_domain)]
Colour = Annotated[str, AfterValidator(_colour)]
Span = Annotated[str, AfterValidator(spans.span_text)]


class Table(BaseModel):
    """A table of config.toml: frozen, and no key that nobody reads."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class PublicationTable(Table):
    """Who publishes."""

    name: str = Field(min_length=1, max_length=80, description="Name of the publication.")
    url: WebAddress = Field(description="Where the website lives: https, without a last slash.")
    timezone: Zone = Field("Asia/Seoul", description="Time zone of slots and dates.")
    language: Literal["ko", "en"] = Field("ko", description="Language of messages and of pages.")
    description: str = Field("", max_length=500, description="One sentence for feed and home page.")
    copyright: str = Field("", max_length=200, description="Copyright line of feeds and pages.")
    membership_url: str = Field(
        "", description="Where a reader becomes a member; path or https address."
    )


class SenderTable(Table):
    """Who the mail is from."""

    name: str = Field("", max_length=60, description="Display name; default: the publication's.")
    address: MailAddress = Field(
        min_length=3,
        max_length=254,
        description="Address in From; a domain that SPF, DKIM and DMARC cover.",
    )
    reply_to: MailAddress = Field(
        "", max_length=254, description="Where replies go; default: the address itself."
    )
    bounce_domain: Domain = Field(
        "", description="Domain of the envelope address; default: the sender's domain."
    )
    list_domain: Domain = Field(
        "", description="Domain of List-Id and Message-ID; default: the sender's domain."
    )


class PaletteTable(Table):
    """The colours of one mode; each one left out keeps its default."""

    paper: Colour | None = Field(None, description="Background.")
    ink: Colour | None = Field(None, description="Text.")
    soft: Colour | None = Field(None, description="Secondary text.")
    tint: Colour | None = Field(None, description="Background of blocks.")
    accent: Colour | None = Field(None, description="Links and buttons.")
    rule: Colour | None = Field(None, description="Lines.")

    def over(self, default: Palette) -> Palette:
        """Lay these colours over a default palette."""
        mine = self.model_dump(exclude_none=True)
        return Palette(
            **{name: mine.get(name, getattr(default, name)) for name in Palette.__slots__}
        )


class ThemeTable(Table):
    """How mail, page and desk look."""

    light: PaletteTable = Field(default_factory=PaletteTable, description="Colours by day.")
    dark: PaletteTable = Field(default_factory=PaletteTable, description="Colours by night.")
    logo: str = Field(
        "", description="An image of the publication (PNG or JPEG), relative to config.toml."
    )
    fonts: str = Field(Theme().fonts, max_length=300, description="CSS font family list.")


class LawTable(Table):
    """What the footer owes its readers."""

    pitch_is_ad: bool = Field(
        default=False,
        description="A free edition that ends in a membership pitch is labelled (광고).",
    )
    contact: MailAddress = Field(
        "", max_length=254, description="Mail address for readers, in the footer."
    )
    phone: str = Field("", max_length=40, description="Telephone number, in the footer.")
    postal_address: str = Field("", max_length=200, description="Postal address, in the footer.")


class Limit(Table):
    """How fast one recipient domain is mailed."""

    connections: int = Field(2, ge=1, le=100, description="Open connections at once.")
    per_second: float = Field(0, ge=0, description="Messages a second; 0 for no limit.")


class RelayTable(Table):
    """One SMTP relay."""

    host: str = Field(description="Host name, or `unix:/path` for a socket.")
    port: int = Field(587, ge=1, le=65535, description="Port.")
    security: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="STARTTLS (required), implicit TLS, or none."
    )
    protocol: Literal["smtp", "lmtp"] = Field(
        "smtp", description="SMTP, or LMTP for a local store."
    )
    user: str = Field("", description="User name for AUTH.")
    password_env: str = Field("", description="Environment variable that holds the password.")
    password_file: str = Field("", description="File that holds the password.")
    ca_file: str = Field("", description="Certificates to trust instead of the system's.")
    connections: int = Field(4, ge=1, le=100, description="Open connections at once.")
    per_second: float = Field(0, ge=0, description="Messages a second; 0 for no limit.")


class DeliveryTable(Table):
    """How a release reaches its readers."""

    transport: Literal["outbox", "smtp"] = Field(
        "outbox", description="`outbox` writes .eml files; `smtp` uses the relays."
    )
    outbox: str = Field("data/outbox", description="Folder of the outbox transport.")
    relay: tuple[RelayTable, ...] = Field((), description="SMTP relays, in order of preference.")
    chunk: int = Field(500, ge=1, le=10_000, description="Subscribers claimed at once.")
    prepare_ahead: Span = Field(
        "10m", description="How long before the slot a release is prepared."
    )
    on_uncertain: Literal["hold", "resend"] = Field(
        "hold", description="What to do with a mail whose answer was lost."
    )
    max_attempts: int = Field(
        6, ge=1, le=50, description="Attempts before a deferred delivery is refused."
    )
    backoff: Span = Field("5m", description="First wait after a 4xx answer; doubles.")
    limits: dict[str, Limit] = Field(
        default_factory=dict, description="Limits by recipient domain."
    )
    pause_after_refusals: int = Field(
        50, ge=1, description="Refusals in a row that pause a release."
    )


class BouncesTable(Table):
    """How bounces and complaints come in."""

    maildir: str = Field("", description="Maildir that `publisher run` empties.")
    listen: str = Field(
        "",
        description="Where `publisher run` takes reports over SMTP or LMTP: `127.0.0.1:2525` or `unix:/path`.",
    )
    limit: int = Field(
        5, ge=1, le=100, description="Full mailboxes in 90 days that end a subscription."
    )


class DkimTable(Table):
    """Signing by the pipeline itself; leave it out when the relay signs."""

    domain: Domain = Field(description="d= of the signature.")
    selector: str = Field(pattern=r"^[A-Za-z0-9._-]+$", description="s= of the signature.")
    key_file: str = Field("", description="File with the private key (PEM).")
    key_env: str = Field("", description="Environment variable with the private key (PEM).")


class DatabaseTable(Table):
    """Where the ledger and the list live."""

    url: str = Field(
        "sqlite:///data/publisher.sqlite3",
        description="SQLAlchemy address: sqlite or postgresql+psycopg.",
    )
    url_env: str = Field("", description="Environment variable that holds the address.")


class SiteTable(Table):
    """The website on disk."""

    folder: str = Field("public", description="Where pages and feeds are written.")
    feed_items: int = Field(20, ge=1, le=100, description="Newest episodes in a feed.")
    members_in_feed: Literal["omit", "teaser"] = Field(
        "teaser", description="How a members' episode stands in the public feed."
    )
    feeds: dict[str, Literal["full", "teaser", "omit"]] = Field(
        default_factory=dict,
        description="How a series (`slug`) or one episode (`slug/3`) stands in public feeds.",
    )
    hub: str = Field(
        "",
        pattern=r"^((https://|http://(localhost|127\.0\.0\.1)[:/])\S+)?$",
        max_length=500,
        description="WebSub hub that is told of new episodes; empty for none.",
    )
    card_font: str = Field(
        "",
        max_length=500,
        description="Font file with Hangul for drawn cards and icon; default: one of the machine's.",
    )


class WebTable(Table):
    """The front door."""

    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on.")
    trusted_proxies: tuple[str, ...] = Field(
        (), description="Proxies whose X-Forwarded-For is believed."
    )
    secret_env: str = Field(
        "PUBLISHER_SECRET", description="Environment variable with the secret that signs tokens."
    )
    secret_file: str = Field("data/secret", description="File with the secret; made at first use.")
    old_secret_env: str = Field(
        "",
        description="Environment variable with secrets used before, a space between them: their links still open.",
    )
    membership_secret_env: str = Field(
        "PUBLISHER_MEMBERSHIP_SECRET",
        description="Environment variable with the secret that payment services sign with.",
    )
    sign_ups: int = Field(
        40, ge=1, le=10_000, description="Sign-ups from one network in ten minutes."
    )


class SegmentTable(Table):
    """A part of the list with a name; who is in it fits every key that is set."""

    series: tuple[str, ...] = Field((), description="Follows at least one of these series.")
    audience: Literal["free", "members"] | None = Field(
        None, description="`free` or `members` readers only."
    )
    since: date | None = Field(None, description="Subscribed on this day or later.")
    before: date | None = Field(None, description="Subscribed before this day.")
    domain: tuple[str, ...] = Field((), description="Has an address at one of these domains.")


class EditorialTable(Table):
    """How an episode gets ready."""

    approval: Literal["optional", "required"] = Field(
        "optional", description="Whether an unapproved episode is held."
    )
    editor: str = Field(
        "vscode://file/{path}:{line}:{column}", description="Address that opens a file at a place."
    )


class LintTable(Table):
    """Which rules apply."""

    off: dict[str, str] = Field(
        default_factory=dict, description="Rule codes set off, each with the reason."
    )


class AlertTable(Table):
    """Who is told when something needs a person."""

    mail: tuple[MailAddress, ...] = Field((), description="Editors' addresses.")
    webhook: str = Field("", description="Address that gets a JSON POST.")


class Config(Table):
    """The whole of config.toml."""

    publication: PublicationTable
    sender: SenderTable
    theme: ThemeTable = Field(default_factory=ThemeTable)
    law: LawTable = Field(default_factory=LawTable)
    delivery: DeliveryTable = Field(default_factory=DeliveryTable)
    bounces: BouncesTable = Field(
        default_factory=BouncesTable, description="How bounces and complaints come in."
    )
    dkim: DkimTable | None = Field(
        None, description="Signing by the pipeline itself; leave it out when the relay signs."
    )
    database: DatabaseTable = Field(default_factory=DatabaseTable)
    site: SiteTable = Field(default_factory=SiteTable)
    web: WebTable = Field(default_factory=WebTable)
    editorial: EditorialTable = Field(default_factory=EditorialTable)
    lint: LintTable = Field(default_factory=LintTable)
    alerts: AlertTable = Field(default_factory=AlertTable)
    segments: dict[str, SegmentTable] = Field(
        default_factory=dict, description="Named parts of the list: `[segments.NAME]`."
    )

    def as_publication(self) -> Publication:
        """The outlet, as the rest of the house knows it."""
        table, sender = self.publication, self.sender
        domain = sender.address.rpartition("@")[2]
        return Publication(
            name=table.name,
            url=table.url,
            timezone=table.timezone,
            language=table.language,
            description=table.description,
            copyright=table.copyright,
            membership_url=table.membership_url,
            sender=Sender(
                name=sender.name or table.name,
                address=sender.address,
                reply_to=sender.reply_to,
                bounce_domain=sender.bounce_domain or domain,
                list_domain=sender.list_domain or domain,
            ),
            theme=Theme(
                light=self.theme.light.over(LIGHT),
                dark=self.theme.dark.over(DARK),
                logo=self.theme.logo,
                fonts=self.theme.fonts,
            ),
            law=Law(**self.law.model_dump()),
        )

    def as_imprint(self) -> Imprint:
        """What press, website and ledger have to know of it."""
        site, database = self.site, self.database
        return Imprint(
            publication=self.as_publication(),
            off=tuple(self.lint.off.items()),
            approval=self.editorial.approval == "required",
            folder=site.folder,
            feed_items=site.feed_items,
            members_in_feed=site.members_in_feed,
            feeds=tuple(site.feeds.items()),
            hub=site.hub,
            card_font=site.card_font,
            database=database.url,
            database_env=database.url_env,
        )


def load(path: Path) -> tuple[Config | None, tuple[Problem, ...]]:
    """Read config.toml. A value that is wrong is told at its place and its default stands in.

    The answer is None when a key that has no default is missing or wrong, or when the file
    cannot be read at all.
    """
    octets = text.read_bytes(path, path.parent)
    return (None, (octets,)) if isinstance(octets, Problem) else read(octets, path.name)


def read(octets: bytes, name: str) -> tuple[Config | None, tuple[Problem, ...]]:
    """Read the octets of a config.toml that is called so; the answer is that of ``load``."""
    written = text.decode(octets, name)
    if isinstance(written, Problem):
        return None, (written,)
    found = toml.read(written, name)
    problems = text.surprises(written, name) + found.problems
    if found.problems:
        return None, in_order(problems)
    problems += escaped(found.values, found.places, written, prose=("lint",))
    config, told = check(Config, found.values, found.places)
    return config, in_order(problems + told)


def schema() -> dict[str, Any]:
    """Describe config.toml as a JSON Schema (draft 2020-12)."""
    return schema_of(Config, "config.toml", "The settings of a publication.")
