"""What the volunteers of 花园路街道 do in its yards: 28 services on a timetable, in turn a compound of each
community."""

from datetime import date

from deploy.demo.huayuanlu.areas import STREET, areas, district
from deploy.demo.volunteer_services import volunteer_services
from services.directory.domain.hours import Schedule, Weekly, span
from services.directory.domain.seed_catalogue import FacilitySeed, ServiceSeed

_STATION = "organisations/huayuanlu/station"
#: The timetable's first day, and how often each compound has its turn from then on.
_BEGINS, _VISITS = date(2026, 1, 5), 10
_HOURS = Schedule((Weekly(frozenset(range(6)), span("08:30-17:30")),))


def facility_seeds() -> list[FacilitySeed]:
    """The volunteer service station, in the middle of the street."""
    centre = next(area.centre for area in areas() if area.key == STREET)
    assert centre is not None
    key, name = "facilities/huayuanlu/station", "花园路街道志愿服务站"
    return [FacilitySeed(key, STREET, "volunteer_station", name, centre, organisation_key=_STATION, schedule=_HOURS)]


def service_seeds() -> list[ServiceSeed]:
    """The 28 services."""
    yards = [community.of("compound")[0].key for community in district().of("community")]
    return volunteer_services(STREET, yards, _BEGINS, _STATION, _VISITS)
