"""A site that serves for a while is no larger for it. Nothing is timed, so that other tests may run beside it."""

import pytest

from tests.faults.figures import Note
from tests.faults.load import Load, Stage, failures
from tests.faults.serving import IS_WHOLE, Site, Web, mixture


@pytest.mark.skipif(not IS_WHOLE, reason="half an hour: FAULTS=whole")
def test_half_an_hour_makes_it_no_larger(site: Site, web: Web, note: Note) -> None:
    """Of a site that has served for a while: each thread and connection has been there, and shelves are as full as they get."""
    shares = {"anonymous": 0.7, "signed_in": 0.2}
    with Load(web.port, [Stage(60, 300)], mixture(site, **shares)):
        pass
    sizes = [web.megabytes()]
    connections = [site.connections()]

    with Load(web.port, [Stage(12, 1800)], mixture(site, **shares)) as load:
        for minute in range(1, 30):
            load.wait_until(60 * minute)
            sizes.append(web.megabytes())
            connections.append(site.connections())

    note("R30", "MB before", sizes[0])
    note("R30", "memory after half an hour, of that", sizes[-1] / sizes[0], at_most=1.1)
    note("R30", "connections, most and least", max(connections) - min(connections), at_most=4)
    note("R30", "failures at 12/s", len(failures(load.answers)), at_most=0)
    assert sizes[-1] < 2 * sizes[0]
