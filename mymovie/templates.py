import re

from django.template import Origin
from django.template.loaders import filesystem

INDENT = re.compile(r"^[ \t]+", re.MULTILINE)
SILENT = "load|if|elif|else|endif|for|empty|endfor|with|endwith|block|endblock|once|endonce"
SILENT_LINE = re.compile(rf"^({{%\s*(?:{SILENT})\b[^%\n]*%}})\n", re.MULTILINE)


class Loader(filesystem.Loader):
    """Pages without the indent of their templates and the lines of their tags, which weigh a tenth of a wall.

    What a page is filled with stays as it is, and so does a blank between any two words.
    """

    def get_contents(self, origin: Origin) -> str:
        source = super().get_contents(origin)
        if not origin.name.endswith(".html"):
            return source
        return SILENT_LINE.sub(r"\1", INDENT.sub("", source))
