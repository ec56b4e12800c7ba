"""Rewrite the goldens: ``make golden``. Then read the diff: it is what readers will see change."""

from __future__ import annotations

from tests.golden.files import FOLDER, expected, stored


def main() -> None:
    """Write what differs and remove what no sample has any more."""
    wanted, there = expected(), stored()
    for path in sorted(there.keys() - wanted.keys()):
        (FOLDER / path).unlink()
        print(f"removed {path}")
    for path, octets in wanted.items():
        if there.get(path) != octets:
            target = FOLDER / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(octets)
            print(f"wrote {path}")
    for folder in sorted(FOLDER.rglob("*"), reverse=True):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


if __name__ == "__main__":
    main()
