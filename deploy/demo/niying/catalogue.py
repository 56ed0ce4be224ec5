"""What one can get in 泥营社区: 44 services in its hall, and what lies within 15 minutes on foot for living, sports and
care. Names are made up."""

from deploy.demo.counter_services import counter_services
from deploy.demo.niying.areas import COMMUNITY, areas, district
from services.directory.domain.hours import Schedule, Weekly, span
from services.directory.domain.seed_catalogue import FacilitySeed, ServiceSeed

_HALL = "facilities/niying/hall"
_COMMITTEE = "organisations/niying/committee"
_WORKDAYS, _EVERY_DAY = frozenset(range(5)), frozenset(range(7))
_OFFICE = Schedule((Weekly(_WORKDAYS, span("08:30-12:00")), Weekly(_WORKDAYS, span("14:30-18:00"))))
_DAILY = Schedule((Weekly(_EVERY_DAY, span("07:00-21:00")),), observes_holidays=False)

#: Short word, kind, name, and the number of the compound at which it lies.
_FACILITIES: tuple[tuple[str, str, str, int], ...] = (
    ("centre", "neighbourhood_centre", "泥营邻里中心", 9),
    ("market-1", "market", "泥营农贸市场", 2),
    ("market-2", "market", "宛东便民菜店", 12),
    ("store-1", "convenience_store", "家家便利店", 5),
    ("store-2", "convenience_store", "月季便利店", 14),
    ("parcels", "parcel_station", "泥营快递驿站", 7),
    ("repairs", "repair_shop", "巧匠便民维修点", 4),
    ("library", "library", "泥营社区图书室", 9),
    ("clinic", "clinic", "仲景社区卫生服务站", 10),
    ("mediation", "mediation_room", "泥营社区调解室", 8),
    ("volunteers", "volunteer_station", "泥营社区志愿服务站", 8),
    ("ground", "sports_ground", "泥营小学运动场", 6),
    ("fitness-1", "fitness_corner", "仲景花园健身角", 1),
    ("fitness-2", "fitness_corner", "白河印象健身角", 11),
    ("fitness-3", "fitness_corner", "宛城绿洲健身角", 18),
    ("park", "park", "滨河口袋公园", 12),
    ("activities", "activity_room", "泥营社区文体活动室", 9),
    ("care", "care_centre", "孝老居家养老服务中心", 8),
    ("canteen", "canteen", "泥营老年食堂", 3),
    ("nursery", "nursery", "月季花托育点", 14),
    ("kindergarten", "kindergarten", "月季花幼儿园", 14),
    ("school", "school", "泥营小学", 6),
)


def facility_seeds() -> list[FacilitySeed]:
    """The service hall in the middle of the community, and what lies at its compounds."""
    centres = {area.key: area.centre or (0.0, 0.0) for area in areas() if area.kind in ("community", "compound")}
    compounds = [compound.key for compound in district().of("compound")]
    hall = FacilitySeed(
        _HALL, COMMUNITY, "service_hall", "泥营社区便民服务大厅", centres[COMMUNITY],
        organisation_key=_COMMITTEE, access=("ramp", "low_counter"), schedule=_OFFICE,
    )  # fmt: skip
    return [
        hall,
        *(
            FacilitySeed(
                f"facilities/niying/{short}", COMMUNITY, kind, name, centres[compounds[number - 1]], schedule=_DAILY
            )
            for short, kind, name, number in _FACILITIES
        ),
    ]


def service_seeds() -> list[ServiceSeed]:
    """The 44 services of the hall."""
    return counter_services(COMMUNITY, _HALL, _COMMITTEE)
