from __future__ import annotations

from tests.webui.stage import Stage


def test_the_pages_can_be_kept_as_an_app(site: Stage) -> None:
    answer = site.get("/manifest.webmanifest")
    assert answer.headers["Content-Type"] == "application/manifest+json"
    manifest = answer.json
    assert (manifest["start_url"], manifest["scope"], manifest["display"]) == (".", ".", "standalone")
    assert {"192x192", "512x512"} <= {picture["sizes"] for picture in manifest["icons"]}
    assert '<link rel="manifest" href="/manifest.webmanifest">' in site.get("/").text


def test_each_picture_is_there_and_of_the_size_that_is_said(site: Stage) -> None:
    for picture in site.get("/manifest.webmanifest").json["icons"]:
        content = site.get("/" + picture["src"]).body
        if picture["type"] == "image/png":
            width, height = (int.from_bytes(content[at : at + 4], "big") for at in (16, 20))
            assert content.startswith(b"\x89PNG") and f"{width}x{height}" == picture["sizes"]
        else:
            assert b"<svg" in content


def test_it_tells_a_stranger_nothing_of_the_site(site: Stage) -> None:
    assert "Test works" not in site.get("/manifest.webmanifest").text
