"""The likely meaning of a word: what difflib says, sooner."""

import difflib
import random

from reflectlab.errors import likely
from reflectlab.load.clean.vocabulary import WORDS

SEED = 20260720


def test_it_is_what_difflib_says() -> None:
    chance = random.Random(SEED)
    words = [word for several in WORDS.values() for word in several]
    for _ in range(2000):
        letters = list(chance.choice([*words, "".join(chance.choices("abcdeinorst ", k=9))]))
        for _ in range(chance.randrange(4)):
            letters[chance.randrange(len(letters))] = chance.choice(["", "e", "ss", "ł", " "])
        word = "".join(letters)
        assert likely(word, words) == next(iter(difflib.get_close_matches(word, words, n=1, cutoff=0.66)), None)
