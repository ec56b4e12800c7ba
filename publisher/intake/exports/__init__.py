"""Archives of other services: a whole run of letters becomes a series with its dates and names."""

from __future__ import annotations

from publisher.intake.exports.archive import Archive, Imported, Options, Service, archive, handover

__all__ = ["Archive", "Imported", "Options", "Service", "archive", "handover"]
