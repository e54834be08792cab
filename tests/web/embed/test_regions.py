"""The regions that the box for asking knows by the reader's clock."""

import re
from zoneinfo import available_timezones

from navis_api.questions.safety.notices import DEFAULT_REGION, contacts_by_region
from navis_api.web.assets import static_file


def zones() -> dict[str, set[str]]:
    """The table of the script: zones by region."""
    source = static_file("ask/regions.js").decode()
    table = source[source.index("const ZONES") : source.index("const regionNamed")]
    table = re.sub(r'"\s*\+\s*"', "", table)
    return {
        region: {
            f"{area}/{place}"
            for area, places in re.findall(r'(\w+):\s*"([^"]*)"', inner)
            for place in places.split()
        }
        for region, inner in re.findall(r"\b([A-Z]{2}): \{([^}]*)\}", table)
    }


def test_each_region_that_has_numbers_of_its_own_is_known_by_its_zones() -> None:
    assert set(zones()) == set(contacts_by_region()) - {DEFAULT_REGION}


def test_every_zone_is_one_and_is_in_one_region() -> None:
    listed = [zone for found in zones().values() for zone in found]

    assert len(listed) == len(set(listed)) > 90
    assert set(listed) <= available_timezones()
