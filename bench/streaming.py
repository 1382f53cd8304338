"""What a stream costs: Codexity beside sse-starlette, Starlette and raw ASGI; prints figures.

    python bench/streaming.py
    python bench/streaming.py burst

The second prints the rows alone in which all of a stream is said at once.
Each server is a process of its own under uvicorn, on one core; the load is on the next. All say the
same words with the same ids; Codexity's own run through the whole of `codexity serve`, its store
included: ready-made tokens as a pipeline says them, and beside that the words of a scripted model
through the whole pipeline. Minutes; figures are of a quiet machine only.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from server import print_load
from streams_costs import Round, Spent, idle, idle_followers, ready, spend, together
from streams_latency import print_latencies
from streams_serve import pin
from streams_served import Served, serving

OURS = "codexity"
WHOLE = "codexity, whole pipeline"
KINDS = (OURS, WHOLE, "sse-starlette", "StreamingResponse", "raw ASGI, ready bytes")
ALONE = "codexity, gathering none"
"""Every event in a write of its own as far as its reader keeps up, as the libraries do it."""
TURNS = Round(streams=500, tokens=200, how="turns")
BURST = Round(streams=500, tokens=200, how="burst")
PACED = Round(streams=500, tokens=50, how="paced", rate=10)
MANY = Round(streams=2_000, tokens=100, how="paced", rate=10)
FAST = Round(streams=2_000, tokens=250, how="paced", rate=50)
TOGETHER = replace(FAST, window=5)
WARM = Round(streams=100, tokens=200, how="turns")
ROUNDS = 3
BURST_ROUNDS = 9
"""They are over in a third of a second each, and so are a neighbour's."""
IDLE = 1_000


def main(rows: Sequence[str]) -> None:
    if not sys.platform.startswith("linux"):
        print("left out: it tells memory and pins processes to cores as only Linux does")
        return
    pin(1)
    print_load()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if rows == ["burst"]:
            with warmed((OURS, "StreamingResponse"), folder) as pair:
                print_burst(pair)
            return
        with warmed((*KINDS, ALONE), folder) as servers:
            print_turns(servers)
            print_burst(servers)
            print_paced(servers)
        print_idle(folder)
        print_many(folder)
        print_latencies(folder / "latencies")


@contextmanager
def warmed(kinds: Sequence[str], folder: Path) -> Generator[Mapping[str, Served], None, None]:
    """A server of each kind that has streamed before; ended when the block is left."""
    with ExitStack() as stack:
        servers: dict[str, Served] = {}
        for place, kind in enumerate(kinds):
            alone = {"STREAM__GATHER_SECONDS": "0"} if kind == ALONE else {}
            one = serving(OURS if alone else kind, folder / f"rounds{place}", alone)
            servers[kind] = stack.enter_context(one)
        for server in servers.values():
            spend(server, WARM)
        yield servers


def rounds(
    servers: Mapping[str, Served], one: Round, count: int = ROUNDS
) -> dict[str, list[Spent]]:
    """The kinds take turns, so that all meet the same machine."""
    spent: dict[str, list[Spent]] = {kind: [] for kind in servers}
    for _ in range(count):
        for kind, server in servers.items():
            spent[kind].append(spend(server, one))
    return spent


def print_turns(servers: Mapping[str, Served]) -> None:
    print(f"\n{TURNS.streams} streams of {TURNS.tokens} tokens, one turn of the loop a token")
    spent = rounds(servers, TURNS)
    print_rounds(spent)
    library = spent["sse-starlette"]
    print_bar("events/s of sse-starlette's", ratio(spent[OURS], library, _events), least=1.5)
    print_bar("CPU of sse-starlette's", ratio(spent[OURS], library, _cpu), most=0.65)


def print_burst(servers: Mapping[str, Served]) -> None:
    print(f"\n{BURST.streams} streams of {BURST.tokens} tokens, all of a stream at once")
    spent = rounds(servers, BURST, BURST_ROUNDS)
    print_rounds(spent)
    starlette = spent["StreamingResponse"]
    print_bar("events/s of StreamingResponse's", ratio(spent[OURS], starlette, _events), least=7)
    each = [mine.events / other.events for mine, other in zip(spent[OURS], starlette, strict=True)]
    print(f"  in {len(each)} rounds from {min(each):.1f} to {max(each):.1f}")
    print("  said all at once to readers who wait: what reading costs, without the run's own part")
    shared = [together(servers[OURS], BURST) for _ in range(ROUNDS)]
    print(f"  {OURS} (one run) {max(shared):,.0f} events/s")
    of = statistics.median(shared) / statistics.median(map(_events, starlette))
    print(f"  {of:.2f} times StreamingResponse's events/s")
    print("  asked for when all of it is ready, from the request on")
    pair = servers[OURS], servers["StreamingResponse"]
    found = [tuple(ready(server, BURST) for server in pair) for _ in range(ROUNDS)]
    ours, theirs = (max(one) for one in zip(*found, strict=True))
    of = statistics.median(mine / other for mine, other in found)
    print(f"  {OURS} (a run's log) {ours:,.0f}, StreamingResponse {theirs:,.0f}: {of:.2f} times")


def print_paced(servers: Mapping[str, Served]) -> None:
    print(f"\n{PACED.streams} streams of {PACED.rate:g} tokens a second each")
    for kind, server in servers.items():
        print_delays(kind, spend(server, PACED))


def print_idle(folder: Path) -> None:
    print(f"\nidle connections: {IDLE:,} further streams that wait for their first token")
    for place, kind in enumerate(KINDS):
        with serving(kind, folder / f"idle{place}") as server:
            of = ", its run included" if kind.startswith(OURS) else ""
            print(f"  {kind + of:32} {idle(server, IDLE):5.1f} KiB each")
    with serving(OURS, folder / "followers") as server:
        held = idle_followers(server, IDLE)
    print_bar("KiB of each further follower of a run", held, most=20)


def print_many(folder: Path) -> None:
    print(f"\n{MANY.streams:,} open streams of {MANY.rate:g} tokens a second each")
    with serving(OURS, folder / "many") as server:
        spend(server, WARM)
        one = spend(server, MANY)
        print_delays("words said in the process", one)
        print_bar("tokens lost", one.lost, most=0)
        print_bar("p99 of the added delay, in ms", one.delay(0.99), most=250)
        print(f"\n{FAST.streams:,} open streams of {FAST.rate:g} tokens a second each")
        print_delays("said one by one", spend(server, FAST))
        print_delays("said each 100 ms together", spend(server, TOGETHER))
    with serving("model server", folder / "model") as model:
        told = {"LLM__BASE_URL": f"http://127.0.0.1:{model.port}/v1", "LLM__MODEL": "script"}
        print(f"\n{MANY.streams:,} of {MANY.rate:g} again, from a model server on the load's core")
        try:
            with serving(WHOLE, folder / "modelled", told) as server:
                print_delays("words of a model server", spend(server, MANY, gate=model))
        except SystemExit as failure:
            print(f"  not measured: {failure}".partition("\n")[0])


def print_rounds(spent: Mapping[str, list[Spent]]) -> None:
    """The best of the rounds by the clock, since a neighbour only takes away; the median of CPU."""
    count = len(next(iter(spent.values())))
    print(f"  {count} rounds                 events/s (best)  CPU-s a million  lost  load's core")
    for kind, mine in spent.items():
        events = max(map(_events, mine))
        cpu = statistics.median(map(_cpu, mine))
        busy = max(one.busy for one in mine)
        lost = sum(one.lost for one in mine)
        print(f"  {kind:24} {events:15,.0f} {cpu:16.1f} {lost:5} {busy:9.0%}")


def print_delays(kind: str, one: Spent) -> None:
    print(
        f"  {kind:26} {one.events:8,.0f} events/s, {one.cpu:5.1f} CPU-s a million, "
        f"{one.lost} lost; added delay p50 {one.delay(0.5):.1f} ms, p99 {one.delay(0.99):.1f} ms"
    )


def ratio(ours: list[Spent], others: list[Spent], figure: Callable[[Spent], float]) -> float:
    """Of rounds that followed each other, the median."""
    pairs = zip(ours, others, strict=True)
    return statistics.median(figure(mine) / figure(other) for mine, other in pairs)


def print_bar(what: str, figure: float, *, least: float = 0, most: float = 0) -> None:
    met = figure >= least if least else figure <= most
    bar = f"at least {least:g}" if least else f"at most {most:g}"
    print(f"  {what}: {figure:.2f} (bar: {bar}): {'ok' if met else 'MISSED'}")


def _events(one: Spent) -> float:
    return one.events


def _cpu(one: Spent) -> float:
    return one.cpu


if __name__ == "__main__":
    main(sys.argv[1:])
