"""The parts of `benchmarks/speed.py peers`: who is right, by plain loops; what a command costs; corpora and plot."""

import argparse
import gzip
import importlib
import json
import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pyarrow.parquet as pq
import pytest
import reference
from hypothesis import example, given
from hypothesis import strategies as st
from paths import BENCHMARKS
from strategies import texts

sys.path += [str(BENCHMARKS), str(BENCHMARKS / "runners")]
common, data, exact = (importlib.import_module(name) for name in ("common", "data", "exact"))
peers, plot, race, speed = (importlib.import_module(name) for name in ("peers", "plot", "race", "speed"))

# Small sets that often overlap, among them empty and equal ones.
families = st.lists(st.sets(st.integers(-3, 12), max_size=8), max_size=12)


def indexed(sets: list[set[int]]) -> "exact.Sets":
    sizes = np.array([len(one) for one in sets], np.int64)
    return exact.gather(sizes, np.array([shingle for one in sets for shingle in one], np.int64))


def all_pairs(sets: list[set[int]], least: float) -> dict[tuple[int, int], float]:
    """Every pair by a double loop."""
    jaccards = {
        (a, b): len(sets[a] & sets[b]) / len(sets[a] | sets[b])
        for a, b in combinations(range(len(sets)), 2)
        if sets[a] | sets[b]
    }
    return {pair: jaccard for pair, jaccard in jaccards.items() if jaccard >= least}


def listed(pairs: "exact.Pairs") -> dict[tuple[int, int], float]:
    found = list(zip(pairs.former.tolist(), pairs.latter.tolist(), pairs.jaccard.tolist(), strict=True))
    assert len({(a, b) for a, b, _ in found}) == len(found)
    return {(a, b): jaccard for a, b, jaccard in found}


@given(families, st.sampled_from([0.01, 0.5, 0.7, 0.8, 1.0]), st.sampled_from([1, 7, 1 << 25]))
@example([], 0.7, 1)
@example([set()], 0.7, 1)
@example([set(), set(), {1}, {1}], 1.0, 1)
def test_pairs_by_the_index_are_all_pairs(sets: list[set[int]], least: float, share: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exact, "SHARE", share)
        assert listed(exact.similar_pairs(indexed(sets), least)) == all_pairs(sets, least)


@given(st.lists(texts, max_size=6))
def test_sets_of_dedup_are_those_of_the_plain_twin(corpus: list[str]) -> None:
    sets = [reference.shingles(reference.tokens(text), exact.SHINGLE) for text in corpus]
    assert exact.dedup_sets(corpus).sizes.tolist() == [len(one) for one in sets]
    assert listed(exact.similar_pairs(exact.dedup_sets(corpus), 0.01)) == all_pairs(sets, 0.01)


@given(families, st.data())
def test_verdict_equals_plain_loops(sets: list[set[int]], draw: st.DataObject) -> None:
    stays = [draw.draw(st.booleans()) for _ in sets]
    pairs = all_pairs(sets, 0.5)
    like = {pair for pair, jaccard in pairs.items() if jaccard >= 0.75}

    def alone(text: int, among: set[tuple[int, int]]) -> bool:
        return not any(text in pair and stays[sum(pair) - text] for pair in among)

    removed = [text for text in range(len(sets)) if not stays[text]]
    missed = {b for a, b in like if stays[a] and stays[b]}
    found = exact.judge(exact.similar_pairs(indexed(sets), 0.5), np.array(stays, bool), 0.75)
    assert found.removed == len(removed)
    assert found.unlike == sum(alone(text, like) for text in removed)
    assert found.far == sum(alone(text, set(pairs)) for text in removed)
    assert found.missed == len(missed)
    assert (found.pairs, round(found.parted * len(like))) == (
        len(like),
        len(like) - sum(stays[a] and stays[b] for a, b in like) if like else 0,
    )
    right = found.removed - found.unlike
    assert found.recall == pytest.approx(right / (right + found.missed) if right + found.missed else 1)


def test_verdict_by_hand() -> None:
    # 0 and 1 are equal, 2 resembles 1 only (.8), 3 resembles 4 a little (.6), 5 is alone, 6 and 7 are equal.
    sets = [{1, 2, 3, 4}, {1, 2, 3, 4}, {1, 2, 3, 4, 5}, {9, 10, 11}, {9, 10, 11, 12, 13}, {20}, {30}, {30}]
    pairs = exact.similar_pairs(indexed(sets), 0.6)
    stays = np.array([True, False, False, False, True, False, True, True])
    assert exact.judge(pairs, stays, 0.8) == exact.Verdict(
        removed=4, unlike=2, far=1, missed=1, recall=2 / 3, pairs=4, parted=0.75
    )


def test_losses_of_odd_texts() -> None:
    rows = list(data.odd())
    everything = {name for name, _ in rows}
    kinds = list(data.ODD)
    untouched = exact.losses(rows, everything)
    assert list(untouched) == kinds
    assert all(loss.lost == 0 and loss.left == loss.copies for loss in untouched.values())
    assert untouched["Thai"] == exact.Loss(texts=6, lost=0, copies=3, left=3)
    assert untouched["no word"] == exact.Loss(texts=4, lost=0, copies=0, left=0)
    assert exact.losses(rows, everything - {"Thai-0", "Thai-1-copy", "Thai-5"})["Thai"] == (6, 1, 3, 1)
    assert exact.losses(rows, set())["Chinese"] == (6, 6, 3, 0)


def test_odd_texts_are_alike_only_if_they_are_the_same() -> None:
    rows = list(data.odd())
    assert len({name for name, _ in rows}) == len(rows)
    sets = exact.dedup_sets([text for _, text in rows])
    same = {(a, b) for a, b in combinations(range(len(rows)), 2) if rows[a][1] == rows[b][1]}
    assert set(listed(exact.similar_pairs(sets, 0.05))) == same
    assert len(same) == data.COPIED * 4
    assert {len(text.split()) for text in data.ODD["under 5 words"]} <= {1, 2, 3, 4}


def test_corpus_is_written_up_to_a_size_and_read_again(tmp_path: Path) -> None:
    rows = [(str(number), "é" * 10) for number in range(50)]
    assert data.write(iter(rows), tmp_path / "some", 105) == 120
    assert list(data.read(tmp_path / "some")) == rows[:6]
    assert data.write(rows, tmp_path / "all", 10**6) == 1000
    assert list(data.read(tmp_path / "all")) == rows
    assert data.write([], tmp_path / "none", 10) == 0
    assert list(data.read(tmp_path / "none")) == []


def test_groups_of_rows_do_not_change_what_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [(str(number), "word " * number) for number in range(40)]
    monkeypatch.setattr(data, "GROUP_BYTES", 300)
    data.write(rows, tmp_path / "file", 2000)
    assert pq.ParquetFile(tmp_path / "file").num_row_groups > 3
    assert list(data.read(tmp_path / "file")) == rows[: len(list(data.read(tmp_path / "file")))]


def test_files_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "latin.c").write_bytes(b"caf\xe9")
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "signs").write_text("/***/\n")
    (tmp_path / "link").symlink_to(tmp_path / "sub" / "latin.c")
    for number in range(20):
        (tmp_path / f"file{number}").write_text(f"text {number}")
    rows = list(data.make("linux", tmp_path))
    assert dict(rows) == {"sub/latin.c": "caf\ufffd"} | {f"file{number}": f"text {number}" for number in range(20)}
    assert rows == list(data.files(tmp_path))
    assert rows != sorted(rows)


def jsonl(path: Path, rows: list[dict[str, object]]) -> Path:
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    return path


def test_stories_and_novels(tmp_path: Path) -> None:
    source = jsonl(tmp_path / "rows.gz", [{"id": 7, "text": "One\n two."}, {"id": 8, "text": " \n"}])
    assert list(data.make("reuters", source)) == [("7", "One\n two.")]
    novel = " ".join(f"mot{number}\n" for number in range(2 * data.PAGE_WORDS + 5))
    pages = list(data.make("novels", jsonl(tmp_path / "novels.gz", [{"text": novel}])))
    assert [name for name, _ in pages] == ["page-0", "page-1", "page-2"]
    assert "".join(text for _, text in pages) == novel
    grown = data.make("ordinary", jsonl(tmp_path / "novels.gz", [{"text": novel}]))
    assert [next(grown)[0] for _ in range(4)] == ["page-0", "page-1", "page-2", "page-3"]


@given(texts)
def test_shingles_of_words_are_runs_of_five(text: str) -> None:
    words = re.findall(r"\w+", text.lower())
    found = common.word_shingles(text)
    assert {tuple(shingle.split()) for shingle in found} == (
        {tuple(words[at : at + 5]) for at in range(len(words) - 4)} if len(words) >= 5 else {tuple(words)}
    )


def test_runner_writes_what_stays_and_what_it_compares_by(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [(str(number), f"a b c d e f{number // 2}") for number in range(7)] + [("last", "")]
    data.write(rows, tmp_path / "corpus", 10**6)
    monkeypatch.setattr(common, "BATCH", 3)
    seen: set[str] = set()

    def stays(_ids: list[str], found: list[str]) -> list[bool]:
        return [not (text in seen or seen.add(text)) for text in found]

    common.filter_texts(tmp_path / "corpus", tmp_path / "out", stays)
    assert [name for name, _ in data.read(tmp_path / "out" / "kept.parquet")] == ["0", "2", "4", "6", "last"]
    common.write_shingles(tmp_path / "corpus", tmp_path / "shingles", common.word_shingles)
    sets = [common.word_shingles(text) for _, text in rows]
    found = exact.read_sets(tmp_path / "shingles")
    assert found.sizes.tolist() == [len(one) for one in sets]
    assert listed(exact.similar_pairs(found, 0.1)) == all_pairs(sets, 0.1)


SPIN = "import time\nend = time.process_time() + {seconds}\nwhile time.process_time() < end: pass\n"


def measured(tmp_path: Path, program: str, limit: float = 60) -> "peers.Cost":
    (tmp_path / "scratch").mkdir(exist_ok=True)
    return peers.measure([sys.executable, "-c", program], limit, tmp_path / "log", tmp_path / "scratch")


def test_cost_counts_children_and_orphans(tmp_path: Path) -> None:
    # The first process starts one that starts another, and ends before them: all three spin.
    spin = SPIN.format(seconds=0.3)
    program = f"import os, time\nif not os.fork():\n    os.fork()\n{spin}"
    cost = measured(tmp_path, program)
    assert cost.ended == ""
    assert cost.cpu >= 0.9
    assert 0.3 <= cost.seconds < cost.cpu + 5


def test_memory_is_that_of_all_processes_and_shared_pages_count_once(tmp_path: Path) -> None:
    held = "import os, time\nheld = b'x' * 100_000_000\n"
    shared = measured(tmp_path, held + "os.fork()\ntime.sleep(0.6)")
    assert 100 < shared.peak < 160
    apart = measured(tmp_path, f"import os\nos.fork()\n{held}time.sleep(0.6)")
    assert 200 < apart.peak < 300


def test_limit_ends_all_that_was_started(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    program = f"import os, time\nos.fork()\ntime.sleep(2)\nopen({str(mark)!r}, 'w')"
    assert measured(tmp_path, program, limit=0.3).ended == "stopped after 0.3 s"
    assert not mark.exists()
    time.sleep(2.2)
    assert not mark.exists()


def test_failure_is_told_and_logged(tmp_path: Path) -> None:
    assert measured(tmp_path, "print('why'); raise SystemExit(3)").ended == "failed with status 3"
    assert "why" in (tmp_path / "log").read_text()
    assert peers.resident(2**22 + 1) == 0
    assert os.getpid() in peers.processes(os.getpid())


def test_each_tool_has_a_runner_that_says_how_it_is_run() -> None:
    python, corpus, out = Path("env/bin/python"), Path("corpus"), Path("out")
    for name, tool in peers.TOOLS.items():
        assert tool.name == name
        assert 10 < len(tool.settings) < 130
        command = tool.command(python, corpus, out, 2)
        assert command[0] == str(python)
        assert {"corpus", "out"} <= set(command)
        assert ("2" in command) == (tool is not peers.FLOOR)
        assert not tool.runner or (peers.RUNNERS / tool.runner).is_file()
    # Tools that cut texts in their own ways must not be judged by each other's.
    own = [tool.tokens for tool in peers.TOOLS.values() if tool.runner and tool.tokens != "lower-cased words"]
    assert len(set(own)) == len(own)
    assert all(own)


class Staged(race.Race):
    """A race in which nothing is run: each tool takes what a function says, and keeps every second text."""

    def __init__(self, temp: Path, takes: Callable[["race.Entry", float], "peers.Cost"]) -> None:
        tools = [peers.DEDUP, peers.TOOLS["rensa"], peers.FLOOR]
        super().__init__({tool: Path("python") for tool in tools}, [1, 2], 100, temp)
        self.takes, self.seen = takes, []

    def once(self, entry: "race.Entry", corpus: "race.Corpus") -> "peers.Cost":
        self.seen.append((entry.tool.name, entry.workers, round(corpus.megabytes, 3)))
        cost = self.takes(entry, corpus.megabytes)
        if not cost.ended:
            self.kept[entry.tool.name] = {name for name, _ in data.read(corpus.file)} - {"1"}
        return cost


def taking(seconds: float, ended: str = "") -> "peers.Cost":
    return peers.Cost(seconds, 2 * seconds, 100, ended)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Ten texts of a kilobyte each, of which two are alike."""
    path = tmp_path / "some.parquet"
    bodies = [" ".join(f"w{number}x{at % 97}" for at in range(200))[:1000] for number in (0, 0, *range(2, 10))]
    data.write([(str(number), body) for number, body in enumerate(bodies)], path, 10**6)
    return path


def test_a_corpus_in_parts_is_the_same(tmp_path: Path, corpus: Path) -> None:
    found = race.prepare("some", data.read(corpus), 7000, 3, tmp_path / "work")
    assert (found.name, found.megabytes) == ("some", 0.007)
    rows = list(data.read(corpus))[:7]
    assert list(data.read(found.file)) == rows
    parts = [list(data.read(path)) for path in sorted(found.folder.iterdir())]
    assert [len(part) for part in parts] == [3, 3, 1]
    assert [row for part in parts for row in part] == rows


def test_tools_take_turns_and_who_is_stopped_runs_no_more(tmp_path: Path, corpus: Path) -> None:
    def takes(entry: "race.Entry", megabytes: float) -> "peers.Cost":
        slow = entry.tool.name == "rensa" and megabytes > 0.003
        return taking(100, "stopped after 100 s") if slow else taking(1)

    staged = Staged(tmp_path / "work", takes)
    done = list(staged.grow(corpus, [0.002, 0.005, 0.009, 0.1, 1], 2))
    assert [round(one.megabytes, 3) for one, _ in done] == [0.002, 0.005, 0.009]  # ten are not much more than nine
    everyone = [("dedup", 1), ("dedup", 2), ("rensa", 1), ("floor", 1)]
    rest = [one for one in everyone if one[0] != "rensa"]
    turns = [(("dedup", 1), 0.002), *((one, 0.002) for one in 2 * everyone), *((one, 0.005) for one in everyone)]
    turns += [*((one, 0.005) for one in rest), *((one, 0.009) for one in 2 * rest)]
    assert [((tool, workers), size) for tool, workers, size in staged.seen] == turns
    assert [len(run.costs) for _, runs in done for run in runs] == [2, 2, 2, 2, 2, 2, 0, 2, 2, 2, 2]


def test_slow_tools_get_fewer_rounds(tmp_path: Path, corpus: Path) -> None:
    staged = Staged(tmp_path / "work", lambda entry, _: taking(60 if entry.tool.name == "rensa" else 1))
    [(_, runs)] = staged.grow(corpus, [1], 5)
    assert {run.tool: len(run.costs) for run in runs} == {"dedup": 5, "rensa": 2, "floor": 5}
    assert {run.ended for run in runs} == {""}


def test_start_leaves_the_first_round_out(tmp_path: Path) -> None:
    spent: Iterator[float] = iter(range(100))
    staged = Staged(tmp_path / "work", lambda *_: taking(next(spent)))
    assert [run.median("seconds") for run in staged.start(2)] == [6, 7, 8, 9]  # of 4 and 8, of 5 and 9, and so on


def test_tools_are_judged_by_the_tokens_that_suit_them(tmp_path: Path, corpus: Path) -> None:
    staged = Staged(tmp_path / "work", lambda *_: taking(1))

    def shingles(_tool: "peers.Tool", found: "race.Corpus") -> Path:
        path = tmp_path / "shingles"
        common.write_shingles(found.file, path, lambda text: {text[:1]})  # by which all texts are the same
        return path

    staged.shingles = shingles
    [(prepared, _)] = staged.grow(corpus, [1], 1)
    judged = list(staged.judge(prepared, peers.TOOLS.values()))
    assert [(one.tool, one.tokens) for one in judged] == [("dedup", "dedup's"), ("rensa", "dedup's")]
    assert {one.verdict for one in judged} == {exact.Verdict(1, 0, 0, 0, 1.0, 1, 1.0)}
    staged.kept["rensa"] = {"0"}
    [_, other] = staged.judge(prepared, peers.TOOLS.values())
    assert (other.tokens, other.verdict.removed, other.verdict.unlike) == ("lower-cased words", 9, 0)
    staged.shingles = lambda *_: None
    [_, other] = staged.judge(prepared, peers.TOOLS.values())
    assert (other.tokens, other.verdict.unlike) == ("dedup's", 8)


def cells(written: str) -> list[list[str]]:
    lines = [line for line in written.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if "---" not in line]


def some_runs() -> list["race.Run"]:
    return [
        race.Run("c", 10.0, "dedup", 1, [taking(2), taking(4), taking(3)], "", 70),
        race.Run("c", 10.0, "dedup", 2, [taking(2)], "", 70),
        race.Run("c", 10.0, "rensa", 1, [taking(12)], "stopped after 15 s", 70),
        race.Run("c", 10.0, "datatrove", 1, [], "stopped after 15 s", 0),
        race.Run("c", 10.0, "floor", 1, [taking(1)], "", 100),
        race.Run("c", 100.0, "dedup", 1, [taking(21)], "", 700),
    ]


def test_table_of_times() -> None:
    head, dedup1, dedup2, rensa, datatrove, floor, more = cells(race.times(some_runs()))
    assert len({len(row) for row in (head, dedup1, dedup2, rensa, datatrove, floor, more)}) == 1
    assert dedup1 == ["10", "dedup", "1", "3.00 (2.00 to 4.00)", "6.0", "100", "70", "1.00", "1.50", "3.00"]
    assert dedup2[7:] == ["1.00", "1.00", "2.00"]
    assert rensa[3:] == [
        "12.00 (12.00 to 12.00); then stopped after 15 s, so not run on more",
        "24.0",
        "100",
        "70",
        "4.00",
        "6.00",
        "12.00",
    ]
    assert datatrove[3] == "stopped after 15 s, so not run on more"
    assert more[7:] == ["1.00", "", ""]


def test_table_of_growth() -> None:
    starts = [run._replace(corpus="tiny", costs=[taking(1)]) for run in some_runs()[:5]]
    found = cells(race.growths(some_runs(), starts))[1:]
    assert [row[1:3] for row in found] == [["dedup", "1"], ["dedup", "2"], ["rensa", "1"], ["floor", "1"]]
    assert found[0] == ["c", "dedup", "1", "1.00", "1.00", "10 to 100", "4.8"]
    assert found[1][4:] == ["", "10 to 10", "5.0"]


def test_tables_of_verdicts_and_losses() -> None:
    verdict = exact.Verdict(removed=1000, unlike=3, far=1, missed=2, recall=0.998, pairs=1200, parted=1.0)
    _, row = cells(exact.verdicts([exact.Judged("c", 10.0, "rensa", "dedup's", verdict)]))
    assert row == ["c", "10", "rensa", "dedup's", "1,000", "3", "1", "2", "0.9980", "1,200", "1.0000"]
    assert cells(exact.odds({"rensa": {"Thai": exact.Loss(6, 1, 3, 2)}})) == [
        ["texts lost; copies left", "Thai"],
        ["rensa", "1 of 6; 2 of 3"],
    ]


def test_heading_and_figures() -> None:
    results = {
        "command": "python benchmarks/speed.py peers c.parquet",
        "machine": "one",
        "commit": "",
        "settings": {"rensa": "so", "floor": "thus"},
        "versions": {"rensa": {"pip": "1", "rensa": "0.5", "pyarrow": "20"}, "floor": {"numba": "1", "pyarrow": "21"}},
        "runs": some_runs(),
    }
    _, rensa, floor = cells(race.heading(results))
    assert (rensa, floor) == (["rensa", "rensa 0.5, pyarrow 20", "so"], ["floor", "pyarrow 21", "thus"])
    kept = json.loads(json.dumps(race.plain(results)))
    assert kept["runs"][0]["costs"][1] == {"seconds": 4, "cpu": 8, "peak": 100, "ended": ""}
    assert kept["versions"] == results["versions"]


def test_panels_have_all_tools_also_those_of_one_process() -> None:
    one, two = race.panels(some_runs())
    assert (one.title, two.title) == ("c, 1 worker", "c, 2 workers")
    assert one.lines["dedup"] == [(10, 3), (100, 21)]
    assert two.lines["dedup"] == [(10, 2)]
    assert one.lines["rensa"] == two.lines["rensa"] == [(10, 12)]
    assert one.lines["datatrove"] == two.lines["datatrove"] == []


def test_command_line() -> None:
    parser = argparse.ArgumentParser()
    speed.peers_arguments(parser)
    given = parser.parse_args(["a.parquet", "b.parquet", "--sizes", "3,10", "--tools", "dedup,floor", "--workers", "2"])
    assert given.sources == [Path("a.parquet"), Path("b.parquet")]
    assert (given.sizes, given.workers, given.tools) == ([3, 10], [2], ["dedup", "floor"])
    assert parser.parse_args(["a"]).sizes == [10, 30, 100, 300, 1000]
    assert parser.parse_args(["a"]).workers == [1, 2]
    with pytest.raises(SystemExit, match=r"no gzip, zip\. There are dedup, "):
        speed.peers(parser.parse_args(["a", "--tools", "zip,gzip,rensa"]))
    with pytest.raises(SystemExit, match="nowhere: no Parquet file"):
        speed.peers(parser.parse_args(["nowhere"]))


def test_growth_is_the_slope_of_logarithms() -> None:
    def runs(seconds: list[float]) -> list["race.Run"]:
        return [race.Run("c", 10.0**at, "t", 1, [peers.Cost(one, 0, 0, "")], "", 0) for at, one in enumerate(seconds)]

    assert race.growth(runs([1.5, 10.5, 100.5]), 0.5) == pytest.approx(1)
    assert race.growth(runs([1.5, 100.5]), 0.5) == pytest.approx(2)
    assert race.growth(runs([0.4, 1.5, 10.5]), 0.5) == pytest.approx(1)  # the first is all start
    assert race.growth(runs([0.4, 1.5]), 0.5) is None
    assert race.growth([], 0.5) is None


@given(st.floats(1e-3, 1e5), st.floats(1.5, 1e6))
def test_ticks_are_few_round_and_inside(low: float, times: float) -> None:
    found = plot.ticks(low, low * times)
    assert found == sorted(set(found))
    assert all(low <= value <= low * times for value in found)
    assert all(f"{value:e}"[0] in "1235" for value in found)
    assert len(found) >= (3 if times > 20 else 0)


@given(st.lists(st.floats(-50, 50), max_size=8), st.integers(1, 20))
def test_labels_move_apart_keep_their_order_and_their_middle(places: list[float], gap: int) -> None:
    moved = plot.spread(places, gap)
    order = sorted(range(len(places)), key=places.__getitem__)
    assert all(moved[b] - moved[a] >= gap - 1e-6 for a, b in pairwise(order))
    assert sum(moved) == pytest.approx(sum(places), abs=1e-6)
    if all(places[b] - places[a] >= gap for a, b in pairwise(order)):
        assert moved == pytest.approx(places)


LINES = {"one <&>": [(10.0, 0.5), (100.0, 5.0)], "two": [(10.0, 600.0)], "none": []}


def test_plot_has_every_line_inside_its_panel() -> None:
    drawn = plot.draw([plot.Panel("c", LINES), plot.Panel("empty", {}), plot.Panel("d", LINES)], "MB", "seconds")
    root = ElementTree.fromstring(drawn)  # noqa: S314 - our own
    space = "{http://www.w3.org/2000/svg}"
    assert (root.get("width"), root.get("height")) == (str(2 * plot.WIDTH), str(2 * plot.HEIGHT))
    panels = root.findall(f"{space}g")
    assert [panel.get("transform") for panel in panels] == ["translate(0 0)", "translate(460 0)", "translate(0 340)"]
    for panel in (panels[0], panels[2]):
        assert [text.text for text in panel.iter(f"{space}text") if text.get("class") == "end"] == ["one <&>", "two"]
        lines = [line.get("points") for line in panel.iter(f"{space}polyline")]
        places = [tuple(map(float, place.split(","))) for line in lines for place in line.split()]
        assert len(places) == 3
        assert all(plot.LEFT <= x <= plot.WIDTH - plot.RIGHT for x, _ in places)
        assert all(plot.TOP <= y <= plot.HEIGHT - plot.BOTTOM for _, y in places)
        (left, low), (right, high), (_, top) = places
        assert left < right
        assert low > high > top
    assert len(list(panels[1].iter(f"{space}text"))) == 1


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_plot_is_legible_on_light_and_dark() -> None:
    for style in plot.STYLE.split("@media"):
        page = luminance(re.search(r"\.page { fill: (#\w+)", style)[1])
        inks = re.findall(r"--ink: (#\w+)", style) + re.findall(r"text {[^}]*fill: (#\w+)", style)
        assert len(inks) == len(plot.SIGNS) + 1
        for ink in map(luminance, inks):
            assert (max(ink, page) + 0.05) / (min(ink, page) + 0.05) >= 4.5
