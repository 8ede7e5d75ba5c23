"""An encrypted stream can be opened only with its passphrase, and only unaltered."""

import io

import pytest

from config.copies.seal import BLOCK, TAG_BYTES, BadCopy, Opener, Sealer

SECRET = b"a passphrase of a village"


def sealed(content: bytes, part: int = 10_000) -> bytes:
    file = io.BytesIO()
    sealer = Sealer(file, SECRET)
    for start in range(0, len(content), part):
        sealer.write(content[start : start + part])
    sealer.close()
    return file.getvalue()


def opened(copy: bytes, secret: bytes = SECRET) -> bytes:
    opener, found = Opener(io.BytesIO(copy), secret), []
    while block := opener.read(7_000):
        found.append(block)
    return b"".join(found)


@pytest.mark.parametrize("size", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK])
def test_what_was_sealed_is_opened(size):
    content = bytes(range(256)) * (size // 256 + 1)
    assert opened(sealed(content[:size])) == content[:size]


def test_the_same_content_is_sealed_differently_each_time_and_not_readable():
    one, two = sealed(b"1380000000" * 50), sealed(b"1380000000" * 50)
    assert one != two
    assert b"1380000000" not in one


def test_every_altered_byte_is_noticed():
    whole = sealed(b"rows and files" * 4)
    for at in range(len(whole)):
        altered = bytearray(whole)
        altered[at] ^= 1
        with pytest.raises(BadCopy):
            opened(bytes(altered))


@pytest.mark.parametrize(
    "left", [0, 10, 51, 60, 51 + BLOCK, 51 + BLOCK + TAG_BYTES, 51 + BLOCK + TAG_BYTES + 20]
)
def test_a_copy_cut_short_is_noticed_also_between_two_blocks(left):
    whole = sealed(b"x" * (2 * BLOCK + 5))
    with pytest.raises(BadCopy):
        opened(whole[:left])


def test_a_longer_copy_and_blocks_in_another_order_are_noticed():
    whole = sealed(b"x" * BLOCK + b"y" * BLOCK + b"z")
    size = BLOCK + TAG_BYTES
    swapped = whole[:51] + whole[51 + size : 51 + 2 * size] + whole[51 : 51 + size] + whole[51 + 2 * size :]
    for wrong in (whole + b"\0", whole + whole[51:], swapped):
        with pytest.raises(BadCopy, match="damaged"):
            opened(wrong)


def test_the_wrong_passphrase_is_told_from_a_damaged_copy():
    with pytest.raises(BadCopy, match="does not open with this passphrase"):
        opened(sealed(b"rows"), b"another passphrase")
    with pytest.raises(BadCopy, match="not a copy of a site"):
        opened(b"PK\3\4 some other file" * 9)
