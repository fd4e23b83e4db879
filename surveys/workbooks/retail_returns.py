"""Nine questions on returning goods to a shop within seven days, and their index. Data only."""

from __future__ import annotations

from surveys.workbooks.appliance import CHOICES as APPLIANCE
from surveys.workbooks.form import (
    GOOD_NA,
    NA,
    TEN,
    YES_NO,
    YES_NO_NA,
    Choice,
    Form,
    Row,
    fact,
    felt,
    group,
    one,
    ten,
)

TRIED = "${returned} = 'yes'"
RETURNS_RULES = "《山西省零售业实体店七日无理由退货管理办法》"

FORM = Form(
    file="retail-returns",
    form_id="retail_returns",
    title="实体店七日无理由退货调查 / Returning goods to shops within seven days",
    version="1",
    survey=(
        *group(
            "you",
            "您的情况",
            "About you",
            one("city", "city", "您在哪个市买的？", "In which city did you buy?"),
            one(
                "returned",
                "yes_no",
                "最近 12 个月，您有没有在实体店退过货，或者想退？",
                "In the last 12 months, have you returned goods to a shop, or wanted to?",
                ("有几次的，请说最近一次。", "If several times, think of the last one."),
            ),
        ),
        *group(
            "case",
            "这次退货",
            "This return",
            Row("text", "company", "是哪家商家？", "Which shop was it?", appearance="company"),
            one(
                "promised",
                "yes_no_na",
                "店里有没有七日无理由退货的公示？",
                "Did the shop display that it takes goods back?",
            ),
            one("outcome", "outcome", "最后退成了吗？", "Was it taken back in the end?"),
            one("days", "days", "退款多久到账？", "How long did the refund take?"),
            one(
                "fee",
                "yes_no_na",
                "有没有被要求付费用或换购？",
                "Were you asked to pay a fee or to take other goods?",
            ),
            relevant=TRIED,
        ),
        *group(
            "rating",
            "您的评价",
            "Your rating",
            ten("attitude", "工作人员的态度怎么样？", "How did the staff treat you?"),
            ten(
                "overall",
                "总的来说，您对这次退货满意吗？",
                "Overall, how satisfied are you with this return?",
            ),
            relevant=TRIED,
        ),
    ),
    choices={
        "city": APPLIANCE["city"],
        "yes_no": YES_NO,
        "yes_no_na": YES_NO_NA,
        "ten": TEN,
        "outcome": (
            Choice("refunded", "全额退款", "Refunded in full"),
            Choice("partly", "只退了一部分", "Refunded in part"),
            Choice("exchanged", "只给换货", "Exchanged only"),
            Choice("refused", "没有退", "Refused"),
        ),
        "days": (
            Choice("same", "当天", "The same day"),
            Choice("seven", "七天内", "Within seven days"),
            Choice("later", "七天以后", "Later"),
            NA,
        ),
    },
    indicators=(
        fact("promised", "", 20, "公示承诺", "Promise displayed", GOOD_NA, RETURNS_RULES),
        fact(
            "outcome",
            "",
            30,
            "退货结果",
            "Outcome",
            "refunded=100 partly=50 exchanged=30 refused=0",
            RETURNS_RULES,
        ),
        fact("days", "", 15, "退款时间", "Time to the refund", "same=100 seven=70 later=0 na=na"),
        fact(
            "fee",
            "",
            15,
            "没有额外条件",
            "No further conditions",
            "yes=0 no=100 na=na",
            RETURNS_RULES,
        ),
        felt("attitude", "", 20, "工作人员态度", "Conduct of staff"),
    ),
)
