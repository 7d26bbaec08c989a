"""Exécute plusieurs carnets et en montre l’avance.

Deux s’exécutent à la fois ; ceux dont les métadonnées disent ``cours.seul: true`` (ils mesurent des temps) passent
ensuite, un par un.
"""

import asyncio
import signal
import sys

import nbformat

from course_tools.notebooks.catalog import full_name, number
from course_tools.notebooks.run import run

AT_ONCE = 2


def run_all(paths, then):
    """Exécute ces carnets ; ``then`` reçoit chaque Result dès qu’il est là. Interrompu, finit le programme."""
    try:
        return asyncio.run(run_all_async(paths, then))
    except (KeyboardInterrupt, asyncio.CancelledError):
        sys.exit(130)


async def run_all_async(paths, then):
    show = Progress()

    async def one(path):
        show.starts(path)
        result = await run(path, progress=lambda done, total: show.moves(path, done, total))
        then(result)
        show.ends(result)
        return result

    # kill arrête comme Ctrl-C : les noyaux sont arrêtés avec nous.
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, asyncio.current_task().cancel)
    alone = [
        p for p in paths if nbformat.read(p, as_version=4).metadata.get("cours", {}).get("seul")
    ]
    places = asyncio.Semaphore(AT_ONCE)

    async def in_place(path):
        async with places:
            return await one(path)

    results = list(await asyncio.gather(*(in_place(p) for p in paths if p not in alone)))
    for path in alone:
        results.append(await one(path))
    return sorted(results, key=lambda r: r.path)


class Progress:
    """Une ligne par carnet ; dans un terminal, de plus, une ligne qui bouge."""

    def __init__(self):
        self.running = {}
        self.terminal = sys.stdout.isatty()

    def starts(self, path):
        if not self.terminal:
            print(f"  … {full_name(path)}", flush=True)

    def moves(self, path, done, total):
        self.running[number(path)] = (done, total)
        self.draw()

    def ends(self, result):
        self.running.pop(number(result.path), None)
        if self.terminal:
            print("\r\033[K", end="")
        mark = "✘" if result.errors else "✔"
        print(
            f"  {mark} {full_name(result.path)} ({result.seconds:.0f} s, {result.figures} figures,"
            f" {result.memory / 2**20:.0f} Mo)",
            flush=True,
        )
        for error in result.errors:
            print(f"\n    {error}\n", flush=True)
        self.draw()

    def draw(self):
        if self.terminal:
            text = " · ".join(
                f"{which} {done}/{total}" for which, (done, total) in sorted(self.running.items())
            )
            print(f"\r\033[K  … carnets {text}" if text else "\r\033[K", end="", flush=True)
