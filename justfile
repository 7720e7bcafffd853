# The whole gate, as in .ci/run
check:
    .venv/bin/ruff format --check . && .venv/bin/ruff check . && .venv/bin/mypy && .venv/bin/lint-imports && .venv/bin/pytest

# The tests alone
test:
    .venv/bin/pytest

# What can be mended by itself
fix:
    .venv/bin/ruff check --fix . && .venv/bin/ruff format .

# Rewrite the golden files; read the diff before you commit it
golden:
    .venv/bin/pytest --write-golden

# The sdist and the wheel, in dist/
build:
    .venv/bin/python -m build

# The server, on the built-in region
serve:
    .venv/bin/regiograaf serve
