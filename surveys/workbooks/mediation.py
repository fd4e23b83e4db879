"""Eight questions after a complaint was mediated, on the mediation and on the company. Data
only.
"""

from __future__ import annotations

from surveys.workbooks.form import (
    GOOD_NA,
    TEN,
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

FORM = Form(
    file="mediation",
    form_id="mediation",
    title="消费纠纷调解回访 / After the mediation of a complaint",
    version="1",
    survey=(
        *group(
            "case",
            "这次纠纷",
            "This complaint",
            Row(
                "text",
                "company",
                "纠纷是和哪家企业？",
                "Which company was it with?",
                appearance="company",
            ),
            one("outcome", "outcome", "调解的结果是什么？", "What came of the mediation?"),
            one(
                "kept",
                "yes_no_na",
                "企业按调解结果做了吗？",
                "Has the company done what was agreed?",
            ),
            one(
                "explained",
                "yes_no_na",
                "调解员说明了您的权利吗？",
                "Did the mediator explain your rights?",
            ),
        ),
        *group(
            "rating",
            "您的评价",
            "Your rating",
            ten("speed", "从投诉到调解，快不快？", "How quickly was it dealt with?"),
            ten("fair", "调解公正吗？", "Was the mediation fair?"),
            ten(
                "conduct", "企业处理纠纷的态度怎么样？", "How did the company behave in the matter?"
            ),
            Row(
                "text",
                "comment",
                "还有什么想说的？",
                "Anything else?",
                required=False,
                appearance="multiline",
            ),
        ),
    ),
    choices={
        "yes_no_na": YES_NO_NA,
        "ten": TEN,
        "outcome": (
            Choice("settled", "达成一致", "Settled"),
            Choice("partly", "部分达成一致", "Settled in part"),
            Choice("failed", "没有达成一致", "Not settled"),
            Choice("pending", "还没有结果", "Still open"),
        ),
    },
    indicators=(
        fact("outcome", "", 25, "调解结果", "Outcome", "settled=100 partly=50 failed=0 pending=na"),
        fact("kept", "", 30, "企业履行", "Kept by the company", GOOD_NA),
        felt("conduct", "", 20, "企业态度", "Conduct of the company"),
        fact("explained", "", 5, "说明权利", "Rights explained", GOOD_NA),
        felt("speed", "", 10, "处理速度", "Speed"),
        felt("fair", "", 10, "调解公正", "Fairness"),
    ),
)
