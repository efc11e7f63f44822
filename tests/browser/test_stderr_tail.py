import os

import pytest

from wad.browser.stderr_tail import Tail, fit_for_log

LINES = {
    "[12:34:1123/074500.123:ERROR:gpu/x.cc(12)] Failed: -3": None,
    "GET https://web.whatsapp.com/a/b?ref=2@abc&x=1 failed": "GET https://web.whatsapp.com/a/b?... failed",
    "wss://web.whatsapp.com/ws/chat#ED=CAU end": "wss://web.whatsapp.com/ws/chat?... end",
    "at data:text/html;base64,PGh0bWw+ now": "at data:text/html;base64,... now",
    "key 2@Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MA==, next": "key [...] next",
    "open /sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq: no": None,
    "Crashing due to FD ownership violation:": None,
    "#0 0x55710e18e43e <unknown>": None,
}


@pytest.mark.parametrize(("line", "expected"), [(line, told or line) for line, told in LINES.items()])
def test_fit_for_log(line, expected):
    """Queries, data and keys are cut; messages, paths and addresses in memory stay."""
    assert expected == fit_for_log(line)


def test_a_word_without_an_end():
    """A page may write megabytes in one word; looking at it from each letter would take hours."""
    assert "x" * 300 == fit_for_log("x" * (1 << 20))


@pytest.mark.parametrize("piece", [1, 5, 1000])
async def test_lines_however_they_are_cut(piece):
    """Lines are kept whole however they arrive, the unfinished last one too; noise about buses is left out."""
    reads, writes = os.pipe()
    os.set_blocking(reads, False)
    tail = Tail(reads)
    data = "one\n[1:2:ERROR:dbus/bus.cc:405] Failed\ntwo é\nthree".encode()
    for start in range(0, len(data), piece):
        os.write(writes, data[start : start + piece])
        tail._read()
    os.close(writes)
    tail.close()
    tail.close()

    assert ("one", "two é", "three") == tail.lines
