"""The model hub, played by a real server on loopback: what it refuses is said in one line, and in time."""

import http.server
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fixtures.studies import add_references
from workbench.store import Store

ANSWERS = {
    "CompVis": (404, "RepoNotFound"),
    "stabilityai": (403, "GatedRepo"),
    "sd2-community": (404, "RevisionNotFound"),
    "PixArt-alpha": (500, ""),
}
"""Owner of a repository → how the hub answers."""

SETTINGS = ("HF_", "TRANSFORMERS_", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")
"""What the machine says about the real hub, offline mode above all, does not hold for this one."""


class Hub(http.server.BaseHTTPRequestHandler):
    """Refuses everything, in the hub's manner."""

    def do_GET(self) -> None:
        owner = next((name for name in ANSWERS if name in self.path), None)
        status, code = ANSWERS.get(owner or "", (404, "RepoNotFound"))
        self.send_response(status)
        if code:
            self.send_header("X-Error-Code", code)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    do_HEAD = do_GET

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def hub() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hub) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def generate(db: Path, model: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A real ``wb generate``: the hub's client reads its settings when it is imported."""
    add_references(Store.create(db), count=1)
    cache = {"HF_HOME": str(db.parent / "cache"), "HF_TOKEN": "", "WB_DB": str(db), "PYTHONWARNINGS": "error"}
    wb = Path(sys.executable).with_name("wb")
    here = {name: value for name, value in os.environ.items() if not name.startswith(SETTINGS)}
    return subprocess.run(
        [wb, "generate", "--model", model, "--device", "cpu"],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
        env={**here, **cache, **environment},
    )


@pytest.mark.parametrize(
    ("model", "said", "hint"),
    [
        ("sd14", "no repository CompVis/stable-diffusion-v1-4", "--model ./folder"),
        ("sd3", "is gated", "https://huggingface.co/stabilityai/stable-diffusion-3-medium-diffusers"),
        ("sd21", "lacks what is needed", "--model ./folder"),
        ("pixart-sigma", "hub cannot be reached", "hf download PixArt-alpha"),
    ],
)
def test_what_the_hub_refuses(db: Path, hub: str, model: str, said: str, hint: str):
    done = generate(db, model, HF_ENDPOINT=hub)
    assert (done.returncode, done.stdout) == (1, "")
    first, second = done.stderr.splitlines()
    assert said in first
    assert hint in second


@pytest.mark.parametrize("environment", [{"HF_HUB_OFFLINE": "1"}, {"HF_ENDPOINT": "http://127.0.0.1:9"}])
def test_no_network_is_said_at_once(db: Path, environment: dict[str, str]):
    started = time.monotonic()
    done = generate(db, "sd15", **environment)
    assert time.monotonic() - started < 20
    assert done.returncode == 1
    first, second = done.stderr.splitlines()
    assert "is not in the local cache and the hub cannot be reached" in first
    assert "hf download stable-diffusion-v1-5" in second


@pytest.mark.network
def test_a_model_of_the_real_hub_is_known_by_its_commit():
    from generate.models.source import find_model

    source = find_model("hf-internal-testing/tiny-stable-diffusion-torch")
    assert len(source.revision) == 40
    assert source.pipeline == "StableDiffusionPipeline"


@pytest.mark.network
def test_the_studys_encoders_are_on_the_real_hub():
    from generate.encoders import load_encoder
    from generate.scoring.request import STUDY, STUDY_PATCHES

    for name in (STUDY, STUDY_PATCHES):
        assert load_encoder(name, "cpu").preference == 0
