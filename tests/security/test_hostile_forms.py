"""Multipart forms bent in every way: one file in the right field, whatever it is called, or a clear problem."""

import pytest

from tests.security.hostile_files import picture
from tests.support.world import World

_GOOD = picture("JPEG")


def part(head: str | bytes, content: bytes = _GOOD, kind: str = "image/jpeg") -> bytes:
    """One part; `head` is what stands after `Content-Disposition: `."""
    disposition = head.encode() if isinstance(head, str) else head
    return (
        b"--edge\r\nContent-Disposition: "
        + disposition
        + b"\r\nContent-Type: "
        + kind.encode()
        + (b"\r\n\r\n" + content + b"\r\n")
    )


def text(name: str, content: bytes) -> bytes:
    return b'--edge\r\nContent-Disposition: form-data; name="' + name.encode() + b'"\r\n\r\n' + content + b"\r\n"


END = b"--edge--\r\n"
FILE = 'form-data; name="file"; filename="a.jpg"'
FORM = "multipart/form-data; boundary=edge"

#: What is odd, the content type, the body, the status.
FORMS: list[tuple[str, str, bytes, int]] = [
    ("nothing odd", FORM, part(FILE) + END, 201),
    ("a text beside it", FORM, text("note", b"x") + part(FILE) + END, 201),
    ("a boundary in quotes", 'multipart/form-data; boundary="edge"', part(FILE) + END, 201),
    ("something before the first part", FORM, b"hello\r\n" + part(FILE) + END, 400),
    ("something after the end", FORM, part(FILE) + END + b"goodbye", 201),
    ("two files", FORM, part(FILE) * 2 + END, 400),
    ("a second file in another field", FORM, part(FILE) + part(FILE.replace("file", "more", 1)) + END, 400),
    ("another field", FORM, part('form-data; name="photo"; filename="a.jpg"') + END, 422),
    ("a field in capitals", FORM, part('form-data; name="FILE"; filename="a.jpg"') + END, 422),
    ("no file name", FORM, part('form-data; name="file"') + END, 422),
    ("no field name", FORM, part('form-data; filename="a.jpg"') + END, 400),
    ("no name at all", FORM, part("form-data") + END, 400),
    ("no disposition", FORM, b"--edge\r\nContent-Type: image/jpeg\r\n\r\n" + _GOOD + b"\r\n" + END, 400),
    ("a text where the file should be", FORM, text("file", b"hello") + END, 422),
    ("six texts", FORM, text("note", b"x") * 6 + part(FILE) + END, 400),
    ("a text of 2 MB", FORM, text("note", bytes(2_000_000)) + part(FILE) + END, 400),
    ("a head of 1 MB", FORM, part(FILE + "; x=" + "x" * 1_000_000) + END, 400),
    ("ten thousand heads", FORM, b"--edge\r\n" + b"X: y\r\n" * 10_000 + part(FILE)[8:] + END, 400),
    ("no end", FORM, part(FILE), 400),
    ("no part", FORM, END, 400),
    ("an empty body", FORM, b"", 400),
    ("no boundary", "multipart/form-data", part(FILE) + END, 400),
    ("an empty boundary", "multipart/form-data; boundary=", part(FILE) + END, 400),
    ("another boundary", "multipart/form-data; boundary=ledge", part(FILE) + END, 400),
    ("a boundary of 5,000 letters", "multipart/form-data; boundary=" + "x" * 5_000, part(FILE) + END, 400),
    ("a charset that does not exist", FORM + "; charset=klingon", part(FILE) + END, 201),
    ("a charset that is none", FORM + "; charset=zip", text("note", b"x") + part(FILE) + END, 201),
    ("another kind of multipart", "multipart/mixed; boundary=edge", part(FILE) + END, 415),
    ("a form of another kind", "application/x-www-form-urlencoded", b"file=x", 415),
    ("the bare file", "image/jpeg", _GOOD, 415),
    ("a file of nothing", FORM, part(FILE, b"") + END, 415),
    ("a part that says it is packed", FORM, part(FILE + "\r\nContent-Transfer-Encoding: base64") + END, 201),
    (
        "a multipart in the multipart",
        FORM,
        part(FILE, b"--in\r\n\r\n--in--", "multipart/mixed; boundary=in") + END,
        415,
    ),
]


@pytest.mark.parametrize(("kind", "body", "status"), [form[1:] for form in FORMS], ids=[form[0] for form in FORMS])
async def test_a_form_holds_one_file_or_is_refused(world: World, kind: str, body: bytes, status: int) -> None:
    answer = await world.resident.post("/attachments", content=body, headers={"content-type": kind})
    assert answer.status_code == status, answer.text


#: Names of files. None is stored or shown, so all are the same photo.
NAMES = {
    "a path": "../../../etc/passwd",
    "a path of Windows": "..\\..\\windows\\system32\\a.jpg",
    "an address": "https://example.org/a.jpg",
    "a device": "CON",
    "nothing": "",
    "a NUL": "a.jpg\x00.exe",
    "right to left": "a\u202egpj.exe",
    "two dots": "..",
    "Hanzi beyond the first plane": "𠮷野家𰻝.jpg",
    "an emoji family": "👨‍👩‍👧‍👦.jpg",
    "combining": "ȩ̸̢̛̪̩̈́͆.jpg",
    "long": "长" * 1000 + ".jpg",
    "a script": "<script>alert(1)</script>.jpg",
    "a template": "{{7*7}}${7*7}%s%n",
    "quoted": "a%22.jpg",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
async def test_what_a_file_is_called_is_nobodys_business(world: World, name: str) -> None:
    head = b'form-data; name="file"; filename="' + name.encode() + b'"'
    answer = await world.resident.post("/attachments", content=part(head) + END, headers={"content-type": FORM})
    assert answer.status_code == 201, answer.text
    assert set(answer.json()) == {"id", "url", "thumbnail_url", "width", "height"}
    for link in (answer.json()["url"], answer.json()["thumbnail_url"]):
        assert link.startswith(f"/api/v1/attachments/{answer.json()['id']}/")
        shown = await world.resident.client.get(link)
        assert shown.status_code == 200 and "content-disposition" not in shown.headers


async def test_a_name_in_no_encoding_does_no_harm(world: World) -> None:
    for name in (b"\xff\xfe\xfd.jpg", "门.jpg".encode("gbk"), "门.jpg".encode("utf-16")):
        content = part(b'form-data; name="file"; filename="' + name + b'"') + END
        answer = await world.resident.post("/attachments", content=content, headers={"content-type": FORM})
        assert answer.status_code in (201, 400), (name, answer.text)
