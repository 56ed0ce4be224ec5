"""What the standard library's loggers may say in our logs: who spoke and how loud, never what a person wrote."""

import io
import logging
import sys
from collections.abc import Iterator

import pytest
import structlog

from shared.infra.logs import set_up


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Standard error of a process that has set its logs up; put back afterwards."""
    root, kept, raising = logging.getLogger(), structlog.get_config(), logging.raiseExceptions
    before = root.handlers[:], root.level
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    set_up()
    yield stream
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    logging.raiseExceptions = raising
    structlog.configure(**kept)


def test_of_what_libraries_log_only_the_template_is_kept(written: io.StringIO) -> None:
    logging.getLogger("some.library").warning("cannot reach %s", "王秀兰")
    # As asyncio reports an exception that nobody asked for.
    asyncio_says = "Task exception was never retrieved\nfuture: <Task exception=ValueError('王秀兰 13900001111')>"
    try:
        raise ValueError("王秀兰")
    except ValueError:
        logging.getLogger("asyncio").error(asyncio_says, exc_info=True)
    logged = written.getvalue()
    assert "cannot reach %s" in logged and "Task exception was never retrieved" in logged and "ValueError" in logged
    assert "王秀兰" not in logged and "1390" not in logged and "future" not in logged


def test_a_line_that_cannot_be_written_is_lost_rather_than_printed_with_its_arguments(written: io.StringIO) -> None:
    handler = next(handler for handler in logging.getLogger().handlers if type(handler) is logging.StreamHandler)
    handler.setStream(closed := io.StringIO())
    closed.close()
    logging.getLogger("some.library").warning("cannot reach %s", "王秀兰")
    assert written.getvalue() == ""
