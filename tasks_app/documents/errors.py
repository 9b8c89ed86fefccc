"""What goes wrong when a document is read."""


class UnreadableDocument(Exception):
    """The file cannot be read at all; the text is a sentence for the user that says what to do."""
