"""What the palette offers beside the keys: looks, and languages of the interface."""

from tui import formats, i18n
from tui.i18n import _
from tui.widgets.choice_list import Choice
from tui.widgets.search_line import SORTS


def orders() -> list[Choice]:
    """Choices whose ids are "sort:ORDER"."""
    said = _("list: {order}")
    return [Choice(f"sort:{name}", said.format(order=_(label))) for name, label in SORTS.items()]


def looks_and_languages() -> list[Choice]:
    """Choices whose ids are "look:NAME" and "speak:LOCALE"."""
    looks = {
        "ink": _("look: dark"),
        "paper": _("look: light"),
        "contrast": _("look: high contrast"),
        "terminal": _("look: the terminal's own colours"),
        "mono": _("look: no colours"),
    }
    chosen = [Choice(f"look:{name}", label) for name, label in looks.items()]
    for code in i18n.locales():
        own = formats.language(code, of=code)
        label = _("language of the interface: {language}").format(language=own)
        chosen.append(Choice(f"speak:{code}", label, also=formats.language(code)))
    return chosen
