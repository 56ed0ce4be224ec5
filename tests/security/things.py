"""How the table gets a petition, an opening or a service record into the state that a call needs: by real actions."""

from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

from PIL import Image

from shared.kernel.actor import Role
from shared.kernel.clock import MovedClock
from shared.kernel.ids import new_id
from tests.security.town import Thing, Town
from tests.support.person import Person

_OFFICERS, _PLAIN = "officers_building", "building"


def photo() -> dict[str, tuple[str, bytes, str]]:
    """A small photo as a form carries it."""
    content = BytesIO()
    Image.new("RGB", (32, 32), "green").save(content, "JPEG")
    return {"file": ("a.jpg", content.getvalue(), "image/jpeg")}


class Things:
    """Makes things. A kept thing is for calls that must not change it."""

    def __init__(self, town: Town, clock: MovedClock) -> None:
        self.town = town
        self.clock = clock
        self.spare = ""  # somebody to be merged into somebody else
        self._kept: dict[tuple[str, bool], Thing] = {}
        self._day = date(2030, 1, 1)

    async def kept(self, state: str, by_organisation: bool) -> Thing:
        """One for all."""
        if (state, by_organisation) not in self._kept:
            made = self._standing(state) or await self.fresh(state, by_organisation)
            self._kept[state, by_organisation] = made
        return self._kept[state, by_organisation]

    async def fresh(self, state: str, by_organisation: bool = False) -> Thing:
        """A new one, by `noun state`; a petition may be held by an organisation instead of a person."""
        noun, _, status = state.partition(" ")
        if noun == "petition":
            return await self._petition(status, by_organisation)
        if noun == "opening":
            return await self._opening()
        if noun == "record":
            return await self._record(status)
        if noun == "photo":
            return await self._photo()
        if noun == "area":
            return await self._area()
        if noun == "person":
            return await self._person()
        if noun == "care":
            return await self._care()
        if noun in ("facility", "service"):
            return await self._entry(noun)
        if noun == "household":
            return await self._household()
        if noun in ("office", "holder"):
            return await self._office("owner" if noun == "office" else "volunteer", noun)
        if noun == "grant":
            return await self._grant()
        if noun in ("organisation", "support"):
            return await self._organisation(supporting=noun == "support")
        if noun in ("membership", "enrolment", "unit", "member"):
            return await self._tie(noun)
        if noun in ("council", "community"):
            return await self._council(noun)
        if noun in ("agreement", "resource", "need", "project"):
            return await self._of_council(noun)
        return self._standing(noun) or Thing("", _PLAIN, self.town.ids["owner"], self.town.ids["officer"])

    def _standing(self, noun: str) -> Thing | None:
        """What the town came with."""
        ids = self.town.ids
        if noun in ("unit", "member"):
            return self._unit(str(ids["committee"]))
        if noun == "organisation":
            committee = ids["committee"]
            return Thing(
                str(committee), "here", ids["owner"], ids["officer"], committee, another=str(ids["company here"])
            )
        if noun == "community":
            return Thing(str(ids["here"]), "here", ids["owner"], ids["officer"])
        known = {"area": ids[_PLAIN], "category": ids["doors"]}
        another = str(ids[_OFFICERS]) if noun == "area" else ""
        return Thing(str(known[noun]), _PLAIN, ids["owner"], ids["officer"], another=another) if noun in known else None

    def _unit(self, id: str) -> Thing:
        """Something about the committee and the owner, who works there."""
        ids = self.town.ids
        return Thing(id, "here", ids["owner"], ids["officer"], ids["committee"])

    async def _tie(self, noun: str) -> Thing:
        """A membership or an enrolment of the owner's, or room for one: what there was has ended."""
        ids, admin = self.town.ids, self.town.person(self.town.ids["staff"], Role.COMMUNITY_ADMIN, "here")
        for listed in (
            f"/memberships?organisation={ids['committee']}&kind=member",
            f"/enrolments?community={ids['here']}",
        ):
            for item in (await admin.get(listed)).json()["items"]:
                if item["state"] != "ended":
                    await _done(admin, f"{listed.partition('?')[0]}/{item['id']}/end", {})
        body = {"organisation_id": str(ids["committee"]), "person_id": str(ids["owner"])}
        if noun == "membership":
            return self._unit((await _done(admin, "/memberships", {**body, "kind": "member"}, 201))["id"])
        if noun == "enrolment":
            return self._unit(
                (await _done(admin, "/enrolments", {**body, "community_id": str(ids["here"])}, 201))["id"]
            )
        return self._unit(str(ids["committee"]))

    async def _of_council(self, noun: str) -> Thing:
        """Something on a list of a new council: `another` is the council, or the clause of an agreement."""
        ids, staff = self.town.ids, self.town.staff()
        council = (await self._council("council")).id
        ids["council"] = UUID(council)
        of = {"council_id": council, "title": "清单"}
        need = {"kind": "room"}
        promised = {
            "starts_on": "2026-01-01",
            "ends_on": "2199-01-01",
            "party_ids": [str(ids["committee"])],
            "clauses": [{"field": "safety", "text": "巡逻"}],
        }
        bodies: dict[str, dict[str, Any]] = {"need": need, "agreement": promised}
        bodies["resource"] = {**need, "organisation_id": str(ids["committee"])}
        if noun == "project":
            bodies["project"] = {"need_ids": [(await _done(staff, "/needs", of | need, 201))["id"]]}
        made = await _done(staff, f"/{noun}s", of | bodies[noun], 201)
        another = made["clauses"][0]["id"] if noun == "agreement" else council
        return Thing(made["id"], "here", ids["owner"], ids["officer"], another=another)

    async def _council(self, noun: str) -> Thing:
        """The council of the community, in which the committee sits; or the community without one."""
        ids, admin = self.town.ids, self.town.person(self.town.ids["staff"], Role.COMMUNITY_ADMIN, "here")
        closing = "update organisation set closed = true where kind = 'council' and tenant_id = $1"
        await self.town.house("directory").pool.execute(closing, ids["here"])
        if noun == "community":
            return Thing(str(ids["here"]), "here", ids["owner"], ids["officer"])
        council = await _done(admin, "/councils", {"area_id": str(ids["here"]), "name": "大党委"}, 201)
        await _done(admin, f"/councils/{council['id']}/seat", {"organisation_id": str(ids["committee"])})
        return Thing(council["id"], "here", ids["owner"], ids["officer"])

    async def _area(self) -> Thing:
        """A new building in the grid, and another one beside it."""
        ids = self.town.ids
        admin = self.town.person(ids["staff"], Role.COMMUNITY_ADMIN, "here")
        body = {"parent_id": str(ids["grid"]), "kind": "building", "name": "新楼"}
        area, another = [(await _done(admin, "/areas", body, 201))["id"] for _ in range(2)]
        ids[area] = UUID(area)
        return Thing(area, area, ids["owner"], ids["officer"], another=another)

    async def _person(self) -> Thing:
        """Somebody new in the building, with a telephone of their own, which the thing is known by."""
        ids, phone = self.town.ids, f"138{new_id().int % 10**8:08}"
        body = {"name": "住户", "home_id": str(ids[_PLAIN]), "phone": phone}
        person = (await _done(self.town.staff(), "/people", body, 201))["id"]
        return Thing(person, _PLAIN, UUID(person), ids["officer"], another=phone)

    async def _care(self) -> Thing:
        """Somebody whom the officer looks after."""
        person, admin = await self._person(), self.town.person(self.town.ids["staff"], Role.COMMUNITY_ADMIN, "here")
        await self.town.give_role(self.town.ids["staff"], Role.COMMUNITY_ADMIN, "here")
        body = {"kinds": ["lives_alone"], "helper_ids": [str(self.town.ids["officer"])]}
        path = f"/api/v1/people/{person.id}/care"
        answer = await admin.call("PUT", path, json=body, headers={"if-match": '"0-0"'})
        assert answer.status_code == 200, answer.text
        return person

    async def _household(self) -> Thing:
        ids = self.town.ids
        path = f"/areas/{ids[_PLAIN]}/households"
        household = await _done(self.town.staff(), path, {"door": str(new_id())}, 201)
        return Thing(household["id"], _PLAIN, ids["owner"], ids["officer"])

    async def _office(self, person: str, noun: str) -> Thing:
        """Somebody is contact of a new building: the office, or who holds it."""
        area, ids = await self._area(), self.town.ids
        admin = self.town.person(ids["staff"], Role.COMMUNITY_ADMIN, "here")
        await self.town.stand(admin)
        body = {"person_id": str(ids[person]), "kind": "floor_contact", "area_id": area.id}
        made = await _done(admin, "/offices", body, 201)
        return replace(area, id=made["id"] if noun == "office" else str(ids[person]))

    async def _grant(self) -> Thing:
        """A neighbour is head of a new building."""
        area, ids = await self._area(), self.town.ids
        admin = self.town.person(ids["staff"], Role.COMMUNITY_ADMIN, "here")
        await self.town.stand(admin)
        body = {"person_id": str(ids["volunteer"]), "role": "building_head", "area_id": area.id}
        return replace(area, id=(await _done(admin, "/grants", body, 201))["id"])

    def days(self) -> dict[str, str]:
        """A day of its own, far off, for each office that would be one too many at a time."""
        self._day += timedelta(days=1)
        return {"starts_on": str(self._day), "ends_on": str(self._day + timedelta(days=1))}

    async def _organisation(self, *, supporting: bool) -> Thing:
        """A new organisation of the community, and another one beside it, or an area that it supports."""
        ids = self.town.ids
        admin = self.town.person(ids["staff"], Role.COMMUNITY_ADMIN, "here")
        body = {"tenant_id": str(ids["here"]), "kind": "school", "name": "新学校", "confirm_new": True}
        made, another = [(await _done(admin, "/organisations", body, 201))["id"] for _ in range(2)]
        if supporting:
            detail = await _done(admin, f"/organisations/{made}/supports", {"area_id": str(ids["here"])})
            another = detail["supports"][0]["id"]
        return Thing(made, "here", ids["owner"], ids["officer"], UUID(made), another=another)

    async def _entry(self, noun: str) -> Thing:
        """A library in the building, or legal advice for it."""
        ids, town = self.town.ids, self.town
        path, body = "/services", {"category": "legal", "name": "咨询", "area_id": str(ids[_PLAIN])}
        if noun == "facility":
            path, body = "/facilities", {"kind": "library", "name": "馆", "location": town.location(_PLAIN)}
        made = await _done(town.staff(), path, body, 201)
        return Thing(made["id"], _PLAIN, ids["owner"], ids["officer"])

    async def _petition(self, status: str, by_organisation: bool) -> Thing:
        town = self.town
        area, holder = (_PLAIN, town.committee()) if by_organisation else (_OFFICERS, town.officer())
        reporter = town.person(town.ids["owner"], Role.RESIDENT, "here")
        body = {"text": "三号楼的路灯不亮了", "location": town.location(area)}
        petition = await _done(reporter, "/petitions", body, 201)
        path = f"/petitions/{petition['id']}"
        for action, who, body in (
            ("accept", town.staff(), {}),
            ("start", holder, {}),
            ("resolve", holder, {"outcome": "solved", "text": "已经修好了"}),
        ):
            if petition["status"] != status:
                petition = await _done(who, f"{path}/{action}", body)
        assert petition["status"] == status
        organisation = town.ids["committee"] if by_organisation else None
        return Thing(petition["id"], area, town.ids["owner"], town.ids["officer"], organisation)

    def offer(self, **where: str) -> dict[str, Any]:
        """A good body of POST /openings, for something that begins now."""
        now = self.clock.now()
        window = {"starts_at": now.isoformat(), "ends_at": (now + timedelta(hours=2)).isoformat()}
        words = {"kind": "task", "title": "值守", "text": "在单元门口值守。"}
        return {**words, "capacity": 9, "points": 5, **window, **where}

    async def _opening(self) -> Thing:
        """A task out of a petition: whoever holds the petition leads it."""
        petition = await self.kept("petition submitted", by_organisation=False)
        made = await _done(self.town.officer(), "/openings", self.offer(petition_id=petition.id), 201)
        return replace(petition, id=made["id"], opening=made["id"], owner=new_id())

    async def _record(self, status: str) -> Thing:
        opening = await self._opening()
        thing = replace(opening, owner=new_id())
        volunteer = self.town.person(thing.owner, Role.VOLUNTEER, "here")
        record = await _done(volunteer, f"/openings/{opening.id}/claim", {}, 201)
        for action in ("check-in", "check-out", "submit"):
            if record["status"] != status:
                body = {"text": "值守了两小时"} if action == "submit" else {"code": await self.code(thing)}
                record = await _done(volunteer, f"/service-records/{record['id']}/{action}", body)
        assert record["status"] == status
        return replace(thing, id=record["id"])

    async def _photo(self) -> Thing:
        uploaded = await self.town.staff().post("/attachments", files=photo())
        return Thing(uploaded.json()["id"], _PLAIN, self.town.ids["staff"], self.town.ids["officer"])

    async def code(self, thing: Thing) -> str:
        """The code that the leader of the thing's opening shows."""
        answer = await self.town.officer().get(f"/openings/{thing.opening}/check-in-code")
        return str(answer.json()["code"])


async def _done(who: Person, path: str, body: dict[str, Any], status: int = 200) -> dict[str, Any]:
    answer = await who.post(path, body)
    assert answer.status_code == status, f"{path}: {answer.text}"
    return dict(answer.json())
