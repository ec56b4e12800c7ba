"""The local desk: every episode as each of its readers will see it, following the files.

It reads, and it can send one marked mail to one address. It can reach no subscriber and no
ledger: its imports prove it.
"""

from __future__ import annotations

from publisher.preview.app import app
from publisher.preview.ports import Asset, Desk, Issued, Proof, SendTrial, Settings, Snapshot
from publisher.preview.serve import address_of, listen, serve

__all__ = [
    "Asset",
    "Desk",
    "Issued",
    "Proof",
    "SendTrial",
    "Settings",
    "Snapshot",
    "address_of",
    "app",
    "listen",
    "serve",
]
