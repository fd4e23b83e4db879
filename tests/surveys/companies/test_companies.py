"""Companies: check digits, and being found by Chinese, pinyin and alias."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from config.language.languages import speaking
from surveys.companies import services as companies
from surveys.companies.credit_code import check_character, is_credit_code


# made-up numbers; the last character follows GB 32100-2015
@pytest.mark.parametrize("first", ["91140100MA0000000", "51140000500000000"])
def test_the_check_character_checks_every_place(first):
    code = first + check_character(first)

    assert is_credit_code(code)
    for place in range(17):
        other = "1" if code[place] != "1" else "2"
        assert not is_credit_code(code[:place] + other + code[place + 1 :])


def test_a_published_example_has_the_character_it_should():
    # the example of GB 32100-2015, annex
    assert check_character("91350100M000100Y4") == "3"


@pytest.mark.django_db
def test_a_company_is_found_by_chinese_pinyin_initials_and_alias():
    company = companies.register(
        key="chenxing", name="晨星电器", name_en="Morning Star", aliases=["ＣＸ 家电"]
    )

    for typed in ("晨星", "chenxing", "cxdq", "morningstar", "cx家电"):
        assert typed in company.search


@pytest.mark.django_db
def test_a_spelling_leads_to_one_company():
    companies.register(key="a", name="晨星", aliases=["CX"])

    with pytest.raises(ValidationError):
        companies.register(key="b", name="辰星", aliases=["ｃｘ"])
    assert companies.named(" c x ").key == "a"
    assert companies.named("暮星") is None


@pytest.mark.django_db
def test_a_wrong_credit_code_is_refused():
    with speaking("en"), pytest.raises(ValidationError, match="unified social credit code"):
        companies.register(key="a", name="晨星", credit_code="911401000000000001")
