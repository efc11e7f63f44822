"""Large files in and out, one and many at once: nothing of them is ever whole in the daemon's memory."""

import asyncio

import pytest
from media_elsewhere import MIB, elsewhere, file_of
from message_kills import PEOPLE

# Of what the daemon has before: its pieces, its threads' stacks, and what Python keeps of both.
_FLAT = 16.0
_FILM = b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41"


@pytest.mark.timeout(seconds=600)
async def test_large_files_leave_the_memory_flat(folder):
    """A document of 64 MiB and a film of 15 MiB, out and in, the first over a slow line; then ten at once."""
    document, name = file_of(folder, "large.bin", 64 * MIB, 1)
    film, _ = file_of(folder, "film.mp4", 15 * MIB, 2)
    with film.open("r+b") as file:
        file.write(_FILM)
    small = [file_of(folder, f"small-{number}.bin", 4 * MIB, 10 + number) for number in range(10)]
    async with elsewhere(folder / "state") as house:
        # Once before: what Python loads with the first file is no growth.
        await house.send(small[0][0], PEOPLE[0])
        await house.arrived(1)
        before = house.memory()
        async with house.measured():
            slow = await house.send(document, PEOPLE[0], pause=0.05)
            moving = await house.send(film, PEOPLE[1])
            told = await house.arrived(3)
            outwards = house.peak - before
            came = [
                await house.press("receive", **{"from": PEOPLE[0], "text": "", "media": media})
                for media in ({"kind": "document", "size": 64 * MIB}, {"kind": "video", "size": 15 * MIB})
            ]
            had = [await house.fetch(each["media"]["sha256"]) for each in came]
            inwards = house.peak - before
            answers = await asyncio.gather(
                *(house.send(path, PEOPLE[number % 4]) for number, (path, _) in enumerate(small))
            )
            many = [
                await house.press(
                    "receive",
                    **{
                        "from": PEOPLE[number % 4],
                        "text": "",
                        "media": {"kind": "document", "size": 4 * MIB + number},
                    },
                )
                for number in range(10)
            ]
            had_many = await asyncio.gather(*(house.fetch(each["media"]["sha256"]) for each in many))
            all_told = await house.arrived(13)
            at_once = house.peak - before
        print(
            f"{before:.1f} MiB; most above it: out {outwards:.1f}, in {inwards:.1f}, ten at once {at_once:.1f}"
        )

    assert [slow[0], moving[0], *(status for status, _ in answers)] == [202] * 12
    assert sorted(each["size"] for each in told) == [4 * MIB, 15 * MIB, 64 * MIB]
    assert name in {each["sha256"] for each in told}
    assert had == [(size * MIB, each["media"]["sha256"]) for size, each in zip((64, 15), came, strict=True)]
    assert had_many == [(4 * MIB + number, each["media"]["sha256"]) for number, each in enumerate(many)]
    assert {sha for _, sha in small} <= {each["sha256"] for each in all_told}
    assert max(outwards, inwards, at_once) < _FLAT
