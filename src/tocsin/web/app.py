"""The server as one ASGI app: routes, the guard before them, pages beside them, no state but its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

from tocsin.ask.inferred import DEFAULT_SEED
from tocsin.web import edits, record, routes, whatif
from tocsin.web.answering import PARTICLES, Means
from tocsin.web.guard import Door, Guard
from tocsin.web.jobs import GRACE_SECONDS, WORKERS, Jobs
from tocsin.web.posteriors import Posteriors
from tocsin.web.refusal import Refused, tell_refusals
from tocsin.web.routes import Desk
from tocsin.web.workspace import Workspace

STATIC = Path(__file__).parent / "static"
# Each takes the server's `Desk` from the request (`tocsin.web.routes.AtDesk`).
ROUTERS = (routes.router, record.router, edits.router, whatif.router)


def create_app(
    workspace: Workspace,
    *,
    particles: int = PARTICLES,
    seed: int = DEFAULT_SEED,
    ledger: str | None = None,
    door: Door | None = None,
    grace_seconds: float = GRACE_SECONDS,
    workers: int = WORKERS,
    static: Path = STATIC,
) -> FastAPI:
    """The server of a workspace. Its threads and its watch begin and end with its lifespan.

    Parameters
    ----------
    particles, seed : of answers that name none
    ledger : place of the ledger whose record stands beside the answers
    door : who may come in; this machine alone if left out
    grace_seconds : how long a job lives that nobody listens to or asks for
    workers : jobs at once
    static : folder of the built pages
    """

    @asynccontextmanager
    async def living(app: FastAPI) -> AsyncIterator[None]:
        desk: Desk = app.state.desk
        desk.jobs.open()
        tasks = [
            asyncio.create_task(workspace.follow()),
            asyncio.create_task(_give_up_the_forsaken(desk.jobs)),
        ]
        try:
            yield
        finally:
            desk.close()
            for task in tasks:
                task.cancel()
            for task in tasks:
                with suppress(asyncio.CancelledError):
                    await task
            await asyncio.to_thread(desk.jobs.close)

    app = FastAPI(
        title="tocsin",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=living,
        generate_unique_id_function=_name_of,
    )
    app.state.desk = Desk(
        workspace=workspace,
        jobs=Jobs(workers=workers, grace_seconds=grace_seconds),
        means=Means(posteriors=Posteriors(), particles=particles, seed=seed, ledger=ledger),
    )
    for router in ROUTERS:
        app.include_router(router)
    _serve_pages(app, static)
    tell_refusals(app)
    app.add_middleware(Guard, door=door or Door())
    app.openapi = lambda: _document(app)  # type: ignore[method-assign]
    return app


def _name_of(route: APIRoute) -> str:
    return route.name


def _document(app: FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
        from tocsin.web.openapi import document

        app.openapi_schema = document(app)
    return app.openapi_schema


async def _give_up_the_forsaken(jobs: Jobs) -> None:
    while True:
        await asyncio.sleep(jobs.grace_seconds / 4)
        jobs.give_up_the_forsaken()


def _serve_pages(app: FastAPI, static: Path) -> None:
    if (static / "index.html").is_file():
        app.frontend("/", directory=static, fallback="index.html", check_dir=True)
        return

    @app.get("/", include_in_schema=False)
    def unbuilt() -> None:
        raise Refused(
            404,
            found="no built pages",
            expected=f"index.html in {static.name}",
            mend="run `npm run build` in ui/, or install a wheel, which has them",
        )
