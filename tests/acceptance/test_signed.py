"""With a key of our own every mail leaves signed, and the signature verifies where it arrives."""

import re
from pathlib import Path

import dkim
import pytest

from tests.acceptance.house import House
from tests.acceptance.relay import relay, use


@pytest.mark.slow
def test_a_new_key_signs_every_mail(house: House) -> None:
    with relay() as log:
        use(house, log)
        made = house.fine("dkim", "new", "secrets/dkim.pem", "--selector", "s1")
        key = house.root / "secrets" / "dkim.pem"
        assert key.stat().st_mode & 0o077 == 0
        assert house.run("dkim", "new", "secrets/dkim.pem").code == 2
        _switch_on(house.root / "config.toml", made.out)
        house.clock = "2026-11-01T09:00:00+09:00"
        house.fine("subscribers", "add", "a@reader.example", "--quietly")
        house.clock = "2026-11-20T17:00:10+09:00"
        house.fine("publish", "ai-wont-save-us/5", "--slot", "2026-11-20T17:00")
        (mail,) = log.wait_for(1)

    record = "".join(re.findall(r'"([^"]*)"', made.out.split("IN TXT")[1].split(")")[0]))

    def look_up(name: bytes, **_: object) -> bytes:
        assert name.rstrip(b".") == b"s1._domainkey.slow-signal.example"
        return record.encode()

    assert dkim.verify(mail.octets, dnsfunc=look_up)
    second = b"Subject: another\r\n" + mail.octets
    assert not dkim.verify(second, dnsfunc=look_up)


def _switch_on(config: Path, told: str) -> None:
    table = told[told.index("[dkim]") :]
    config.write_text(config.read_text(encoding="utf-8") + "\n" + table, encoding="utf-8")
