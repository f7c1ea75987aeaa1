"""Real replies in an online course: who turned to whom, measured and drawn at 426 people."""

from pathlib import Path

import networkx as nx
import pandas as pd
import pytest

import reflectlab
from reflectlab import ProgressLog, plot_network, plot_network_matrix
from reflectlab.show import alt_text, marks, to_png
from tests.show.looking import assert_tidy, said

FILE = ("mooc_dlt2", "DLT2_Edgelist.csv")


@pytest.fixture(scope="module")
def replies(realdata: Path) -> ProgressLog:
    columns = {"learner_id": "Sender", "with": "Reciever", "time": "Timestamp"}
    return reflectlab.load(realdata.joinpath(*FILE), columns=columns)


@pytest.fixture(scope="module")
def graph(realdata: Path) -> nx.MultiGraph:
    """The replies as networkx reads them, without those to oneself."""
    rows = pd.read_csv(realdata.joinpath(*FILE), dtype="str")
    whole = nx.from_pandas_edgelist(rows, "Sender", "Reciever", create_using=nx.MultiGraph)
    whole.remove_edges_from(list(nx.selfloop_edges(whole, keys=True)))
    return whole


def test_every_reply_is_loaded_or_listed(replies: ProgressLog) -> None:
    (account,) = replies.account.to_dict("records")
    assert (account["read"], account["loaded"], account["listed"]) == (2584, 2559, 25)
    assert len(replies.problems) == 25
    assert replies.collaborations["episode_id"].nunique() == 2559


def test_the_network_is_that_of_networkx(replies: ProgressLog, graph: nx.MultiGraph) -> None:
    edges = reflectlab.network(replies)
    assert (edges["kind"] == "other").all()
    found = {
        frozenset(pair): number for *pair, number in edges[["source", "target", "episodes"]].itertuples(index=False)
    }
    assert found == {frozenset(pair): graph.number_of_edges(*pair) for pair in nx.Graph(graph).edges}
    summary = reflectlab.network_summary(replies, by=()).iloc[0]
    assert summary["pairs"] == nx.Graph(graph).number_of_edges()
    assert summary["isolates"] == 426 - sum(degree > 0 for _, degree in graph.degree)
    assert summary["learners"] == 426
    assert "This log has no events" in edges.attrs["cannot_tell"][0]


def test_the_network_of_426_people_is_drawn_readably(replies: ProgressLog, graph: nx.MultiGraph) -> None:
    ax = plot_network(reflectlab.network(replies), learners=replies.learners["learner_id"])
    assert_tidy(ax)
    told = marks(ax)
    assert sum(mark["what"] == "learner" for mark in told) == 426
    assert sum(mark["what"] == "other" for mark in told) == nx.Graph(graph).number_of_edges()
    partners = dict(nx.Graph(graph).degree)
    busiest = sorted(partners, key=lambda person: -partners[person])[:3]
    assert set(busiest) <= set(said(ax))
    assert alt_text(ax).startswith("Who works with whom. 426 learners; ")
    assert to_png(ax, dpi=40)[:4] == b"\x89PNG"


def test_the_matrix_shows_the_busiest(replies: ProgressLog) -> None:
    ax = plot_network_matrix(reflectlab.network(replies), most=30)
    assert "Shown are the 30 learners with the most partners." in alt_text(ax)
