"""The printed ranking: complete in both languages, readable by machines, the same bytes twice,
and proved.
"""

from __future__ import annotations

import io
import re
import subprocess

import pikepdf
import pytest

from config.console import printing
from config.language.problems import InvalidInput
from reports.publishing import pdf
from reports.publishing.proof import Unproved, fonts, prove, texts
from reports.ranking import files as documents
from reports.statistics.comparing.places import written
from tests import worlds

LONG = "某某省某某市某某区某某街道家用电器售后服务中心有限责任公司第二分公司（总店）"
SHOPS = {**worlds.SHOPS, LONG: (3.6, 40), "Fir <b>&amp; Sons": (3.0, 20), "超长" * 12: (2.8, 30)}
EXTRA = """\
publisher: {zh-Hans: 示例消费者协会, en: Example Consumers Association}
demonstration: true
print: {pages: all}
gates: {n: 10, n_eff: 25}
strata: district
disclosure: {sponsor: {zh-Hans: 协会自己, en: The association itself}}
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return the ranking of a world with every kind of company, and its files."""
    folder = tmp_path_factory.mktemp("pdf")
    of = worlds.plan(EXTRA)
    frozen = worlds.snapshot(folder, rows=worlds.ratings(SHOPS), of=of)
    ranking = worlds.ranking(folder, rows=worlds.ratings(SHOPS), of=of)
    return ranking, documents.make(ranking, frozen)


@pytest.fixture(params=["zh-Hans", "en"])
def printed(request, made):
    """Return one language, its PDF and the text of its pages."""
    content = made[1][f"ranking.{request.param}.pdf"]
    return request.param, content, list(texts(content))


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_every_chapter_is_there_in_its_language(printed):
    language, _content, pages = printed
    chapters = {
        "zh-Hans": [
            *("目录", "怎样读这份结果", "一页看懂", "方法", "信息公开", "数据行的去留", "演示数据"),
            *("不得用于广告宣传", "（未填写）", "协会自己"),
        ],
        "en": [
            *(
                "Contents",
                "How to read this",
                "The result at a glance",
                "Method",
                "Disclosure",
                "Rows in and out",
            ),
            *(
                "Demonstration data",
                "Not to be used for advertising",
                "(left blank)",
                "The association itself",
            ),
        ],
    }
    for wording in chapters[language]:
        assert squeezed(wording) in squeezed("".join(pages)), wording


def test_no_word_of_the_other_language_is_left(printed):
    language, _content, pages = printed
    text = "".join(pages)
    if language == "zh-Hans":
        assert not re.search(
            r"\b(score|answers|company|class|gates|interval)\b", text, re.IGNORECASE
        )
    else:
        for name in SHOPS:
            text = squeezed(text).replace(squeezed(name), "")
        assert not re.search(r"[\u4e00-\u9fff]", text.replace("明", ""))


def test_the_sample_sentence_stands_with_every_interval(printed):
    language, _content, pages = printed
    sentence = squeezed(
        {"zh-Hans": "非概率样本：区间只反映", "en": "Non-probability sample: the intervals"}[
            language
        ]
    )
    with_intervals = [
        p
        for p in pages
        if squeezed({"zh-Hans": "95%区间", "en": "95 % interval"}[language]) in squeezed(p)
    ]

    method = squeezed(
        {"zh-Hans": "名次的逐步联合置信集", "en": "Stepwise simultaneous confidence sets"}[language]
    )
    assert len(with_intervals) == 10
    # the page of the method says it at length, in its own place
    without = [page for page in with_intervals if sentence not in squeezed(page)]
    assert [method in squeezed(page) for page in without] == [True]


def test_a_withheld_company_is_nowhere(made):
    _ranking, files = made
    for name, content in files.items():
        if name.endswith(".pdf"):
            assert "Elm" not in "".join(texts(content))
            with pikepdf.open(io.BytesIO(content)) as document:
                attached = b"".join(
                    file.get_file().read_bytes() for file in document.attachments.values()
                )
            assert b"Elm" not in attached
        else:
            assert b"Elm" not in content


def test_the_data_is_attached_once_each(printed, made):
    _language, content, _pages = printed
    with pikepdf.open(io.BytesIO(content)) as document:
        attached = {
            name: file.get_file().read_bytes() for name, file in document.attachments.items()
        }
        listed = len(document.Root.AF)

    assert attached == {name: made[1][name] for name in ("ranking.csv", "ranking.json")}
    assert listed == 2


def test_bookmarks_tags_and_language_are_there(printed):
    language, content, _pages = printed
    with pikepdf.open(io.BytesIO(content)) as document:
        with document.open_outline() as outline:
            titles = [str(item.title) for item in outline.root]
        assert document.Root.Lang == language
        assert document.Root.MarkInfo.Marked
        assert b'pdfaid:part="3"' in document.Root.Metadata.read_bytes()
    assert "Ash" in titles
    assert {"zh-Hans": "方法", "en": "Method"}[language] in titles


def test_the_same_ranking_gives_the_same_pdf(made):
    ranking, files = made

    assert pdf.render(documents.as_printed(ranking, files), "en") == files["ranking.en.pdf"]


def test_only_the_expected_fonts_are_embedded(printed):
    _language, content, _pages = printed

    assert fonts(content) == {"Noto-Sans-CJK-SC", "Noto-Sans-CJK-SC-Bold", "Noto-Serif-CJK-SC-Bold"}


def test_proof_refuses_a_pdf_of_another_ranking(made, tmp_path):
    other = worlds.ranking(tmp_path, rows=worlds.ratings({"Quercus": (4, 30), "Ash": (3, 30)}))

    with pytest.raises(Unproved, match="Quercus"):
        prove(made[1]["ranking.en.pdf"], [company.name for company in other.companies])


def test_poppler_and_qpdf_agree(made, program, tmp_path):
    ranking, files = made
    path = tmp_path / "r.pdf"
    path.write_bytes(files["ranking.zh-Hans.pdf"])

    subprocess.run([program("qpdf"), "--check", str(path)], check=True, capture_output=True)
    text = subprocess.run(
        [program("pdftotext"), str(path), "-"], check=True, capture_output=True, text=True
    ).stdout
    listed = subprocess.run(
        [program("pdffonts"), str(path)], check=True, capture_output=True, text=True
    ).stdout

    for company in ranking.companies:
        assert squeezed(company.name) in squeezed(text)
        assert written(company.score, 1) in text
    assert all("CJK-SC" in line for line in listed.splitlines()[2:])


def test_a_report_fetches_nothing():
    with pytest.raises(ValueError, match="must not fetch"):
        printing._NothingOutside().fetch("https://example.org/font.woff2")


AWKWARD = (
    *("A • B", "日・中公司", "ﬁne x", "Ünïcödé", "a\u200db", "㈱会社", "Ⅳ型"),
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ-abcdefghijklmnopqrstuvwxyz-0123456789",
)


def test_awkward_names_are_printed_and_proved(tmp_path):
    rows = worlds.ratings({name: (3 + i / 9, 12) for i, name in enumerate(AWKWARD)})
    of = worlds.plan("print: {pages: all}")

    files = documents.make(
        worlds.ranking(tmp_path, rows=rows, of=of), worlds.snapshot(tmp_path, rows=rows, of=of)
    )

    assert set(files) == set(documents.NAMES)


@pytest.mark.parametrize("name", ["Škoda 店", "😀", "שלום"])
def test_a_name_the_fonts_cannot_draw_is_named_before_any_page_is_set(tmp_path, name):
    ranking = worlds.ranking(tmp_path, rows=worlds.ratings({name: (3, 12), "Ash": (4, 12)}))

    with pytest.raises(InvalidInput, match=f"lack .+ in “{name}”"):
        documents.make(
            ranking, worlds.snapshot(tmp_path, rows=worlds.ratings({name: (3, 12), "Ash": (4, 12)}))
        )
