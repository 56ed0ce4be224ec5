"""Problems that only the directory knows."""

from shared.kernel.errors import Conflict, FieldProblem, Forbidden, Invalid, NotFound, Problem


class OutsideEveryArea(NotFound):
    code = "directory.outside_every_area"
    title = ("这个位置不在任何已登记的区域里", "This place is outside of every area")
    detail = (
        "目前没有区域的边界包含这个点，请检查经纬度和坐标系（gcj02 或 wgs84）。",
        "No area's boundary holds this point; check the point and its coordinate system (gcj02 or wgs84).",
    )


class FeedRestarted(Problem):
    """The place in the change feed was given by a database that this one is not any more."""

    code, status = "directory.feed_restarted", 410
    title = ("变更流已重新开始", "The change feed began anew")
    detail = (
        "组织目录从备份恢复过，或换了数据库服务器。请从头读取（不带 after）。",
        "The directory was restored, or its database moved. Read from the start, without `after`.",
    )


class SeedRefused(Invalid):
    """What was to be loaded contradicts itself or what is there; `fields` names every wrong row."""

    code = "directory.seed_refused"
    title = ("要导入的组织目录有问题", "The directory data to be loaded has problems")
    detail = ("请按 errors 逐项修改，没有任何内容被保存。", "Mend each row in errors; nothing was stored.")


class NotYours(Forbidden):
    code = "directory.not_yours"
    title = ("您不负责这个区域", "This area is not yours to change")
    detail = (
        "需要在此区域或其上级担任：{needed_roles}。",
        "This needs one of the roles {needed_roles} in the area or above it.",
    )


class TenantStays(Problem):
    """An area belongs to one community, street or district for ever."""

    code, status = "directory.tenant_stays", 409
    title = ("区域不能换到另一个社区、街道或区", "An area stays with its community, street or district")
    detail = (
        "“{area}”由“{tenant}”管理，那里的人员、诉求和积分都随它。请在新的上级下新建区域，再撤销这一个。",
        "“{area}” is kept by “{tenant}”, with its people, petitions and points. Make a new area in the new place, "
        "then close this one.",
    )


class TenantsStayApart(Problem):
    code, status = "directory.tenants_stay_apart", 409
    title = ("社区、街道和区不能合并或拆分", "A community, street or district cannot be merged or split")
    detail = (
        "“{area}”管理着自己的人员、诉求和积分。请新建所需的社区，把人员迁过去，再撤销它。",
        "“{area}” keeps people, petitions and points of its own. Make the new one, move its people, then close it.",
    )


class AreaClosed(Conflict):
    code = "directory.area_closed"
    title = ("这个区域已撤销", "This area is closed")
    detail = ("“{area}”已撤销，不能再更改；请用接替它的区域。", "“{area}” is closed; use what took its place.")


class AreaInUse(Conflict):
    code = "directory.area_in_use"
    title = ("这个区域里还有人或下级区域", "People or areas are still in this area")
    detail = (
        "还有 {areas} 个下级区域、{homes} 位居民；请先迁移，或与相邻区域合并。",
        "{areas} areas and {homes} people are still in it; move them first, or merge it with another.",
    )


class RoleEnded(Forbidden):
    """The token still has a role that has ended since."""

    code = "directory.role_ended"
    title = ("您的角色已经结束", "Your role has ended")
    detail = (
        "查看完整信息时按当前的角色核对：您在此区域已没有所需的角色。请重新登录；如有疑问，请联系社区管理员。",
        "What is masked is shown by the roles of this moment, and yours here has ended. Sign in again, or ask the "
        "community's administrators.",
    )


class PersonMerged(Conflict):
    code = "directory.person_merged"
    title = ("这条记录已并入另一条", "This record was merged into another one")
    detail = ("请改用记录 {survivor}。", "Use the record {survivor} instead.")


class HouseholdInUse(Conflict):
    code = "directory.household_in_use"
    title = ("这户里还登记着人", "People are still registered in this household")
    detail = ("还有 {people} 人登记在这户；请先更改他们的门牌。", "{people} people are in it; change their door first.")


class OrganisationNotYours(Forbidden):
    code = "directory.organisation_not_yours"
    title = ("您不管理这个单位", "This organisation is not yours to change")
    detail = (
        "需要在登记它的社区、街道或区担任：{needed_roles}；本单位人员可以更正联系方式和开放时间。",
        "This needs one of the roles {needed_roles} where it is kept; its own staff may correct contact and hours.",
    )


class OrganisationClosed(Conflict):
    code = "directory.organisation_closed"
    title = ("这个单位已撤销或已合并", "This organisation is closed or was merged")
    detail = (
        "“{organisation}”已撤销或已合并，不能再更改；请用接替它的单位。",
        "“{organisation}” is closed or was merged; use what took its place.",
    )


class OrganisationInUse(Conflict):
    code = "directory.organisation_in_use"
    title = ("这个单位还有下属单位", "Other organisations still belong to this one")
    detail = (
        "还有 {children} 个下属单位；请先改为隶属别的单位，或与别的单位合并。",
        "{children} organisations belong to it; give them another parent first, or merge it with another.",
    )


class OrganisationsStayApart(Problem):
    """Memberships and points stay with the community, street or district that keeps the organisation."""

    code, status = "directory.organisations_stay_apart", 409
    title = ("只能合并同一个社区、街道或区登记的单位", "Only organisations that one place keeps can be merged")
    detail = (
        "“{organisation}”由“{tenant}”登记。请在其中一处撤销，并让另一处服务两边的区域。",
        "“{organisation}” is kept by “{tenant}”. Close one of them, and let the other serve the areas of both.",
    )


class CreditCodeTaken(Problem):
    code, status = "directory.credit_code_taken", 409
    title = ("这个统一社会信用代码已登记", "This unified social credit code is taken")
    detail = (
        "“{name}”已用这个代码登记；请直接使用它，或请平台管理员核对。",
        "“{name}” has this code; use that organisation, or have a platform administrator look at both.",
    )


class CreditCodeTakenElsewhere(Problem):
    """The same where the caller does not see who has it."""

    code, status = "directory.credit_code_taken_elsewhere", 409
    title = ("这个统一社会信用代码已在别处登记", "This unified social credit code is taken elsewhere")
    detail = (
        "登记它的单位不在您可以查看的范围内；请核对代码，或请平台管理员让它服务您的区域。",
        "Whoever has it is outside of what you may see; check the code, or ask a platform administrator to let that "
        "organisation serve your area.",
    )


class SimilarOrganisations(Problem):
    """A warning, not a wall: `confirm_new` says that somebody has looked."""

    code, status = "directory.similar_organisations", 409
    title = ("可能已经登记过这个单位", "This organisation may be there already")
    detail = (
        "名称相近的有：{names}。如果确实是另一个单位，请加上 confirm_new: true 再提交。",
        "Similar names: {names}. If it is another one all the same, send it again with confirm_new: true.",
    )


class CouncilExists(Conflict):
    code = "directory.council_exists"
    title = ("这里已有大党委", "This area has a council already")
    detail = ("“{council}”已经设立，请在它那里登记。", "“{council}” is there; record it with that one.")


class ListedNoMore(Conflict):
    code = "directory.listed_no_more"
    title = ("它已不在清单上", "It is open no longer")
    detail = ("它现在是“{state}”，不能再更改。", "It is “{state}” now, and stays so.")


class CouncilClosed(Conflict):
    code = "directory.council_closed"
    title = ("这个大党委已撤销", "This council is closed")
    detail = ("“{council}”已撤销，不能再更改。", "“{council}” is closed and stays as it was.")


class ImportRefused(Invalid):
    """What a file would bring contradicts itself or what is there; `fields` names each place."""

    code = "directory.import_refused"
    title = ("文件里有问题，没有导入任何内容", "The file has problems; nothing was imported")
    detail = (
        "共 {problem_count} 处，请按 errors 逐项修改；可先用 dry_run=true 检查。",
        "{problem_count} places: mend each in errors; dry_run=true checks without storing.",
    )


class NotToYourself(Forbidden):
    """Four eyes: what gives somebody a role is given, and taken, by somebody else."""

    code = "directory.not_to_yourself"
    title = ("不能给自己授权", "Not to yourself")
    detail = (
        "任何人都不能给自己授予职务或角色，也不能终止自己的角色，请由同级或上级的管理员办理。",
        "Nobody gives themselves an office or a role, or ends a role of their own; ask another administrator.",
    )


class BeyondYourRank(Forbidden):
    code = "directory.beyond_your_rank"
    title = ("您不能授予或终止这个角色", "This role is not yours to give or to end")
    detail = (
        "“{role}”只能由在此处或其上级担任以下角色的人授予或终止：{needed_roles}。",
        "“{role}” is given and ended by those who have one of the roles {needed_roles} there or above.",
    )


class OfficeTaken(Problem):
    """Two hold at a time what only one may, or somebody holds the same twice."""

    code, status = "directory.office_taken", 409
    title = ("这段时间已有人担任这个职务", "Somebody holds this office in that time")
    detail = (
        "“{area}”的这个职务由{holder}担任，自 {starts_on} 起，至 {ends_on} 止；请先终止、移交，或改选日期。",
        "{holder} holds it in “{area}” from {starts_on} until {ends_on}; end it first, hand it over, or choose other "
        "days.",
    )


class RoleHeld(Problem):
    code, status = "directory.role_held", 409
    title = ("此人在这段时间已有这个角色", "This person has the role in that time")
    detail = (
        "自 {starts_on} 起，至 {ends_on} 止；请先终止，或改选日期。",
        "From {starts_on} until {ends_on}; end it first, or choose other days.",
    )


class AlreadyEnded(Conflict):
    """What was to be ended, or handed over, has ended by that day."""

    code = "directory.already_ended"
    title = ("到那一天已经终止", "It has ended by that day")
    detail = ("它已在 {ends_on} 终止。", "It ends on {ends_on} already.")


class EntryClosed(Conflict):
    """A facility or a service that is no more."""

    code = "directory.entry_closed"
    title = ("这个设施或服务已停办", "This facility or service is closed")
    detail = ("“{entry}”已停办，不能再更改；如已恢复请新建。", "“{entry}” is closed; make a new one if it is back.")


class FacilityInUse(Conflict):
    code = "directory.facility_in_use"
    title = ("这个设施里还有服务", "Services are still given at this facility")
    detail = (
        "还有 {services} 项服务在“{entry}”办理；请先修改它们的地点，或停办它们。",
        "{services} services are given at “{entry}”; change where they are, or close them first.",
    )


def wrong(pointer: str, code: str, zh: str, en: str) -> Invalid:
    """What is wrong with one member of a body."""
    return Invalid(fields=[FieldProblem(pointer, code, zh, en)])
