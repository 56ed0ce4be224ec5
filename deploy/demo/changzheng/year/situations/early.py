"""What the community cannot take on, what people take back, and what they are not content with the first time."""

from typing import Literal

from deploy.demo.changzheng.year.situations.model import Refusal, RejectReason, Where

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        category="neighbours.mediation",
        where=Where.BUILDING,
        title="请社区帮我要回借出去的钱",
        text="我去年借给同学三万块做生意，有借条，说好年底还，到现在电话也不接。请社区把他找来，让他还钱。",
        reason=RejectReason.PRIVATE_DISPUTE,
        answer=(
            "这是您和同学之间的借款纠纷，社区没有权力替您追款。建议带上借条去法院立案，"
            "金额不大可以走小额诉讼；每周三下午服务大厅有法律援助律师坐班，可以先问一问，不收钱。"
        ),
    ),
    Refusal(
        category="housing.renovation",
        where=Where.BUILDING,
        title="对离婚判决里的房子分割不服",
        text="法院把{place}那套房判给了前夫，我觉得不公平，请社区出个证明，说房子一直是我在住、我在修。",
        reason=RejectReason.IN_LEGAL_PROCESS,
        answer=(
            "案子还在上诉期，社区不能就争议的事实出证明。您可以在期限内上诉，"
            "居住情况可以由代理人向法院申请调查；需要法律援助，我们可以帮您约。"
        ),
    ),
    Refusal(
        category="roads.pothole",
        where=Where.STREET,
        spots=("bus_stop",),
        title="请把快速路的收费取消",
        text="我每天走机场那条路上下班，过路费一个月要两百多。希望社区把这个收费取消了。",
        reason=RejectReason.NOT_WITHIN_SCOPE,
        answer=(
            "道路收费不归社区和街道管。您可以拨打12345或向交通运输部门反映，我们把月票优惠的办法也发给您，也许用得上。"
        ),
    ),
    Refusal(
        category="order.noise_neighbour",
        where=Where.BUILDING,
        title="投诉某某人，你们懂的",
        text="就是那个人，天天这样，你们自己去查，不用我说明白吧。",
        reason=RejectReason.NO_FACTS,
        answer=(
            "没有说清是哪栋楼、什么时间、什么事，我们没法去核实。电话也没能联系上您。"
            "请补充地点和情况再报一次，一句话、一张照片都行，我们马上去看。"
        ),
    ),
    Refusal(
        category="roads.street_light",
        where=Where.STREET,
        spots=("alley",),
        title="采油巷路灯又报一次",
        text="昨天报过的采油巷路灯，今天再报一遍，怕你们忘了。",
        reason=RejectReason.ALREADY_ANSWERED,
        answer=(
            "您昨天报的那一件已经派给城管路灯班，今晚来修，在“我的诉求”里能看到进度。"
            "这一件就不重复登记了，有新情况可以在原来那件上催办。"
        ),
    ),
    Refusal(
        category="traffic.parking",
        where=Where.YARD,
        title="要求给我家固定一个楼下车位",
        text="我住一楼，楼下那个位子应该归我家，请社区给我画上车牌号，别人不许停。",
        reason=RejectReason.NOT_WITHIN_SCOPE,
        answer=(
            "院里的车位是全体业主共有的，社区不能划给哪一家。车位怎么分配要由业主共同决定，"
            "业委会下个月开会，我们帮您把意见带到会上。"
        ),
    ),
    Refusal(
        category="services.certificates",
        where=Where.BUILDING,
        title="开个证明，证明我没有别的房子",
        text="我要去银行贷款，银行说让社区开一张无房证明。",
        reason=RejectReason.NOT_WITHIN_SCOPE,
        answer=(
            "住房信息由不动产登记中心查询，社区开的不算数。手机上“不动产查询”五分钟就能出电子证明，"
            "银行认；不会操作可以到服务大厅，我们陪您办。"
        ),
    ),
    Refusal(
        category="safety.fraud",
        where=Where.BUILDING,
        title="网上炒币被骗，请社区帮我追回来",
        text="群里有个老师带着炒币，前后投了四万，现在平台打不开了，请社区帮我把钱追回来。",
        reason=RejectReason.NOT_WITHIN_SCOPE,
        answer=(
            "这是刑事案件，越早报警越有可能止付。请马上拨110，或到警务室，我们的网格员可以陪您去；"
            "聊天和转账记录千万不要删。"
        ),
    ),
    Refusal(
        category="housing.roof_leak",
        where=Where.BUILDING,
        title="要求开发商赔我十年前的装修",
        text="2012年屋顶漏过一次，把我家装修泡了，当时没赔够，现在要求补上。",
        reason=RejectReason.IN_LEGAL_PROCESS,
        answer=("这件事当年已经由法院调解结案并履行，社区不能再作处理。若有新的漏水，请随时报，我们当新的事来办。"),
    ),
    Refusal(
        category="environment.pests",
        where=Where.YARD,
        title="麻雀太吵，请赶走",
        text="院里树上麻雀太多，早上五点就叫，请派人把它们都弄走。",
        reason=RejectReason.NOT_WITHIN_SCOPE,
        answer="麻雀是受保护的野生动物，不能驱赶捕捉。我们请园林师傅把靠近窗户的枝条修一修，能安静一些。",
    ),
    Refusal(
        category="utilities.telecom",
        where=Where.BUILDING,
        title="手机套餐太贵，请社区让降价",
        text="我的套餐一个月一百二十九，用不完，想降成最便宜的，营业厅推三阻四。",
        reason=RejectReason.NOT_WITHIN_SCOPE,
        answer=(
            "套餐由您和运营商约定，社区不好替您定价。办理遇到推诿，可以打运营商客服留下工单号，"
            "再向通信管理部门申诉，申诉网址已发给您。"
        ),
    ),
    Refusal(
        category="participation.suggestion",
        where=Where.STREET,
        spots=("square",),
        title="给我介绍个对象",
        text="我儿子三十二了还没对象，社区认识的人多，帮忙介绍一个。",
        reason=RejectReason.PRIVATE_DISPUTE,
        answer=(
            "这份心意我们收到了，不过不算诉求，没法派单给谁。小广场每月最后一个周六有“邻里相亲角”，"
            "金色炫舞队的阿姨们热心得很，欢迎来坐坐。"
        ),
    ),
)

#: Which kind of petition, and what its reporter writes when taking it back.
WITHDRAWALS: tuple[tuple[str, str], ...] = (
    ("roads.street_light", "邻居已经先报过了，我这条撤了，省得你们跑两趟。"),
    ("property.gate", "刚才物业的师傅来看过，已经好了，撤了吧，谢谢。"),
    ("traffic.bus_stop", "我弄错了地方，重新报一条准确的。"),
    ("neighbours.pets", "和对门说开了，不用麻烦社区了。"),
    ("utilities.telecom", "自己找人修好了，先撤回。"),
    ("services.certificates", "家里人已经去窗口办了，这条不用管了。"),
    ("environment.bins", "刚出门一看，清运车已经来过了，撤回。"),
    ("utilities.meter", "群里问清楚了，是我看错了，给大家添麻烦了。"),
)

#: What the holder says the first time, how far it was solved, and what the reporter answers.
COMPLAINTS: tuple[tuple[str, Literal["no", "partly"], str], ...] = (
    ("已派人到现场处理完毕。", "no", "师傅来看了一眼就走了，说改天再来，到现在没人影，怎么就“办结”了？"),
    ("当天已处理，请验收。", "partly", "门口这一处弄好了，里面那一处还是老样子，麻烦一起弄完。"),
    ("已按要求整改。", "no", "好了一天，第二天又和原来一样，治标不治本。"),
    ("已完成维修，恢复正常。", "partly", "能凑合用了，可是收尾没做，碎料还堆在原地，老人走路绊脚。"),
    ("已联系相关单位处理。", "no", "你们是联系了，人家没来呀。请盯一盯，不要只转个单子。"),
    ("现场已清理。", "partly", "大的清走了，角落里还剩一堆，风一吹又是满地。"),
    ("已安排处理，后续加强巡查。", "no", "我今天专门去看了，什么都没有动。照片可以发给你们。"),
    ("已处理，感谢您的反映。", "partly", "比原来强一些，但上次答应的时间和办法都没做到，希望说清楚。"),
)
