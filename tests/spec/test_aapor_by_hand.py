"""How many of those who were asked answered. Each test is a paragraph; together they are the rules,
which are those of the pollsters' association AAPOR.

100 people were drawn from a customer list and invited. What became of them:

    40  answered everything               5  could not answer (ill, another language)
     5  answered a part                  15  nothing is known: perhaps the number is dead
    10  refused                           5  were not customers at all
     5  broke off                         5  came when enough had answered (quota filled)
    10  were never reached
"""

from __future__ import annotations

import pytest
from django.utils import timezone

from surveys.collection.models.invitation import Disposition, Invitation
from surveys.monitoring import figures
from surveys.monitoring.aapor import completion_rate, participation_rate, rates
from tests import field

pytestmark = pytest.mark.django_db

BECAME = {
    Disposition.COMPLETE: 40,
    Disposition.PARTIAL: 5,
    Disposition.REFUSAL: 10,
    Disposition.BREAK_OFF: 5,
    Disposition.NON_CONTACT: 10,
    Disposition.OTHER: 5,
    Disposition.UNKNOWN: 15,
    Disposition.OUT_OF_FRAME: 5,
    Disposition.QUOTA_FILLED: 5,
}
INTERVIEWED = (Disposition.COMPLETE, Disposition.PARTIAL, Disposition.QUOTA_FILLED)


@pytest.fixture
def survey():
    made = field.survey()
    became = [code for code, n in BECAME.items() for _person in range(n)]
    today = timezone.localdate()
    Invitation.objects.bulk_create(
        Invitation(
            survey=made,
            batch="list",
            number=number,
            token_sha256=f"{number:064d}",
            disposition=code,
            used_on=today if code in INTERVIEWED else None,
        )
        for number, code in enumerate(became, start=1)
    )
    return made


@pytest.fixture
def found(survey):
    return rates(figures.dispositions(survey), sample="probability")


def test_everybody_who_was_drawn_is_in_one_group(survey):
    """75 are known to belong to the people asked about: 40 + 5 + 10 + 5 + 10 + 5. Of 15 nobody
    knows. 10 do not belong or were not needed. A break-off is a kind of refusal: 10 + 5.
    """
    groups = figures.dispositions(survey)

    assert (groups.complete, groups.partial, groups.refusal) == (40, 5, 15)
    assert (groups.noncontact, groups.other) == (10, 5)
    assert groups.unknown_household + groups.unknown_other == 15
    assert groups.ineligible == 10


def test_the_strictest_response_rate_counts_all_the_unknown_against_us(found):
    """Who does not belong is no failure, so 90 are left: 75 and the 15 unknown. 40 of 90 answered
    everything, .444 (RR1); with the partial answers 45 of 90, .5 (RR2).
    """
    assert found.rr1 == pytest.approx(40 / 90)
    assert found.rr1 == pytest.approx(0.444, abs=0.0005)
    assert found.rr2 == 0.5


def test_of_the_unknown_as_many_may_belong_as_of_the_known(found):
    """Of 85 people that are known 75 belong: 88.2 %. So 13.2 of the 15 unknown are counted, and 40
    of 88.2 answered, .453 (RR3). The 88.2 % is an assumption and is printed with the rate.
    """
    assert found.e == pytest.approx(75 / 85)
    assert found.rr3 == pytest.approx(40 / (75 + 15 * 75 / 85))
    assert found.rr3 == pytest.approx(0.453, abs=0.0005)


def test_the_kindest_response_rate_forgets_the_unknown(found):
    """40 of the 75 known: .533 (RR5). The truth lies between .444 and .533."""
    assert found.rr5 == pytest.approx(40 / 75)
    assert found.rr5 == pytest.approx(0.533, abs=0.0005)


def test_cooperation_looks_only_at_people_who_were_reached(found):
    """65 were reached: 75 less the 10 who never were. 40 of 65 is .615 (COOP1); of the 60 who were
    able to answer, 40 is .667 (COOP3).
    """
    assert found.coop1 == pytest.approx(40 / 65)
    assert found.coop3 == pytest.approx(40 / 60)


def test_refusal_and_contact_have_the_same_ground_as_the_response_rate(found):
    """Of the 90: 15 refused or broke off, .167 (REF1), and 65 were reached, .722 (CON1)."""
    assert found.ref1 == pytest.approx(15 / 90)
    assert found.con1 == pytest.approx(65 / 90)


def test_who_answers_above_a_cap_is_no_refusal_and_no_answer(survey):
    """One of the 15 unknown answers now, but the cap is reached: code 4.8. He leaves the unknown and
    the ground of the rate: 40 of 89.
    """
    survey.targets.create(wanted=0, hard_cap=0)
    invited = survey.invitations.filter(disposition=Disposition.UNKNOWN).first()

    response = field.send(survey, invitation=invited)

    after = rates(figures.dispositions(survey), sample="probability")
    assert response.status == "over_quota"
    assert survey.invitations.get(pk=invited.pk).disposition == "4.8"
    assert after.rr1 == pytest.approx(40 / 89)


def test_a_link_for_everybody_has_no_response_rate(survey):
    """Nobody knows how many people saw a poster, so there is nothing to divide by. What can be said:
    of 60 who began, 45 finished, .75; and of an invited panel of 100, 45 took part, .45.
    """
    with pytest.raises(ValueError, match="no response rate"):
        rates(figures.dispositions(survey), sample="nonprobability")

    assert completion_rate(45, 60) == 0.75
    assert participation_rate(45, 100) == 0.45
