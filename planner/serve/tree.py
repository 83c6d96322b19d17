"""The process tree: parts that are started, watched, restarted, and stopped in order; none outlives the tree."""

import contextlib
import ctypes
import os
import select
import signal
import subprocess  # nosec B404 # our own commands
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from planner.serve.logs import Log

RESTARTS_A_MINUTE = 5
LONGEST_PAUSE = 8.0

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


class GaveUp(Exception):
    """A part died too often; the text says which and where to look."""


@dataclass(frozen=True)
class Part:
    """One process: how it starts and how long it may take to stop."""

    name: str
    command: Sequence[str]
    patience: float
    pass_fds: tuple[int, ...] = ()


@dataclass
class Running:
    """A part at run time."""

    part: Part
    log: Log
    process: subprocess.Popen[bytes]
    deaths: list[float] = field(default_factory=list)
    restart_at: float | None = None


class Tree:
    """Runs parts as children in process groups of their own, so that only the tree hears the terminal's Ctrl-C."""

    def __init__(self, log_dir: Path, env: Mapping[str, str], cwd: Path, say: Callable[[str], None]) -> None:
        self.stop_asked = False
        self._log_dir = log_dir
        self._env = dict(env)
        self._cwd = cwd
        self._say = say
        self._running: dict[str, Running] = {}
        self._bell, waker = os.pipe()
        for end in (self._bell, waker):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
        for asked in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(asked, self._ask_to_stop)
        # A handler of any kind makes a child's end wake the loop.
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def start(self, part: Part) -> None:
        """Starts a part whose output goes to `<name>.log`."""
        log = Log(self._log_dir / f"{part.name}.log")
        self._running[part.name] = Running(part, log, self._spawn(part, log))

    def run(self, command: Sequence[str]) -> int:
        """Runs a command that ends by itself, with the tree's own output; its exit code."""
        process = self._popen(command)
        while process.poll() is None:
            self._nap(1.0)
            if self.stop_asked:
                process.terminate()
        return process.returncode

    def tend(self, seconds: float) -> None:
        """Waits up to `seconds` for something to happen; then restarts what died and repeats what was logged loudly."""
        self._nap(seconds)
        for running in self._running.values():
            for line in running.log.loud_lines():
                self._say(f"{running.part.name}: {line}")
            running.log.keep_short()
            if not self.stop_asked:
                self._revive(running)

    def is_running(self, name: str) -> bool:
        """Whether the part's process lives."""
        return self._running[name].process.poll() is None

    def log_of(self, name: str) -> Path:
        """Where the part writes."""
        return self._running[name].log.path

    def stop(self, *order: tuple[str, ...]) -> None:
        """Stops the named parts, one group after the other; whoever does not end in time is killed."""
        for names in order:
            group = [self._running[name] for name in names if name in self._running]
            group = [running for running in group if running.restart_at is None]  # the others are dead and swept
            for running in group:
                running.process.terminate()
            until = time.monotonic() + max((running.part.patience for running in group), default=0)
            while any(running.process.poll() is None for running in group) and time.monotonic() < until:
                self._nap(until - time.monotonic())
            for running in group:
                _kill_group(running.process)

    def _ask_to_stop(self, *_: object) -> None:
        self.stop_asked = True

    def _nap(self, seconds: float) -> None:
        ready, _, _ = select.select([self._bell], [], [], max(seconds, 0))
        if ready:
            with contextlib.suppress(BlockingIOError):
                os.read(self._bell, 4096)

    def _revive(self, running: Running) -> None:
        now = time.monotonic()
        if running.restart_at is not None:
            if now >= running.restart_at:
                running.restart_at = None
                running.process = self._spawn(running.part, running.log)
            return
        if running.process.poll() is None:
            return
        # What it left behind (web workers of a killed web server) must not answer beside its successor.
        _kill_group(running.process)
        running.deaths = [died for died in running.deaths if now - died < 60] + [now]
        died = f"{running.part.name} ended with {_how(running.process.returncode)}"
        if len(running.deaths) > RESTARTS_A_MINUTE:
            raise GaveUp(f"{died}, for the {len(running.deaths)}th time in a minute: see {running.log.path}")
        pause = min(0.5 * 2 ** (len(running.deaths) - 1), LONGEST_PAUSE)
        running.restart_at = now + pause
        self._say(f"{died}, starts again in {pause:g} s (more in {running.log.path})")

    def _spawn(self, part: Part, log: Log) -> subprocess.Popen[bytes]:
        with log.path.open("ab") as output:
            return self._popen(part.command, output.fileno(), part.pass_fds)

    def _popen(
        self, command: Sequence[str], output: int | None = None, pass_fds: tuple[int, ...] = ()
    ) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603  # nosec B603 # our own commands
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=self._env,
            cwd=self._cwd,
            pass_fds=pass_fds,
            process_group=0,
            preexec_fn=ends_with_us(),
        )


def ends_with_us() -> Callable[[], None] | None:
    """For a child's start: on Linux the kernel kills it when we die, however we die; elsewhere a clean stop does."""
    if _libc is None:
        return None
    prctl, us = _libc.prctl, os.getpid()

    def ask_kernel() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != us:  # we died before the child could ask
            os._exit(1)

    return ask_kernel


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _how(returncode: int) -> str:
    if returncode < 0:
        return f"signal {signal.Signals(-returncode).name}"
    return f"exit code {returncode}"
