"""translate and blocktranslate of a document that may be about something else than companies: its
context has `subject`. Loaded after i18n.
"""

from __future__ import annotations

from django import template
from django.template.base import Node, Parser, Token
from django.template.context import Context
from django.templatetags.i18n import do_block_translate, do_translate

from reports.publishing.subject import spoken_of

register = template.Library()


class OfSubject(Node):
    """A sentence, spoken of the subject."""

    def __init__(self, sentence: Node) -> None:
        self.sentence = sentence

    def render(self, context: Context) -> str:
        """Return the sentence; what stands in it must hold no name."""
        return spoken_of(self.sentence.render(context), context.get("subject"))


@register.tag("translate")
def translate(parser: Parser, token: Token) -> OfSubject:
    """As the tag of i18n."""
    return OfSubject(do_translate(parser, token))


@register.tag("blocktranslate")
def blocktranslate(parser: Parser, token: Token) -> OfSubject:
    """As the tag of i18n."""
    return OfSubject(do_block_translate(parser, token))
