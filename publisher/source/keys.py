"""The keys of an episode's front matter and of ``series.toml``, each with a sentence about it.

The reference page and the JSON Schemas are made from these models.
"""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from publisher.files import spans
from publisher.source import values

Day = date  # a key of that name hides the type
Line = Annotated[str, BeforeValidator(values.line)]
Tags = Annotated[
    tuple[str, ...], BeforeValidator(values.tags, json_schema_input_type=list[str] | str)
]
Author = Annotated[str, AfterValidator(values.byline_text)]


class Keys(BaseModel):
    """A group of keys: nothing unknown in it, blanks around values dropped."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class CoverKeys(Keys):
    """The picture under the title."""

    src: Line = Field(min_length=1, description="File beside the episode, or an https: address.")
    alt: Line = Field("", max_length=500, description="What the picture shows, in words.")
    caption: Line = Field("", max_length=500, description="Caption below the picture.")
    source: Line = Field("", max_length=200, description="Where the picture comes from.")
    width: int | None = Field(
        None, ge=1, le=20_000, description="Pixels across, of an image on the web."
    )
    height: int | None = Field(
        None, ge=1, le=20_000, description="Pixels down, of an image on the web."
    )


class CorrectionKeys(Keys):
    """One correction after publication."""

    date: Annotated[Day, BeforeValidator(values.day)] = Field(
        description="Day of the correction, as 2026-03-09."
    )
    text: Line = Field(min_length=1, max_length=1000, description="What was put right.")


class EpisodeKeys(Keys):
    """The front matter of an episode."""

    title: Line = Field(min_length=1, max_length=200, description="Title.")
    deck: Line = Field("", max_length=500, description="One line below the title.")
    status: Literal["draft", "ready"] = Field(
        "draft", description="Whether it may be scheduled: only `ready` is."
    )
    byline: Author = Field(
        "",
        max_length=200,
        description="Who wrote it, perhaps with a mail address; default: the series'.",
    )
    tags: Tags = Field((), description="Tags, with or without #; the series' are added.")
    access: Literal["free", "members"] | None = Field(
        None, description="Who may read it; default: the series'."
    )
    publish_at: str | None = Field(
        None,
        description="Pins the slot: 2026-03-06 17:00 in the series' zone; default: the next free slot by number.",
    )
    subject: Line = Field(
        "", max_length=200, description="Subject of the mail; default: series, number and title."
    )
    preheader: Line = Field(
        "", max_length=300, description="Words beside the subject in the inbox; default: deck."
    )
    summary: Line = Field(
        "", max_length=1000, description="For search engines and feeds; default: deck."
    )
    teaser: Line = Field(
        "", max_length=500, description="What the episode before says about this one."
    )
    cover: Annotated[
        CoverKeys | None,
        BeforeValidator(values.cover, json_schema_input_type=CoverKeys | str | None),
    ] = Field(
        None, description="Picture under the title: a file name, or src, alt, caption and source."
    )
    kind: Literal["letter", "ad"] = Field(
        "letter", description="`ad` obliges the label (광고) and the legal footer."
    )
    approved: Annotated[str, AfterValidator(values.approved)] = Field(
        "", description="Written by `publisher approve`; any later change voids it."
    )
    corrections: tuple[CorrectionKeys, ...] = Field(
        (), description="Corrections after publication, each with date and text."
    )
    allow: dict[str, str] = Field(
        default_factory=dict, description="Rules set off for this episode, each with the reason."
    )
    number: Annotated[
        int | None, BeforeValidator(values.number, json_schema_input_type=int | str | None)
    ] = Field(None, ge=0, description="Number of the episode; it must agree with the file's name.")
    slug: str | None = Field(None, description="Slug; it must agree with the file's name.")
    series: str | None = Field(None, description="Series; it must agree with the folder's name.")


class CadenceKeys(Keys):
    """When a series comes out."""

    weekday: Annotated[
        Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], BeforeValidator(values.weekday)
    ] = Field(description="Day of the week: mon, tue, wed, thu, fri, sat or sun.")
    at: Annotated[time, BeforeValidator(values.clock, json_schema_input_type=str)] = Field(
        description="Time of day, as 17:00."
    )
    timezone: Annotated[str, AfterValidator(spans.zone)] = Field(
        "", description="Time zone; default: the publication's."
    )
    start: Annotated[date | None, BeforeValidator(values.day)] = Field(
        None, description="First day on which an episode may come out."
    )
    skip: Annotated[tuple[Annotated[date, BeforeValidator(values.day)], ...], Field()] = Field(
        (), description="Days without an episode."
    )
    late_ok: Annotated[str, AfterValidator(spans.span_text)] = Field(
        "3h", description="How late an episode still goes out by itself, as 3h, 90m or 1d."
    )
    if_missed: Literal["hold", "send", "skip"] = Field(
        "hold", description="What happens when it is later than late_ok."
    )
    if_not_ready: Literal["hold", "skip"] = Field(
        "hold", description="What happens when no ready episode stands at the slot."
    )


class SeriesKeys(Keys):
    """``series.toml``."""

    title: str = Field(min_length=1, max_length=120, description="Title of the series.")
    description: str = Field("", max_length=1000, description="For feed and series page.")
    intro: str = Field("", max_length=20_000, description="Markdown that opens every episode.")
    language: str = Field(
        "ko", pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$", description="Language, as ko or en."
    )
    byline: Author = Field(
        "", max_length=200, description="Default author, perhaps with a mail address."
    )
    tags: Tags = Field((), description="Tags added to every episode's.")
    access: Literal["free", "members"] = Field("free", description="Default for its episodes.")
    footer: str = Field("", max_length=20_000, description="Markdown that closes every episode.")
    status: Literal["running", "hiatus", "finished"] = Field(
        "running", description="Whether it is running, resting or over."
    )
    cadence: CadenceKeys | None = Field(None, description="When it comes out.")
