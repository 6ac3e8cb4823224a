"""What can happen to a search besides an answer."""


class Superseded(Exception):  # noqa: N818 - not a failure: somebody asked something newer
    """The search was given up because its caller said so."""


class CorruptError(Exception):
    """A file of the index is not what was written: the index has to be rebuilt."""
