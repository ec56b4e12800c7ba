"""A mark names one delivery, to us alone."""

from hypothesis import given
from hypothesis import strategies as st

from publisher.delivery.postmark import LENGTH, Postmark
from publisher.model.edition import Placeholder

MARKS = Postmark(b"a secret of the tests")
releases = st.integers(1, 2**32 - 1)
subscribers = st.integers(1, 2**48 - 1)

#: Sealed by the version before marks were sealed together, under the secret "tests".
KNOWN = ["yrruwuosvmqndo53nkvx746bhi", "4gd4ipg4hhj3mrsinzn7fyw5wa"]


@given(releases, subscribers)
def test_a_mark_opens_to_what_was_sealed_in_any_case(release: int, subscriber: int) -> None:
    mark = MARKS.seal(release, subscriber)

    assert len(mark) == LENGTH == len(Placeholder.MAIL.value)
    assert MARKS.open(mark) == (release, subscriber)
    assert MARKS.open(mark.upper()) == (release, subscriber)


@given(releases, subscribers)
def test_the_same_delivery_always_has_the_same_mark(release: int, subscriber: int) -> None:
    assert MARKS.seal(release, subscriber) == Postmark(b"a secret of the tests").seal(
        release, subscriber
    )


@given(releases, subscribers, st.integers(0, LENGTH - 1), st.sampled_from("abcdefgh234567"))
def test_a_mark_with_one_letter_changed_is_not_ours(
    release: int, subscriber: int, where: int, letter: str
) -> None:
    mark = MARKS.seal(release, subscriber)
    forged = mark[:where] + letter + mark[where + 1 :]

    assert MARKS.open(forged) == ((release, subscriber) if forged == mark else None)


@given(st.text(max_size=40))
def test_anything_else_is_not_ours(text: str) -> None:
    assert MARKS.open(text) is None


def test_another_secret_does_not_open_it() -> None:
    assert Postmark(b"another").open(MARKS.seal(1, 2)) is None


def test_neighbours_do_not_look_alike() -> None:
    one, two = MARKS.seal(1, 1), MARKS.seal(1, 2)

    assert sum(a == b for a, b in zip(one, two, strict=True)) < 8


def test_marks_sealed_together_are_those_sealed_one_by_one() -> None:
    """And none of them has changed since the first mails went out with such marks."""
    office = Postmark(b"tests")
    who = [0, 1, 2, 12_345, 2**48 - 1, *range(3, 500)]

    assert office.seal_all(7, who) == [office.seal(7, one) for one in who]
    assert office.seal_all(7, []) == []
    assert [office.open(mark) for mark in office.seal_all(7, who)] == [(7, one) for one in who]
    assert office.seal_all(77, [12_345, 2**48 - 1]) == KNOWN
