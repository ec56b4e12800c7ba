"""Pictures: what the files say of themselves, and what is wrong with the ones that say nothing."""

from __future__ import annotations

import hashlib
import io
import unicodedata
import zlib
from pathlib import Path

import pytest
from PIL import Image

from publisher.model.body import Figure
from tests.source.publication import EPISODE, only, publication, read, told, write


def drawn(kind: str, size: tuple[int, int] = (3, 2), frames: int = 1) -> bytes:
    """Draw a picture of one colour, or an animation of several."""
    images = [Image.new("RGB", size, (200, 50 * n, 30)) for n in range(frames)]
    file = io.BytesIO()
    more = {"save_all": True, "append_images": images[1:]} if frames > 1 else {}
    images[0].save(file, kind, **more)
    return file.getvalue()


def figure(root: Path, name: str, files: dict[str, bytes]) -> tuple[Figure, list[str]]:
    found = publication(root, {"01-a.md": EPISODE + f"\n![가]({name})\n", **files})
    node = only(found).body.nodes[-1]
    assert isinstance(node, Figure)
    return node, told(found)


@pytest.mark.parametrize(("kind", "frames", "animated"), [("PNG", 1, False), ("JPEG", 1, False), ("GIF", 3, True), ("WEBP", 1, False)])  # fmt: skip
def test_a_picture_says_its_size_and_kind(
    tmp_path: Path, kind: str, frames: int, animated: bool
) -> None:
    data = drawn(kind, frames=frames)

    node, problems = figure(tmp_path, "그림 1.png".replace(" ", "%20"), {"그림 1.png": data})

    assert problems == []
    picture = node.picture
    assert (picture.width, picture.height, picture.size) == (3, 2, len(data))
    assert (picture.format, picture.animated) == (kind, animated)
    assert picture.path == "episodes/ai/그림 1.png"
    assert picture.digest == hashlib.sha256(data).hexdigest()


def test_a_name_from_a_mac_finds_its_file(tmp_path: Path) -> None:
    node, problems = figure(
        tmp_path, "표지.png", {unicodedata.normalize("NFD", "표지.png"): drawn("PNG")}
    )

    assert problems == []
    assert node.picture.path == "episodes/ai/표지.png"


def test_an_address_on_the_web_is_left_alone(tmp_path: Path) -> None:
    node, problems = figure(tmp_path, "https://pictures.example/a.png", {})

    assert problems == []
    assert (node.picture.src, node.picture.path) == ("https://pictures.example/a.png", None)


def test_a_folder_of_pictures_inside_the_publication(tmp_path: Path) -> None:
    node, problems = figure(tmp_path, "../shared/a.png", {"/episodes/shared/a.png": drawn("PNG")})

    assert problems == []
    assert node.picture.path == "episodes/shared/a.png"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("none.png", "source/image-missing"),
        ("chrat.png", "source/image-missing-near"),
        ("", "source/image-name"),
        ("http://pictures.example/a.png", "source/image-address"),
        ("file:///etc/passwd", "source/image-address"),
        ("data:image/png;base64,AAAA", "source/image-address"),
        ("/a.png", "source/image-address"),
        ("../../../outside.png", "source/image-outside"),
        ("link.png", "source/image-outside"),
        ("text.png", "source/image-unreadable"),
        ("folder.png", "source/image-unreadable"),
        ("bomb.png", "source/image-pixels"),
    ],
)
def test_a_picture_that_cannot_be_shown_is_told(tmp_path: Path, name: str, code: str) -> None:
    root = tmp_path / "publication"
    (tmp_path / "outside.png").write_bytes(drawn("PNG"))
    bomb = bytearray(drawn("PNG"))
    bomb[16:24] = (60_000).to_bytes(4, "big") * 2
    bomb[29:33] = zlib.crc32(bomb[12:29]).to_bytes(4, "big")
    write(root, {"chart.png": drawn("PNG"), "text.png": b"no picture", "bomb.png": bytes(bomb)})
    (root / "episodes/ai/folder.png").mkdir()
    (root / "episodes/ai/link.png").symlink_to(tmp_path / "outside.png")

    node, problems = figure(root, name, {})

    assert problems == [f"01-a.md:7:1 {code}"]
    assert node.picture.digest is None


def test_a_cover_is_looked_for_at_its_place(tmp_path: Path) -> None:
    front = "---\ntitle: 가\ncover:\n  src: none.png\n---\n글\n"

    found = publication(tmp_path, {"01-a.md": front})

    assert told(found) == ["01-a.md:4:8 source/image-missing"]


def test_the_digest_follows_the_bytes_of_a_picture(tmp_path: Path) -> None:
    text = EPISODE + "\n![가](a.png)\n"
    first = only(publication(tmp_path, {"01-a.md": text, "a.png": drawn("PNG")})).digest
    write(tmp_path, {"a.png": drawn("PNG", (4, 2))})
    second = only(read(tmp_path)).digest

    assert first != second
