"""python -m tests.corpus: writes the files of the corpus, and beside each what is expected of it."""

from .files import write_all

write_all()
