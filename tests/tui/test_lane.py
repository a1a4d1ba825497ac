"""One question at a time; stale answers are dropped."""

import threading

from textual import on
from textual.app import App
from textual.widget import Widget

from workbench.errors import StoreLocked
from workbench.tui.lane import Lane
from workbench.tui.messages import Answer


class Asker(Widget):
    """Keeps current and stale answers apart."""

    def __init__(self) -> None:
        super().__init__()
        self.lane = Lane(self, "test")
        self.current: list[Answer] = []
        self.stale: list[object] = []

    @on(Answer)
    def take(self, answer: Answer) -> None:
        if self.lane.finished(answer):
            self.current.append(answer)
        else:
            self.stale.append(answer.value)


class Host(App[None]):
    def compose(self):  # type: ignore[no-untyped-def]
        yield Asker()


async def test_a_late_answer_is_dropped_and_what_waited_is_replaced() -> None:
    app = Host()
    async with app.run_test() as pilot:
        asker, gate, asked = app.query_one(Asker), threading.Event(), []

        def slow() -> str:
            asked.append("first")
            gate.wait(10)
            return "first"

        def quick(name: str) -> str:
            asked.append(name)
            return name

        asker.lane.ask("rows", slow)
        asker.lane.ask("rows", lambda: quick("second"))
        asker.lane.ask("rows", lambda: quick("third"))
        assert asker.lane.busy
        gate.set()
        while not asker.current:
            await pilot.pause(0.01)
        assert asker.stale == ["first"]
        assert [a.value for a in asker.current] == ["third"]
        assert asked == ["first", "third"]  # never two at once, and the second not at all


async def test_topics_do_not_disturb_each_other() -> None:
    app = Host()
    async with app.run_test() as pilot:
        asker = app.query_one(Asker)
        running, most = 0, 0
        lock = threading.Lock()

        def work(name: str) -> str:
            nonlocal running, most
            with lock:
                running += 1
                most = max(most, running)
            threading.Event().wait(0.05)
            with lock:
                running -= 1
            return name

        for name in "abc":
            asker.lane.ask(name, lambda name=name: work(name))  # type: ignore[misc]
        while len(asker.current) < 3:
            await pilot.pause(0.01)
        assert [a.value for a in asker.current] == ["a", "b", "c"]
        assert most == 1


async def test_an_error_is_an_answer_and_the_lane_goes_on() -> None:
    app = Host()
    async with app.run_test() as pilot:
        asker = app.query_one(Asker)

        def locked() -> None:
            raise StoreLocked("locked", "wait")

        asker.lane.ask("a", locked)
        asker.lane.ask("b", lambda: 1 / 0)
        asker.lane.ask("c", lambda: "fine")
        while len(asker.current) < 3:
            await pilot.pause(0.01)
        first, second, third = asker.current
        assert isinstance(first.error, StoreLocked)
        assert second.error is not None and "ZeroDivisionError" in second.error.message
        assert third.value == "fine" and third.error is None


async def test_what_is_no_longer_wanted_is_stale() -> None:
    app = Host()
    async with app.run_test() as pilot:
        asker, gate = app.query_one(Asker), threading.Event()
        asker.lane.ask("a", lambda: gate.wait(10))
        asker.lane.drop("a")
        gate.set()
        while not asker.stale:
            await pilot.pause(0.01)
        assert asker.current == []
