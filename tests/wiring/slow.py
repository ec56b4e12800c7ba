"""The smallest publication that has a calendar: one weekly series."""

from __future__ import annotations

CONFIG = """\
[publication]
name = "느린 신호"
url = "https://slow.example"

[sender]
address = "letter@slow.example"
"""
SERIES = """\
title = "느린 연재"
description = "천천히 씁니다."

[cadence]
weekday = "friday"
at = "17:00"
"""
