"""The newsreader command and its terminal interface."""
