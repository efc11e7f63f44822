"""Half an hour of WhatsApp's clocks with everything at once; `script/soak` does it for long."""

from dataclasses import replace

from soak import BOUNDS, Sample, Soak, grown

SAMPLES = [Sample(float(at), 126, 5, 937, 45.0, 1.0, 4.0) for at in range(30)]


async def test_everything_at_once(folder):
    """A hundred clients, messages both ways, a fault now and then: nothing grows, and the link is there at the end."""
    soak = Soak(folder)
    await soak.run(30)

    assert soak.faults
    assert soak.accepted > 10
    assert soak.received > 10
    assert [] == grown(soak.samples)


def test_growth_is_seen():
    """What grows by more than it may is named, each by itself; what goes up and down is not."""
    wave = [replace(each, descriptors=126 + 20 * (int(each.at) % 2)) for each in SAMPLES]
    named = {}
    for name, (_, granted) in BOUNDS.items():
        rising = [
            replace(each, **{name: (getattr(each, name) + granted) * (1 + each.at / 20)}) for each in SAMPLES
        ]
        named[name] = [line.partition(":")[0] for line in grown(rising)]

    assert [] == grown(SAMPLES)
    assert [] == grown(wave)
    assert {name: [name] for name in BOUNDS} == named
