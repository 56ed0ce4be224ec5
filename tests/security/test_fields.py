"""Who is shown which fields: each audience has a schema of its own, and what comes is exactly that schema."""

from collections.abc import Iterator
from typing import Any, get_args

import pytest
from pydantic import BaseModel, RootModel

from deploy.routes import declared_routes
from services.directory.schemas import (
    councils,
    enrolments,
    facilities,
    grants,
    joint_work,
    memberships,
    offices,
    organisations,
    people,
    services,
)
from services.petitions.schemas import petitions
from services.volunteers.schemas import openings, service_records
from shared.infra.auth import TokenIssuer
from shared.infra.web.routes import Reach
from shared.kernel.actor import Actor, Grant, Role
from shared.kernel.clock import MovedClock
from shared.kernel.ids import new_id
from tests.services.volunteers.steps import brought_to as record_brought_to
from tests.support.person import Person
from tests.support.world import World

#: Kept, and shown to nobody: what a service knows of people, and how it guards what it keeps.
NEVER_SHOWN = {
    "rating", "contacted", "given_location", "actor_id", "recorded_by", "reporter_id", "uploader_id", "caller_id",
    "secret", "salt", "note_digest", "external_key", "area_path",
}  # fmt: skip
#: Shown to some: in these schemas, and in no other.
SHOWN_IN = {
    "reporter": {petitions.PetitionForReporter, petitions.PetitionForHandler},
    "internal_note": {petitions.HandlersHistoryRow},
    "person": {
        *(service_records.ServiceRecordInFull, service_records.RecordRow),
        *(offices.OfficeItem, offices.OfficeDetail),  # who answers for an area
        *(grants.GrantItem, grants.GrantDetail, grants.GrantEvent),  # to who gives roles, and who watches over them
        people.Duplicates,
        *(memberships.MembershipItem, memberships.Membership, councils.CommitteeMember),
        *(enrolments.EnrolmentItem, enrolments.Enrolment),
    },
    "note": {
        service_records.RecordHistoryRow,
        people.Access,
        services.PlaceItem,
        services.PlaceDetail,
        joint_work.AgreementClause,
        joint_work.Project,
    },
    "own_record": {openings.Opening},
    # Of people masked; of organisations, facilities and services public.
    "phone": {
        *(people.PersonItem, people.PersonDetail, people.Contact, organisations.ContactDetail),
        *(facilities.FacilityItem, facilities.FacilityDetail),
        *(services.ServiceDetail, services.PlaceItem, services.PlaceDetail),
    },
    "address": {
        *(people.PersonDetail, people.Contact, organisations.ContactDetail),
        *(facilities.FacilityItem, facilities.FacilityDetail, facilities.Nearest),
        *(services.PlaceItem, services.PlaceDetail),
    },
    "id_number": {people.PersonDetail, people.Contact},
    "birth_year": {people.PersonDetail},
    "person_id": {people.Revealed},
}


def _models(kind: Any, around: tuple[Any, ...] = ()) -> Iterator[type[BaseModel]]:
    """A model and all that it is made of; a tree is made of trees."""
    if kind in around:
        return
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
        for field in kind.model_fields.values():
            yield from _models(field.annotation, (*around, kind))
    for part in get_args(kind):
        yield from _models(part, around)


def _names(model: type[BaseModel]) -> set[str]:
    """The members of a schema as they are written in JSON, save those that come on request."""
    return {field.alias or name for name, field in model.model_fields.items() if field.is_required()}


def _answers() -> set[type[BaseModel]]:
    return {
        model
        for declared in declared_routes()
        if declared.reach is not Reach.INTERNAL and declared.answer
        for model in _models(declared.answer)
        if not issubclass(model, RootModel)
    }


def test_no_schema_has_what_nobody_is_shown() -> None:
    for model in _answers():
        assert not NEVER_SHOWN & _names(model), model


@pytest.mark.parametrize("field", SHOWN_IN)
def test_what_some_are_shown_stands_in_their_schemas_only(field: str) -> None:
    own = {"Me", "Officer"}  # their `person` is the caller, or somebody in office
    found = {model for model in _answers() if field in _names(model) and model.__name__ not in own}
    assert found == SHOWN_IN[field]


async def a_petition(world: World) -> dict[str, Any]:
    """Held by the property company, helped by the committee, with words of every kind."""
    report = {"title": "门禁坏了", "text": "三号楼的门禁坏了", "location": world.location(), "anonymity": "public"}
    petition = (await world.resident.post("/petitions", report)).json()
    lead, other = ({"type": "organisation", "id": str(world.ids[word])} for word in ("property", "committee"))
    path = f"/petitions/{petition['id']}"
    for who, action, body in (
        (world.grid_officer, "accept", {"category": str(world.ids["doors"])}),
        (world.community_staff, "dispatch", {"lead": lead, "co_handlers": [other], "note": "住户情绪激动"}),
        (world.property_staff, "start", {"note": "已经联系"}),
        (world.property_staff, "resolve", {"outcome": "solved", "text": "修好了"}),
        (world.resident, "confirm", {"rating": 2, "contacted": False}),
    ):
        answer = await who.post(f"{path}/{action}", body)
        assert answer.status_code == 200, answer.text
    return petition


def somebody(world: World, issuer: TokenIssuer, role: Role, organisation: str) -> Person:
    actor = Actor(new_id(), (Grant(role, None, world.ids[organisation]),))
    return Person(role, actor.person_id, issuer.access_token(actor), world.resident.client)


async def test_each_audience_of_a_petition_gets_its_own_fields(world: World, issuer: TokenIssuer) -> None:
    petition = await a_petition(world)
    path = f"/petitions/{petition['id']}"
    reporter, handler, onlooker = (
        (petitions.PetitionForReporter, petitions.HistoryRow),
        (petitions.PetitionForHandler, petitions.HandlersHistoryRow),
        (petitions.PetitionForOnlooker, petitions.HistoryRow),
    )
    audiences = {
        world.resident: reporter,
        world.property_staff: handler,
        world.community_staff: handler,
        world.street_staff: handler,
        world.grid_officer: onlooker,
        world.building_head: onlooker,
        world.oversight: onlooker,
        somebody(world, issuer, Role.ORGANISATION_STAFF, "committee"): onlooker,
    }
    for who, (detail, row) in audiences.items():
        shown = (await who.get(path)).json()
        assert set(shown) == _names(detail), who.name
        history = (await who.get(f"{path}/history")).json()["items"]
        assert shown["history"] == history and len(history) == 6
        assert all(set(each) == _names(row) for each in history), who.name
        for listed in ("mine", "held", "area"):
            rows = (await who.get(f"/petitions?scope={listed}&status=closed")).json()["items"]
            assert all(set(each) == _names(petitions.PetitionRow) for each in rows)
    for name in ("neighbour", "volunteer", "team_leader", "platform_admin", "stranger", "strange_staff"):
        assert (await world.people[name].get(path)).status_code == 404, name
        assert (await world.people[name].get(f"{path}/history")).status_code == 404, name


async def test_words_for_those_inside_and_the_reporters_name_reach_nobody_else(world: World) -> None:
    petition = await a_petition(world)
    path, name = f"/petitions/{petition['id']}", (await world.resident.get("/me")).json()["person"]["name"]
    for who in (world.grid_officer, world.building_head, world.oversight):
        everything = (await who.get(path)).text + (await who.get(f"{path}/history")).text
        everything += (await who.get("/petitions?scope=area&status=closed")).text
        assert name not in everything and str(world.resident.id) not in everything and "情绪" not in everything
    assert "情绪" not in (await world.resident.get(path)).text
    for who in (world.property_staff, world.community_staff):
        seen = (await who.get(path)).text
        assert name in seen and "情绪" in seen


async def test_each_audience_of_a_service_record_gets_its_own_fields(world: World, clock: MovedClock) -> None:
    record = await record_brought_to(world, clock, "submitted")
    path = f"/service-records/{record['id']}"
    full = (service_records.ServiceRecordInFull, service_records.RecordHistoryRow, service_records.RecordRow)
    overseen = (
        service_records.OverseenServiceRecord,
        service_records.OverseenHistoryRow,
        service_records.OverseenRecordRow,
    )
    audiences = {
        world.volunteer: (*full, "mine"),
        world.team_leader: (*full, "led"),
        world.community_staff: (*full, "area"),
        world.street_staff: (*full, "area"),
        world.oversight: (*overseen, "area"),
    }
    for who, (detail, change, row, listed) in audiences.items():
        shown = (await who.get(path)).json()
        assert set(shown) == _names(detail), who.name
        assert all(set(each) == _names(change) for each in shown["history"]), who.name
        (item,) = (await who.get(f"/service-records?scope={listed}")).json()["items"]
        assert set(item) == _names(row), who.name
    for name in ("volunteer2", "resident", "building_head", "property_staff", "stranger", "strange_staff"):
        assert (await world.people[name].get(path)).status_code == 404, name
    overseen_text = (await world.oversight.get(path)).text + (
        await world.oversight.get("/service-records?scope=area")
    ).text
    assert str(world.volunteer.id) not in overseen_text and "老人" not in overseen_text


async def test_an_opening_names_its_leader_and_no_volunteer_and_the_code_is_for_those_who_show_it(
    world: World, clock: MovedClock
) -> None:
    record = await record_brought_to(world, clock, "confirmed")
    path = f"/openings/{record['opening']['id']}"
    for name in ("volunteer", "volunteer2", "resident", "community_staff", "oversight", "property_staff"):
        who = world.people[name]
        shown = await who.get(path)
        assert set(shown.json()) == _names(openings.Opening), name
        (item,) = (await who.get("/openings")).json()["items"]
        assert set(item) == _names(openings.OpeningRow), name
        assert name == "volunteer" or str(world.volunteer.id) not in shown.text
        code = await who.get(f"{path}/check-in-code")
        assert code.status_code == (200 if name == "community_staff" else 403), name
        assert (shown.json()["own_record"] is not None) == (name == "volunteer")
