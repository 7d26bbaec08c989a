"""Un noyau neuf et de quoi lui parler, arrêté quoi qu’il arrive."""

from contextlib import asynccontextmanager

from jupyter_client import AsyncKernelManager

START_MAX = 90  # secondes


@asynccontextmanager
async def fresh_kernel(name, folder, log, **options):
    """Un noyau prêt, dans ce dossier, et son client ; ce qu’il dit hors des cellules va dans ``log``."""
    manager = AsyncKernelManager(kernel_name=name)
    client = None
    with log.open("wb") as output:
        try:
            await manager.start_kernel(cwd=str(folder), stdout=output, stderr=output, **options)
            client = manager.client()
            client.start_channels()
            await client.wait_for_ready(timeout=START_MAX)
            client.allow_stdin = False
            yield manager, client
        finally:
            if client:
                client.stop_channels()
            if manager.has_kernel:
                await manager.shutdown_kernel(now=True)
