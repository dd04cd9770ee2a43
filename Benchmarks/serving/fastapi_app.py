"""FastAPI around one of the scoring scripts: what a team writes that serves a model itself."""

import importlib
import os

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

scorer = importlib.import_module(os.environ["SCORER"])
scorer.init()
app = FastAPI()


@app.post("/score")
async def score(request: Request) -> JSONResponse:
    return JSONResponse(scorer.run(await request.body()))
