"""Saves are seen: in folders that grow, and of single files that are replaced."""

from __future__ import annotations

import asyncio
from pathlib import Path

from publisher.preview.watch import changes


def _seen(root: Path, watched: tuple[Path, ...], *saves: Path) -> list[str]:
    """Save files one after the other and give what was told of them."""

    async def watching() -> list[str]:
        stop = asyncio.Event()
        told: list[str] = []

        async def follow() -> None:
            async for burst in changes(root, watched, stop):
                told.extend(sorted(burst))

        task = asyncio.create_task(follow())
        await asyncio.sleep(0.3)
        for path in saves:
            fresh = path.with_name(f".{path.name}.swp")
            fresh.write_text("x", encoding="utf-8")
            fresh.replace(path)
            for _ in range(100):
                if any(name.endswith(path.name) for name in told):
                    break
                await asyncio.sleep(0.05)
        stop.set()
        await asyncio.wait_for(task, 5)
        return list(dict.fromkeys(told))

    return asyncio.run(watching())


def test_a_file_replaced_again_and_again_is_seen_each_time(tmp_path: Path) -> None:
    """Editors save under another name first; the settings must be seen all the same."""
    (tmp_path / "episodes").mkdir()
    config = tmp_path / "config.toml"
    config.write_text("", encoding="utf-8")
    watched = (tmp_path / "episodes", config, tmp_path / "nowhere")

    told = _seen(tmp_path, watched, config, tmp_path / "episodes" / "한글.md", config)

    assert told == ["config.toml", "episodes/한글.md"]


def test_what_lies_beside_a_watched_file_is_not_told(tmp_path: Path) -> None:
    """A ledger that is written every second does not wake the desk."""
    config = tmp_path / "config.toml"
    config.write_text("", encoding="utf-8")

    told = _seen(tmp_path, (config,), config)
    (tmp_path / "other.txt").write_text("x", encoding="utf-8")

    assert told == ["config.toml"]


def test_nothing_to_watch_is_no_error(tmp_path: Path) -> None:
    """An empty publication waits quietly."""
    assert _seen(tmp_path, (tmp_path / "nowhere",)) == []
