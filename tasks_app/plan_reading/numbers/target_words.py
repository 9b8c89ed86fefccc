"""The words that make a number a target, and those that make it none."""

import re

from tasks_app.language.quantities import NUMBER, SCALE, UNIT, word_set

STRESS = r"(?:力争|努力|确保|争取|预计|累计|同比|年均|平均|总数|总量|合计|稳步|逐步|较上年|比上年|较去年|比去年|全部)"
CEILING = (
    r"不得?(?:超过|高于|多于|大于)|(?:严格)?(?:控制|限制|稳定控制)[在到至]|(?:压减|压缩|缩短|降低|下降|减少|下调|压降|精简)(?:到|至|为)|"
    r"[降减缩压](?:到|至|为)|≤|<="
)
FLOOR = (
    r"不得?(?:低于|少于|小于)|至少(?:达到|达)?|≥|>=|突破|达标?到|达至|达|(?:提高|提升|增加|增长|扩大|上升|扩面|扩容|上调|发展|壮大)(?:到|至|为)|"
    r"[增升扩]至|(?:稳定|保持|维持|巩固)在?"
)
# Where these stand before what goes on (超过60天的资金, 低于90分予以约谈) they only describe.
LOWER, HIGHER = r"低于|少于|小于|<", r"高于|大于|超过|多于|超|>"
RISE = r"提高|提升|增长|增加|上升|扩大|上涨|上浮"
FALL = r"下降|降低|减少|压减|压缩|缩短|下调|节约|削减|精简|压降"
GOAL = r"力争|确保|争取|目标值?(?:为|是|[:：])?|等于|="
SHARE_GOAL = r"实现|完成|保证|做到"
GAP = r"(?P<gap>约|大约|近|了|每[^，。；、0-9]{1,8})?"
GOVERNS = re.compile(
    rf"{STRESS}*(?:(?P<ceiling>{CEILING})|(?P<floor>{FLOOR})|(?P<lower>{LOWER})|(?P<higher>{HIGHER})|"
    rf"(?P<change>{RISE}|{FALL})|(?P<goal>{GOAL})|(?P<share_goal>{SHARE_GOAL})){GAP}$"
)
# 增长达到5%, 下降不低于3%: what is compared is a change.
CHANGE_BEFORE = re.compile(rf"(?:{RISE}|{FALL}|增幅|降幅)(?:幅度)?$")
FALL_WORD = re.compile(FALL)

# What a verb brings about is a target: 培训救护员3.3万人.
STRONG = word_set(
    "新增 新建 新改扩建 改扩建 改建 扩建 续建 建成 改造 完成 培训 培养 培育 招聘 招录 招收",
    "招引 引进 引育 配备 配置 配齐 创建 创成 新认定 新设 新开 新开通 开通 开工 竣工 交付 筹集",
    "造林 植树 整治 治理 修复 增设 购置 采购 安装 加装 铺设 淘汰 关停 清退 化解 拆除 吸纳",
    "投放 签约 落地 收储 盘活 处置 带动 转移 增加 实现 力争 确保 争取 发放 选派 打造 种植",
    "播种 出栏",
)
# These also tell of what is there already, so the number must stand by them or end the clause.
WEAK = word_set(
    "建设 实施 开展 组织 举办 认定 制定 制修订 出台 发布 推出 遴选 推广 帮扶 资助 救助 办理",
    "排查 检查 抽检 监测 选育 布局 设立 设置 发展 扶持 孵化 供应 组建 建立 搭建 兑付 拨付",
    "查处 查办 选树 评选 输送 安置 接待 提供 开发 谋划 储备 上线 归集 清理 研发 攻克 突破",
    "争创",
)
# 完成率, 建成区, 培训机构: the verb is part of a noun.
NOT_A_VERB = r"(?!率|度|值|区|期|机构|基地|中心|情况|成本|标准|单位|人员|费用?|活动|会(?!员)|任务|对象)"


def _any_of(verbs: frozenset[str]) -> str:
    return "|".join(sorted(verbs, key=lambda verb: (-len(verb), verb)))


ACT = re.compile(rf"(?:(?:{_any_of(STRONG | WEAK)}){NOT_A_VERB}[和及并、]?)+")
LAST_VERB = re.compile(rf"(?P<verb>{_any_of(STRONG | WEAK)})[和及并、]?$")
LIST_GAP = re.compile(r"[^，。；、0-9]{0,14}[，、,]|以?及|和|与")
MEMBERS = re.compile(r"[、和及与](?![^（]*）)")
LIST_NOUN = re.compile(
    r"(?:其中)?(?!涉及|共|合计|总|约|惠及|受益|覆盖|投入|占地|开展|组织|举办|加强|完善|推进|推动|支持|解决|服务)[一-龥A-Za-z0-9（）“”/-]{0,16}"
)
# A word before the number that makes it the verb's circumstance, not its object: 与3家医院, 在5个乡镇.
JUST_BEFORE = re.compile(r"[对向从由在于按以用将把被与和跟为经令近前第共含]$|其余$|其他$|上述$|以下$|下列$")
DESCRIBES_SIZE = re.compile(
    r"总投资|占地|建筑面积|概算|估算|全长|总长|库容|总面积|规模|涉及|分布|依托|围绕|针对|面向|覆盖|惠及|受益|含有?$|共$"
)
# Large counts with 以上 before a noun say who is meant: 50人以上企业, 100张以上医院.
SMALL_UNITS = word_set(
    "个 家 所 名 项 件 次 场 种 支 处 条 辆 台 套 座 场次 人次",
)

RATE = re.compile(
    r"(?:率|占比|比例|比重|覆盖面|满意度|知晓度|安全感|增速|涨幅|增幅|强度|密度|自给度|化水平)(?:同比)?(?:为|在|[:：])?$"
)
MEASURED = re.compile(r"(?:数|量|值|额|收入|寿命|面积|得分|浓度|时长|床位)(?:为|在|[:：])?$")
PER_HEAD = re.compile(r"每[百千万十]+?(?:人口?|名|户|人拥有)")
# These are levels: they do not add up over the year.
LEVEL = re.compile(
    r"人均|户均|平均|每(?!年)|(?<!高)标准(?![化厂地])|寿命|强度|密度|浓度|指数|得分|评分|水平|排名|均价|补助"
)
COMPLETE_SHARE = re.compile(r"完成[^，。；、]{1,20}的$")
LEADS_TO_SHARE = re.compile(r"(?:^|实现|确保|力争|争取|推动|保证|使|让|有|[:：])(?:全[市县区省])?$")
# 二级以上医院100%实现电子健康卡应用
WHOLLY = re.compile(r"(?:实现|达到|完成|覆盖|纳入|开展|落实|配备|接入|建成|通过)")
PREDICATE = re.compile(
    r"的?[^，。；、0-9]{2,24}?(?:达到|实现|建成|完成|开展|配备|具备|设置|通过|提供|纳入|设立|建立|建有|接入|开通|掌握|达标)"
)

HISTORY = re.compile(r"已(?!登记|签约|婚)|现有|原有|目前|截至(?!20|今年|年底|本年)|此前|曾")
HISTORY_BEGINS = re.compile(
    r"(?:截至)?目前|近年来|近[一二三四五几两0-9]+年|去年|上年|过去|此前|[^，。；]{0,16}以来"
)
MOVES_ON = re.compile(
    r"的?基础上|(?:逐步|稳步)?(?:(?:提高|提升|增加|增长|扩大|上升|下降|降低|减少|缩短|压缩|压减|调整|上调|下调|精简)(?:到|至|为)|[降增减升缩扩](?:到|至|为))"
)
OFTEN = re.compile(r"每(?:个?(?:半年|季度?|月|周|日|天|学期|学年)|[两二三四五0-9]+个?(?:年|月|周|天))")
ENDS = re.compile(r"$|[，。；：、！？,;:!?）)…]|或|且|并(?!联)|及(?!时)|和|，")
ALTERNATIVE = re.compile(
    rf"或者?(?:同比|较上年|比上年|较去年|比去年|年均)?(?:[^，。；、0-9或]{{0,8}}?)?{NUMBER}(?:{SCALE})?(?:{UNIT})?(?:以上|以下|以内|左右)?"
)
EVERYWHERE = re.compile(
    r"(?P<goal>实现|力争|达到|做到|确保|基本实现)(?P<what>[^，。；、！？0-9]{0,30}?)(?P<full>全覆盖)(?!率)"
)
