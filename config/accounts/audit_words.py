"""What the audit trail says in words: every action and kind of object by its name."""

from __future__ import annotations

from django.utils.translation import gettext as _

from config.language.problems import say

ACTIONS = {
    "survey.set_up": say("survey set up"),
    "survey.open": say("survey opened"),
    "survey.close": say("survey closed"),
    "survey.reopen": say("closing taken back"),
    "survey.change_version": say("survey moved to another version"),
    "survey.targets": say("targets replaced"),
    "survey.invite": say("people invited"),
    "survey.print_forms": say("paper forms printed"),
    "survey.check": say("checks run"),
    "survey.clean": say("cleaning finished"),
    "survey.forget_hashes": say("hashes of networks deleted"),
    "survey.forget_contacts": say("contact details deleted"),
    "company.offer": say("company offered in surveys"),
    "company.register": say("company added"),
    "company.change": say("company changed"),
    "company.merge": say("company merged"),
    "company.split": say("merge taken back"),
    "company.tell_apart": say("told apart"),
    "collector.open": say("collection point opened"),
    "collector.open_many": say("collection points opened"),
    "collector.close": say("collection point closed"),
    "collector.reopen": say("collection point opened again"),
    "form.mend": say("a reading of a paper form put right by who keyed it"),
    "form.settle": say("two readings of a paper form settled"),
    "call.take_back": say("call taken back"),
    "responses.begin_import": say("import of a file of answers begun"),
    "responses.import": say("file of answers taken in"),
    "responses.export": say("answers exported"),
    "response.decide": say("flagged response decided"),
    "response.remove": say("removal of a response agreed"),
    "response.keep": say("removal of a response refused"),
    "response.restore": say("removal of a response taken back"),
    "response.withdraw": say("answers withdrawn by the respondent"),
    "response.delete_contact": say("contact deleted by the respondent"),
    "questionnaire.upload": say("questionnaire uploaded"),
    "questionnaire.freeze": say("questionnaire frozen"),
    "campaign.set_up": say("campaign set up"),
    "visit.record": say("visit recorded"),
    "evidence.add": say("photograph added"),
    "person.invite": say("person invited"),
    "person.change": say("roles or postings changed"),
    "person.new_link": say("new link to set a password"),
    "person.leave": say("person left"),
    "person.come_back": say("leaving taken back"),
    "person.set_password": say("password set"),
    "person.sign_out": say("person signed out everywhere"),
    "session.end": say("signed out of one browser"),
    "session.end_others": say("signed out of all other browsers"),
    "second_factor.add": say("second factor added"),
    "second_factor.rename": say("passkey renamed"),
    "second_factor.remove": say("second factor removed"),
    "second_factor.off": say("second factor turned off"),
    "second_factor.new_codes": say("new recovery codes made"),
    "second_factor.recovery_code": say("signed in with a recovery code"),
    "second_factor.reset": say("second factor reset"),
    "sign_in.wrong_passwords": say("many wrong passwords"),
    "sign_in.wrong_codes": say("right password, many wrong codes"),
    "token.make": say("token made"),
    "token.revoke": say("token revoked"),
    "report.start": say("report started"),
    "audit.export": say("audit trail exported"),
}

# kinds of object by the name of their model
KINDS = {
    "surveys.survey": say("survey"),
    "surveys.response": say("response"),
    "surveys.company": say("company"),
    "surveys.collector": say("collection point"),
    "surveys.importedfile": say("file of answers"),
    "surveys.paperform": say("paper form"),
    "surveys.call": say("call"),
    "surveys.upload": say("uploaded workbook"),
    "surveys.questionnaireversion": say("questionnaire"),
    "inspections.campaign": say("campaign"),
    "inspections.visit": say("visit"),
    "inspections.evidence": say("photograph"),
    "reports.report": say("report"),
    "config.user": say("person"),
    "config.apitoken": say("token"),
}


def action_label(action: str) -> str:
    """Return an action in words, the action itself where it has none yet."""
    return _(ACTIONS[action]) if action in ACTIONS else action
