"""People are entered and corrected."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from services.directory.actions.households import door_in
from services.directory.actions.registering import Register, carry_out
from services.directory.actions.sealed import indexes_of
from services.directory.domain import contact
from services.directory.domain.contact import Field, ToSeal
from services.directory.domain.days import day_of
from services.directory.domain.errors import PersonMerged
from services.directory.domain.people import PARTY_KEEPERS, REGISTRARS, Record, acting_as, ages
from services.directory.domain.plan import Row
from services.directory.house import House
from services.directory.queries import people
from services.directory.queries.me import me
from shared.infra.idempotency import Once
from shared.kernel.actor import Actor
from shared.kernel.errors import FieldProblem, Invalid, NotFound, StaleVersion
from shared.kernel.ids import new_id

#: What was said of the sealed fields; those that are not there stay as they are, None takes one away.
Texts = Mapping[Field, str | None]

_AREA = "select tenant_id, id, ancestors, closed from area where id = $1"
_ORGANISATION = "select true from organisation where id = $1 and not closed"


async def create(
    house: House, actor: Actor, record: Record, kept_by: UUID | None, texts: Texts, once: Once
) -> tuple[bytes, int]:
    """A new person, at home in an area or kept by a community all the same; gives the detail and its version."""

    async def work(register: Register) -> UUID:
        pointer = "/home_id" if record.home_id else "/kept_by"
        area = await _place(register, actor, pointer, record.home_id or kept_by)
        if not record.home_id and area["tenant_id"] != area["id"]:
            raise Invalid(fields=[_unknown_area("/kept_by")])
        id = new_id(register.at)
        row = {"tenant_id": area["tenant_id"], "id": id, "version": 1, "household_id": None, "party_member": False}
        row |= {"erased": False, "merged_into": None, "external_key": f"person/{id}"}
        await _write(register, actor, row, record, texts, area, "create")
        await register.finish(row["tenant_id"], id, once)
        return id

    id = await carry_out(house, actor, once, work)
    return await people.detail(house.pool, house.sealer, actor, id, day_of(house.clock.now()))


async def change(
    house: House, actor: Actor, person_id: UUID, version: int, record: Record, texts: Texts, once: Once
) -> tuple[bytes, int]:
    """What the register says of a person, over the version that the caller has read."""

    async def work(register: Register) -> UUID:
        row = (await register.people(person_id)).get(person_id)
        path = await people.path_of(register.connection, person_id, actor.area_roots(REGISTRARS))
        if row is None:
            raise NotFound
        if row["merged_into"]:
            raise PersonMerged(state="merged", allowed_actions=[], survivor=row["merged_into"])
        register.role = acting_as(actor, path, REGISTRARS) or ""
        if row["version"] != version:
            raise StaleVersion
        if record.home_id != row["home_id"]:
            # Where they go, the caller has a say as well: nobody puts somebody out of their own sight.
            area = await _place(register, actor, "/home_id", record.home_id or row["tenant_id"])
            if area["tenant_id"] != row["tenant_id"]:
                zh, en = "人员由原社区管理；请在新社区登记后合并", "kept by another community: enter them there"
                raise Invalid(fields=[FieldProblem("/home_id", "other_tenant", zh, en)])
        else:
            there = await _area(register, record.home_id or row["tenant_id"])
            if there is None:
                raise NotFound
            area = there
        await _write(register, actor, row | {"version": version + 1}, record, texts, area, "update")
        await register.finish(row["tenant_id"], person_id, once)
        return person_id

    await carry_out(house, actor, once, work)
    return await people.detail(house.pool, house.sealer, actor, person_id, day_of(house.clock.now()))


async def correct(house: House, actor: Actor, version: int, texts: Texts, once: Once) -> tuple[bytes, int]:
    """What somebody says of themselves: telephone and address, over the version that they have read of `/me`."""

    async def work(register: Register) -> UUID:
        row = (await register.people(actor.person_id)).get(actor.person_id)
        if row is None or row["merged_into"]:
            raise NotFound
        if row["version"] != version:
            raise StaleVersion
        register.role = "self"
        kept, wrong = contact.read("", texts, register.day)
        if wrong:
            raise Invalid(fields=wrong)
        row |= {"version": version + 1}
        await register.store("person", row)
        changed = await _seal(register, row, kept)
        await register.note(row, "correct", {"fields": changed})
        await register.finish(row["tenant_id"], row["id"], once)
        return actor.person_id

    await carry_out(house, actor, once, work)
    return await me(house.pool, house.sealer, actor, day_of(house.clock.now()))


async def _place(register: Register, actor: Actor, pointer: str, area_id: UUID | None) -> Row:
    """The open area that somebody is to be entered in; one where the caller has no say is none."""
    area = await _area(register, area_id) if area_id else None
    role = acting_as(actor, [*area["ancestors"], area["id"]], REGISTRARS) if area else None
    if area is None or role is None or area["closed"]:
        raise Invalid(fields=[_unknown_area(pointer)])
    register.role = role
    return area


async def _area(register: Register, area_id: UUID) -> Row | None:
    row = await register.connection.fetchrow(_AREA, area_id)
    return dict(row) if row else None


async def _write(
    register: Register, actor: Actor, row: Row, record: Record, texts: Texts, area: Row, action: str
) -> None:
    """The row with what the record says, its sealed texts and its line of history; raises with all that is wrong."""
    path = [*area["ancestors"], area["id"]]
    kept, wrong = contact.read("", texts, register.day)
    born = contact.birth_year(kept.get(Field.ID_NUMBER))
    wrong += [*_check(actor, path, record, born, register.day)]
    if kept.get(Field.DOOR) and not record.home_id:
        zh, en = "有门牌就要有所在区域", "a door is a door of the home"
        wrong.append(FieldProblem("/door", "door_without_home", zh, en))
    if record.work_organisation_id and not await register.connection.fetchval(
        _ORGANISATION, record.work_organisation_id
    ):
        wrong.append(FieldProblem("/work_organisation_id", "unknown_organisation", "没有这个单位", "no such one"))
    if wrong:
        raise Invalid(fields=wrong)
    before = dict(row)
    row |= {
        "name": record.name,
        "home_id": record.home_id,
        "birth_year": record.birth_year or born or before.get("birth_year"),
        "skills": list(record.skills),
        "work_organisation_id": record.work_organisation_id,
    }
    if record.party_member is not None:
        row["party_member"] = record.party_member
    if record.home_id != before.get("home_id"):
        row["household_id"] = None
    if Field.DOOR in kept:
        door = kept.pop(Field.DOOR)
        row["household_id"] = await door_in(register, area, door) if door else None
    await register.store("person", row)
    changed = [name for name in row if name in before and row[name] != before[name] and name != "version"]
    changed += await _seal(register, row, kept)
    await register.note(row, action, {"fields": sorted(changed)} if action == "update" else {})


def _check(actor: Actor, path: Sequence[UUID], record: Record, born: int | None, day: date) -> list[FieldProblem]:
    wrong = []
    if not ages(record.birth_year, day):
        wrong.append(FieldProblem("/birth_year", "birth_year", "出生年份不对", "nobody alive was born then"))
    elif born and record.birth_year and born != record.birth_year:
        zh, en = "与身份证号中的出生年份不同", "another year than in the identity number"
        wrong.append(FieldProblem("/birth_year", "other_birth_year", zh, en))
    if record.party_member is not None and not acting_as(actor, path, PARTY_KEEPERS):
        zh, en = "党员身份由社区管理员登记", "party membership is entered by the community's administrators"
        wrong.append(FieldProblem("/party_member", "not_yours", zh, en))
    return wrong


async def _seal(register: Register, row: Row, kept: Mapping[Field, str | None]) -> list[str]:
    """Seals what differs from what is there; gives the names of those fields."""
    there = (await indexes_of(register.connection, [row["id"]]))[row["id"]]
    wanted = {field: register.sealer.blind(field, text).hex() if text else None for field, text in kept.items()}
    changed = [field for field in kept if wanted[field] != there.get(field.value)]
    await register.seal(ToSeal(row["tenant_id"], row["id"], field, kept[field]) for field in changed)
    return [field.value for field in changed]


def _unknown_area(pointer: str) -> FieldProblem:
    zh, en = "没有这个区域，或它不在您的负责范围内", "no such area, or it is not yours to look after"
    return FieldProblem(pointer, "unknown_area", zh, en)
