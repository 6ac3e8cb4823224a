"""What was undone, in words."""

from tui import formats
from tui.i18n import N_, _, ngettext

_UNDONE = {
    "read": N_("marking as read"),
    "unread": N_("marking as unread"),
    "starred": N_("the star"),
    "unstarred": N_("taking off the star"),
    "tagged": N_("putting a tag on"),
    "untagged": N_("taking a tag off"),
    "saved": N_("saving the search"),
    "renamed": N_("renaming the search"),
    "removed": N_("removing the search"),
    "language": N_("correcting the language"),
    "kept": N_("keeping a cut"),
    "cut": N_("cutting again"),
    "source": N_("the rule for a source"),
    "load": N_("taking over a dump"),
}


def said(what: str, articles: int) -> str:
    """What to say after the change `what`, as the catalog names it, was taken back."""
    template = _("undone: {what}")
    if articles > 1:
        template = ngettext("undone: {what}", "undone: {what} ({n} articles)", articles)
    return formats.fill(template, what=_(_UNDONE.get(what, what)), n=articles)
