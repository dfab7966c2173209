"""Start JupyterLab in a folder, and a browser that shows it."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

TOKEN = "look"
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync"]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome",
         "microsoft-edge")
SETTINGS = {                         # every cell in the page, and nothing fetched or popping up
    "notebook-extension/tracker": {"windowingMode": "none"},
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
}


@contextmanager
def lab(folder):
    """Run JupyterLab on `folder` with settings of its own; yields its address."""
    settings = Path(folder, ".settings", "@jupyterlab")
    for name, values in SETTINGS.items():
        path = settings / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values))
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root",
               "--expose-app-in-browser", f"--port={port}", "--ServerApp.port_retries=0",
               f"--IdentityProvider.token={TOKEN}", f"--ServerApp.root_dir={folder}"]
    places = {"JUPYTERLAB_SETTINGS_DIR": str(settings.parent),
              "JUPYTERLAB_WORKSPACES_DIR": str(Path(folder, ".workspaces")),
              "JUPYTER_CONFIG_DIR": str(Path(folder, ".config"))}
    with open(Path(folder, ".log"), "w+") as log:
        server = subprocess.Popen(command, env=os.environ | places, stdout=log, stderr=log)
        try:
            wait_for(f"{address}/api", server, log)
            yield address
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:        # a kernel does not end
                server.kill()


def wait_for(address, server, log, seconds=60):
    """Wait until the server answers.

    Raises   SystemExit with the end of its log if it stops or stays silent
    """
    for _ in range(seconds * 5):
        try:
            return urllib.request.urlopen(address, timeout=5).read()
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
        if server.poll() is not None:
            break
    log.seek(0)
    sys.exit("JupyterLab did not start:\n" + log.read()[-2000:])


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


@contextmanager
def browser(program=None):
    """Start a headless Chromium; yield a function that opens a new page.

    Raises   SystemExit that says what is missing and how to get it
    """
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        sys.exit("the browser check needs Playwright: pip install 'vidlearn[browser]'")
    with sync_playwright() as play:
        own = play.chromium.executable_path
        chromium = play.chromium.launch(executable_path=found(program, own), args=FLAGS)
        yield lambda: chromium.new_page(viewport={"width": 1200, "height": 1000})
        chromium.close()


def found(program, own):
    """The browser's program: the one asked for, one on PATH, or Playwright's own."""
    for candidate in [program] if program else [*NAMES, own]:
        if path := shutil.which(candidate):
            return path
    lack = f"{program} is not a program" if program else "there is none on PATH"
    sys.exit(f"the browser check needs Chromium, and {lack}.\n"
             "On Debian and Ubuntu:  sudo apt install chromium\n"
             f"Elsewhere:  {sys.executable} -m playwright install chromium\n"
             "Or say where it is:  make test-browser CHROMIUM=/path/to/chromium")
