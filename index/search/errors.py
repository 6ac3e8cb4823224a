"""What can happen to a search besides an answer."""


class Superseded(Exception):  # noqa: N818 - not a failure: somebody asked something newer
    """The search was given up because its caller said so."""
