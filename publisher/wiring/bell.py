"""Telling the editors: the log always, a webhook and a mail where the settings name them."""

from __future__ import annotations

import json
import logging
import threading
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from publisher.delivery.ports import Alert
from publisher.translation import message_of, remedy_of

log = logging.getLogger("publisher")
#: Seconds a webhook may take; nobody waits for it longer.
PATIENCE = 10.0


@dataclass
class EditorsBell:
    """Rings once for each key as long as ``first`` says so; never raises.

    ``first(key, now)`` writes the key down and says whether it was new, ``passed(kind, now)`` that
    what began with that word is over; ``post(subject, text)`` mails the editors. All may be missing.
    """

    language: str
    publication: str
    webhook: str = ""
    first: Callable[[str, datetime], bool] | None = None
    passed: Callable[[str, datetime], None] | None = None
    post: Callable[[str, str], None] | None = None
    _rung: set[str] = field(default_factory=set)

    def ring(self, alert: Alert, now: datetime) -> None:
        """Tell once."""
        if alert.key in self._rung:
            return
        self._rung.add(alert.key)
        try:
            if self.first is not None and not self.first(alert.key, now):
                return
        except Exception:
            log.debug("the ledger cannot say whether this was told before", exc_info=True)
        problem = alert.problem
        message = message_of(problem, self.language)
        remedy = remedy_of(problem, self.language)
        # Whatever the severity of the problem: it was rung because a person must know of it.
        log.error("%s: %s %s", problem.code, message, remedy)
        if self.webhook:
            data = {
                "publication": self.publication,
                "code": problem.code,
                "severity": str(problem.severity),
                "place": str(problem.place),
                "message": message,
                "remedy": remedy,
                "at": now.isoformat(),
            }
            threading.Thread(target=_hook, args=(self.webhook, data), daemon=True).start()
        if self.post is not None:
            try:
                self.post(f"[{self.publication}] {message}", f"{message}\n\n{remedy}\n\n{problem}")
            except Exception as failure:  # noqa: BLE001  the alarm must not stop the delivery
                log.warning("the editors could not be mailed: %s", failure)

    def over(self, kind: str, now: datetime) -> None:
        """Note that what was told has passed; should it come back, the ledger hears of it again."""
        self._rung = {key for key in self._rung if key.partition(" ")[0] != kind}
        if self.passed is None:
            return
        try:
            self.passed(kind, now)
        except Exception:
            log.debug("the ledger cannot note that this has passed", exc_info=True)


def _hook(url: str, data: dict[str, str]) -> None:
    if not url.startswith(("https://", "http://127.0.0.1", "http://localhost", "http://[::1]")):
        log.warning("the alert webhook is not an https address")
        return
    body = json.dumps(data, ensure_ascii=False).encode()
    request = urllib.request.Request(  # noqa: S310 -- the scheme is checked above
        url, data=body, headers={"Content-Type": "application/json"}, method="POST"
    )
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE):  # noqa: S310 -- as above
            pass
    except OSError as failure:
        log.warning("the alert webhook did not answer: %s", failure)
