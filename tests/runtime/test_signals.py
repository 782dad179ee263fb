"""Signals at any point of a run."""

import signal
from collections.abc import Iterator

import click
import pytest

from dedup.cli.errors import EXIT_INTERRUPTED, report_errors
from dedup.runtime import signals

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@pytest.fixture(params=SIGNALS)
def sent(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[signal.Signals]:
    """A signal, heeded as in the command, with what was before put back."""
    usual = {number: signal.getsignal(number) for number in SIGNALS}
    monkeypatch.setattr(signals, "_received", [])
    signals.install()
    yield request.param
    for number, handler in usual.items():
        signal.signal(number, handler)


def test_signal_raises_keyboard_interrupt(sent: signal.Signals) -> None:
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(sent)
    assert signals.interrupted()


def test_delayed_signal_is_raised_afterwards(sent: signal.Signals) -> None:
    done = []

    def work() -> None:
        with signals.delayed():
            signal.raise_signal(sent)
            done.append("the rest")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == ["the rest"]
    with signals.delayed():  # the earlier signal was reported
        pass


def test_interrupt_replaced_by_a_library_error_is_noticed(
    sent: signal.Signals, capsys: pytest.CaptureFixture[str]
) -> None:
    def work() -> None:
        try:
            signal.raise_signal(sent)
        except KeyboardInterrupt:
            raise RuntimeError("Query interrupted") from None

    with pytest.raises(click.exceptions.Exit) as left, report_errors():
        work()
    assert left.value.exit_code == EXIT_INTERRUPTED
    assert capsys.readouterr().err == "dedup: Interrupted.\n"


def test_ignored_signals_do_nothing(sent: signal.Signals) -> None:
    signals.ignore()
    signal.raise_signal(sent)
    assert not signals.interrupted()


def test_ignored_hangup_stays_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = {number: signal.getsignal(number) for number in SIGNALS}
    monkeypatch.setattr(signals, "_received", [])
    try:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as nohup does
        signals.install()
        signal.raise_signal(signal.SIGHUP)
        assert not signals.interrupted()
    finally:
        for number, handler in usual.items():
            signal.signal(number, handler)
