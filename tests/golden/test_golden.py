"""Readers see what they saw before, unless somebody meant to change it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from publisher.model.episode import Audience
from publisher.render import Renderer
from publisher.render.gate import has_gate
from tests.golden.files import channels, expected, stored
from tests.golden.samples import ROOT, by_name, edition, settings

REMEDY = "run `make golden` and read the diff"


def test_every_channel_of_every_sample_is_as_stored() -> None:
    wanted, there = expected(), stored()
    differing = sorted(p for p in wanted.keys() | there.keys() if wanted.get(p) != there.get(p))
    assert differing == [], REMEDY


def test_a_second_rendering_is_the_same() -> None:
    fresh = Renderer(settings()[0].publication)
    for name, setting in by_name().items():
        for audience in Audience:
            assert fresh.edition(setting, audience) == edition(name, audience)


def test_a_sample_with_a_gate_is_longer_for_members() -> None:
    """One episode is gated in part and one as a whole."""
    gated = [
        name
        for name, setting in by_name().items()
        if setting.episode.access is Audience.MEMBERS or has_gate(setting.episode.body)
    ]
    assert len(gated) >= 2
    for name in gated:
        free, members = (channels(edition(name, audience)) for audience in Audience)
        assert len(members["mail.html"]) > len(free["mail.html"])


@pytest.mark.slow
def test_neither_hash_seed_nor_locale_nor_zone_changes_a_byte() -> None:
    program = (
        "import hashlib; from tests.golden.files import expected;"
        "print(hashlib.sha256(repr(sorted(expected().items())).encode()).hexdigest())"
    )
    told = set()
    for seed, locale, zone in (("0", "C", "UTC"), ("4242", "C.UTF-8", "America/New_York")):
        env = {**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": locale, "TZ": zone}
        command = [sys.executable, "-X", "utf8", "-c", program]
        told.add(subprocess.run(command, cwd=ROOT, env=env, capture_output=True, check=True).stdout)
    assert len(told) == 1
