"""What residents of a neighbourhood can report: thirteen fields, and under each the matters that people name.

A leaf proposes how urgent it is, which is also its deadline class. The keys are part of the demo's contract:
"roads.manhole" stays what it is, names may be improved.
"""

from services.petitions.domain.seed import CategorySeed

_Leaf = tuple[str, str, str, str]

_TREE: tuple[tuple[str, str, str, tuple[_Leaf, ...]], ...] = (
    (
        "property",
        "物业服务",
        "Property management",
        (
            ("stair_light", "楼道照明", "Stairwell lights", "ordinary"),
            ("cleaning", "楼道保洁", "Stairwell cleaning", "ordinary"),
            ("gate", "单元门与门禁", "Entrance doors and intercoms", "ordinary"),
            ("security", "门岗与巡逻", "Gatekeeping and patrols", "ordinary"),
            ("lift", "电梯故障", "Lift failures", "danger"),
            ("fees", "物业收费咨询", "Questions about property fees", "consultation"),
        ),
    ),
    (
        "housing",
        "房屋维修",
        "Building repairs",
        (
            ("roof_leak", "屋顶漏水", "Leaking roofs", "complex"),
            ("pipe_leak", "公共管道漏水", "Leaking shared pipes", "utility"),
            ("sewer", "下水堵塞", "Blocked drains", "utility"),
            ("wall", "外墙脱落", "Falling facade pieces", "danger"),
            ("windows", "楼道门窗", "Stairwell windows and doors", "ordinary"),
            ("renovation", "违规装修", "Unsafe renovation", "complex"),
        ),
    ),
    (
        "utilities",
        "水电气暖",
        "Water, power, gas and heating",
        (
            ("heating", "供暖不热", "Heating too cold", "utility"),
            ("water_outage", "停水", "No water", "utility"),
            ("water_quality", "水质异常", "Water quality", "utility"),
            ("power_outage", "停电跳闸", "Power cuts", "utility"),
            ("gas_smell", "燃气异味", "Smell of gas", "danger"),
            ("telecom", "通信网络", "Internet and phone lines", "ordinary"),
            ("meter", "表计与账单", "Meters and bills", "ordinary"),
        ),
    ),
    (
        "roads",
        "道路设施",
        "Roads and pavements",
        (
            ("pothole", "路面坑洼", "Potholes", "ordinary"),
            ("manhole", "井盖缺损", "Missing or loose manhole covers", "danger"),
            ("street_light", "路灯不亮", "Street lights", "ordinary"),
            ("pavement", "人行道破损", "Broken pavements", "ordinary"),
            ("barrier_free", "无障碍设施", "Ramps and tactile paving", "complex"),
        ),
    ),
    (
        "traffic",
        "交通停车",
        "Traffic and parking",
        (
            ("parking", "停车秩序", "Parking", "complex"),
            ("blocked_exit", "消防通道占用", "Blocked fire lanes", "danger"),
            ("school_gate", "学校门口拥堵", "School-gate congestion", "complex"),
            ("ebike_charging", "电动车充电", "E-bike charging", "ordinary"),
            ("abandoned", "废弃车辆", "Abandoned vehicles", "complex"),
            ("bus_stop", "公交站点", "Bus stops", "ordinary"),
        ),
    ),
    (
        "environment",
        "环境与绿化",
        "Cleanliness and greenery",
        (
            ("litter", "垃圾散落", "Litter", "ordinary"),
            ("bins", "垃圾桶与清运", "Bins and collection", "ordinary"),
            ("pests", "蚊蝇鼠害", "Pests", "ordinary"),
            ("dust", "扬尘", "Dust", "ordinary"),
            ("smell", "油烟异味", "Cooking fumes and smells", "complex"),
            ("trees", "树木修剪", "Tree pruning", "ordinary"),
            ("fallen_branch", "断枝倒树", "Fallen trees and branches", "danger"),
            ("irrigation", "草坪与浇灌", "Lawns and watering", "ordinary"),
        ),
    ),
    (
        "order",
        "市容与噪声",
        "Street order and noise",
        (
            ("vendors", "占道摆摊", "Street vendors", "ordinary"),
            ("noise_neighbour", "邻里噪声", "Noisy neighbours", "ordinary"),
            ("noise_square", "广场舞噪声", "Square-dance noise", "ordinary"),
            ("noise_construction", "施工噪声", "Construction noise", "ordinary"),
            ("illegal_building", "私搭乱建", "Unauthorised building", "complex"),
            ("signboard", "广告牌松动", "Loose signboards", "danger"),
        ),
    ),
    (
        "safety",
        "公共安全",
        "Public safety",
        (
            ("fire_equipment", "消防器材", "Fire equipment", "ordinary"),
            ("corridor_clutter", "楼道堆物与飞线", "Cluttered stairwells and loose wires", "ordinary"),
            ("falling_objects", "高空抛物", "Objects thrown from windows", "ordinary"),
            ("stray_dogs", "流浪犬只", "Stray dogs", "ordinary"),
            ("fraud", "诈骗与推销", "Fraud and doorstep selling", "ordinary"),
            ("theft", "失窃与巡防", "Theft and night watch", "ordinary"),
            ("ice", "积雪结冰", "Snow and ice", "utility"),
        ),
    ),
    (
        "neighbours",
        "邻里关系",
        "Between neighbours",
        (
            ("leak_dispute", "渗漏纠纷", "Disputes about leaks", "complex"),
            ("pets", "养宠纠纷", "Disputes about pets", "ordinary"),
            ("mediation", "其他邻里调解", "Other mediation", "complex"),
        ),
    ),
    (
        "care",
        "民生关爱",
        "Care and support",
        (
            ("elderly_alone", "独居老人", "Older people living alone", "ordinary"),
            ("disability", "残疾人服务", "Support for disabled people", "complex"),
            ("low_income", "低保与临时救助", "Minimum income and emergency aid", "ordinary"),
            ("meals", "老年助餐", "Meals for older people", "consultation"),
        ),
    ),
    (
        "services",
        "社区办事",
        "Counter services",
        (
            ("certificates", "证明办理", "Certificates", "consultation"),
            ("medical_insurance", "医疗保险", "Medical insurance", "consultation"),
            ("residence_permit", "居住登记", "Residence registration", "consultation"),
            ("pension", "养老保险", "Pensions", "consultation"),
        ),
    ),
    (
        "culture",
        "文体与教育",
        "Culture, sports and learning",
        (
            ("activity_room", "活动室", "Activity rooms", "ordinary"),
            ("fitness", "健身器材", "Fitness equipment", "ordinary"),
            ("children", "儿童托管", "After-school care", "complex"),
            ("library", "图书阅览", "Books and reading", "ordinary"),
            ("classes", "兴趣课程", "Classes", "ordinary"),
        ),
    ),
    (
        "participation",
        "建议与居务",
        "Ideas and community affairs",
        (
            ("suggestion", "意见建议", "Suggestions", "complex"),
            ("praise", "表扬感谢", "Praise", "ordinary"),
            ("affairs", "居务公开", "Open community affairs", "ordinary"),
        ),
    ),
)


def category_seeds() -> list[CategorySeed]:
    """The tree, parents before children. The urgency of a field (not a leaf) is never used."""
    seeds = []
    for field_key, name, name_en, leaves in _TREE:
        seeds.append(CategorySeed(field_key, None, name, name_en))
        for leaf_key, leaf_name, leaf_name_en, urgency in leaves:
            seeds.append(CategorySeed(f"{field_key}.{leaf_key}", field_key, leaf_name, leaf_name_en, urgency))
    return seeds
