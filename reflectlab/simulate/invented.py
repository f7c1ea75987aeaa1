"""Children who do not exist, and writing goals that could be anyone's."""

import pandas as pd

_NAMES = (
    # Two lines a class: the names that its children have at home are written in many scripts.
    "Aroha Ben Chloë Daniel Eru Fatima Grace Hēmi Isla Jasper Kiri Leo Mia Ngaio Oliver Priya Quinn Rua Sofía",
    "Tāne Uma Viliami Wren Yuki أمل 小雨",
    "Ānaru Bella Caleb Daisy Ezra Elenoa Finn Georgia Hana Isaac Jade Kāhu Lucy Māia Noah Olive Piripi Rosa",
    "Samuel Tama Vera Whetū Xavier Zara Иван सिया",
    "Amelia Bodhi Cora Đức Éloïse Fetu Göran Hēni Ioane Jonah Kaia Līvia Malia Nikau Otis Pania Rāwiri Sione",
    "Tui Una Vito Wiremu Zoë Леся نور 서윤",
    "Alofa Beau Cleo Dylan Fábio Gus Hugo Ida Jürgen Kōwhai Losa Manaia Ngaire Øyvind Poppy Rēweti Søren",
    "Tavita Ulla Vosa Wikitōria Ximena Yusuf Žofia Νίκη はると",
    "Arlo Bronwyn Clem Dara Ella Flynn Hineora Ivy Jed Kupe Lola Mele Nia Oscar Pita Ruby Sami Tevita Violet",
    "Will Yara Zeke سلمى 明月 आरव נועה",
)

_GOALS = [
    ("full-stops", "End every sentence with a full stop", "Sentences", "1"),
    ("common-words", "Spell the words I use most", "Spelling", "1"),
    ("order", "Put events in an order that makes sense", "Structure", "2"),
    ("details", "Add details that help readers see it", "Ideas", "2"),
    ("joining", "Join ideas with because, so and but", "Sentences", "2"),
    ("verbs", "Choose strong verbs", "Vocabulary", "2"),
    ("endings", "Add -ed and -ing correctly", "Spelling", "2"),
    ("hook", "Open with a hook", "Ideas", "2"),
    ("senses", "Use words for all five senses", "Vocabulary", "2"),
    ("paragraphs", "Give each idea its own paragraph", "Structure", "3"),
    ("starts", "Vary how my sentences start", "Sentences", "3"),
    ("macrons", "Put macrons on kupu Māori", "Spelling", "3"),
    ("topic-words", "Use the words of my topic", "Vocabulary", "3"),
    ("show", "Show, don't tell", "Ideas", "3"),
    ("homophones", "Tell there, their and they're apart", "Spelling", "3"),
    ("speech", "Punctuate direct speech", "Sentences", "3"),
    ("topic-sentences", "Begin paragraphs with a topic sentence", "Structure", "3"),
    ("reader", "Write for a reader I have in mind", "Ideas", "3"),
    ("comparisons", "Compare with similes and metaphors", "Vocabulary", "3"),
    ("lengths", "Mix long and short sentences", "Sentences", "3"),
    ("ending", "End in a way that satisfies", "Structure", "3"),
    ("proofread", "Proofread and fix my spelling", "Spelling", "3"),
    ("evidence", "Back up my opinion with evidence", "Ideas", "4"),
    ("linking", "Link paragraphs so that they flow", "Structure", "4"),
]


def names(number: int, first: int = 0) -> list[str]:
    """Return that many different given names, from a first one on; when they run out, with a number behind.

    >>> names(131)[0], names(131)[130], names(1, 130)
    ('Aroha', 'Aroha 2', ['Aroha 2'])
    """
    known = " ".join(_NAMES).split()
    rounds = (divmod(place, len(known)) for place in range(first, first + number))
    return [f"{known[which]} {again + 1}" if again else known[which] for again, which in rounds]


def goals(number: int) -> pd.DataFrame:
    """Return that many writing goals, roughly in the order in which children take them up.

    >>> goals(25)["title"].iloc[[7, 24]].tolist()
    ['Open with a hook', 'Goal 25']
    """
    strands = list(dict.fromkeys(strand for *_, strand, _ in _GOALS))
    more = [(f"goal-{n}", f"Goal {n}", strands[n % len(strands)], "4") for n in range(len(_GOALS) + 1, number + 1)]
    return pd.DataFrame([*_GOALS, *more][:number], columns=["goal_id", "title", "strand", "level"])
