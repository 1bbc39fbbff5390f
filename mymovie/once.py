"""`{% once %}…{% endonce %}`: what is the same on every page of a language is rendered once in each process."""

from django import template
from django.template.base import NodeList, Parser, Token
from django.template.context import Context
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()


class Once(template.Node):
    """Has nothing at hand that its page was given: so it cannot tell one person what was meant for another."""

    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist
        self.rendered: dict[str | None, SafeString] = {}

    def render(self, context: Context) -> SafeString:
        language = get_language()
        if language not in self.rendered:
            bare = Context(autoescape=context.autoescape)
            bare.template, bare.render_context = context.template, context.render_context
            self.rendered[language] = self.nodelist.render(bare)
        return self.rendered[language]


@register.tag
def once(parser: Parser, _token: Token) -> Once:
    nodelist = parser.parse(["endonce"])
    parser.delete_first_token()
    return Once(nodelist)
