"""Workers of xdist that collect a file of tests when its turn comes, each file in one worker.

Every worker collected all files before the first test: a quarter of a minute of CPU in each of four. Here a worker names its
files, the main process hands them out (`--dist loadfile`), and a file is imported and collected where it is run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController


class TestFile(pytest.Item):
    """A file of tests in the place of one test, as the main process knows it."""

    __test__ = False
    fixturenames = ()
    running = ""  # the test of the file whose outcome is being sent

    @property
    def nodeid(self) -> str:
        return self.running or super().nodeid

    def runtest(self) -> None:
        raise NotImplementedError("its tests are run one by one")


class Files:
    """The plugin of a worker. `sort` puts the files into the order in which they are begun."""

    def __init__(self, config: pytest.Config, sort: Callable[[list[pytest.Item]], None]) -> None:
        [interactor] = [one for one in config.pluginmanager.get_plugins() if hasattr(one, "sendevent")]
        self.send, interactor.sendevent = interactor.sendevent, self.send_result
        self.sort = sort
        self.current: TestFile | None = None

    def send_result(self, name: str, **facts) -> None:
        """Send what came of each test, and not also that it began, was set up, torn down and ended: four of five messages,
        which took the main process as long as four hundred tests take.
        """
        report = facts.get("data", {})
        is_step = name == "testreport" and report["when"] != "call" and report["outcome"] == "passed"
        if name not in ("logstart", "logfinish") and not is_step:
            self.send(name, **facts)

    @pytest.hookimpl(tryfirst=True)
    def pytest_make_collect_report(self, collector: pytest.Collector) -> pytest.CollectReport | None:
        """Stand in for the tests of a file until it is run."""
        if not isinstance(collector, pytest.Module) or self.current is not None:
            return None
        file = TestFile.from_parent(collector, name=collector.name, nodeid=collector.nodeid)
        file.add_marker(pytest.mark.django_db)  # the databases that any of the session's items needs are made
        return pytest.CollectReport(collector.nodeid, "passed", None, [file])

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> Iterator[None]:
        """Choose no files by the markers of tests, which are chosen when a file is run."""
        files = [item for item in items if isinstance(item, TestFile)]
        yield
        if files:
            items[:] = files
            self.sort(items)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
        if not isinstance(item, TestFile):
            return None
        session, hook, module = item.session, item.config.hook, item.parent
        assert module is not None
        self.current = item
        tests = list(session.genitems(module))
        hook.pytest_collection_modifyitems(session=session, config=item.config, items=tests)
        if not tests:  # the folders set up before it may be others than those of the next file
            session._setupstate.teardown_exact(nextitem)
        for place, test in enumerate(tests, 1):
            following = tests[place] if place < len(tests) else nextitem
            hook.pytest_runtest_protocol(item=test, nextitem=following)
            if session.shouldfail or session.shouldstop:
                break
        self.current, item.running = None, ""
        return True

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if self.current is not None:
            self.current.running = report.nodeid


class Scheduling(LoadFileScheduling):
    """Gives a worker a file beside the one that it runs, and not three."""

    def _reschedule(self, node: WorkerController) -> None:
        if self._pending_of(self.assigned_work[node]) < 2 or not self.workqueue:
            super()._reschedule(node)
