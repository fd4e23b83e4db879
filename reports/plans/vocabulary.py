"""Words by which the columns of a file are called; Latin ones are whole words of a name, Chinese
ones parts of it. PURE.
"""

from __future__ import annotations


def _words(*lines: str) -> tuple[str, ...]:
    return tuple(word for line in lines for word in line.split())


COMPANY = _words(
    "company brand provider operator vendor supplier manufacturer firm airline hotel bank shop",
    "store merchant seller restaurant hospital clinic agency insurer carrier dealer",
    "企业 公司 品牌 商家 店铺 门店 厂家 厂商 供应商 服务商 经营者 酒店 银行 机构 平台",
)
WEIGHT = _words("weight weights wt wgt w pw pweight finalwt 权重 加权")
STRATUM = _words("stratum strata strat 分层 抽样层")
PSU = _words("psu cluster 抽样单元 抽样单位 抽样点")
RATING = _words(
    "score scores rating ratings rate rated stars star satisfaction satisfied grade nps",
    "评分 得分 打分 满意 分值 星级",
)
ITEM = _words(
    "item question indicator aspect criterion 指标 题目 题项 问题 评价内容 评价项目",
)
ANSWER = _words("answer answers response value reply 答案 回答 答复 选项")
ID = _words(
    "id ids uuid key keys no nr number index serial row rowid respondent respid reviewer user",
    "序号 编号 答卷 受访者 用户 流水号",
)
YES_OR_NO = frozenset(_words("yes no y n t f true false m male female 是 否 有 无 男 女"))
# of a person, a place, a moment or a record, and not what somebody thinks of a company
ABOUT = _words(
    "gender sex age agegroup group education income occupation",
    "city province region district area county state",
    "country nationality address lat lng latitude longitude zip postcode email phone ip",
    "url urls link links website websites title username author useful likes votes",
    "year month day date time wave quarter week channel mode language device version",
    "type kind size count counts total tags tag comment comments review text reason code",
    "性别 年龄 学历 教育 收入 职业 城市 省份 地区 区县 区域 地址 电话 邮编",
    "年份 月份 日期 时间 季度 渠道 语言 类型 规模 次数 数量 评论 意见 备注 原因 代码",
)
