# One front door: people, CI and hooks call the same targets.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test check mutate breakages bench format lock clean

demo: .venv/installed ## install what is locked and run the first quarter
	@$(BIN)/motcua demo --dir demo-q1 --replace

# Three workers on two cores: some tests wait for servers and processes of their own.
test: .venv/installed-dev ## run every test; says which took longest
	@$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder --durations=10

check: .venv/installed-dev ## format, lint, types, import contracts, stale documents
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m docs.build --check

mutate: .venv/installed-dev ## break the queries one place at a time; says what no drawn table notices
	@$(BIN)/python -m tests.mutation.queries

breakages: .venv/installed-dev ## take out each mend that a test guards; says which test does not notice
	@$(BIN)/python -m tests.mutation.breakages

bench: .venv/installed-dev ## measure; prints ratios
	@$(BIN)/python -m bench.consolidation
	@$(BIN)/python -m bench.intake
	@$(BIN)/python -m bench.parallel
	@$(BIN)/python -m bench.history
	@$(BIN)/python -m bench.reading

format: .venv/installed-dev
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .
	@$(BIN)/python -m docs.build

lock: ## resolve again; needs uv
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url pyproject.toml -o requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url --group dev -c requirements.lock pyproject.toml -o requirements-dev.lock

# The lock names every package there is to install: pip installs it and resolves nothing again. Asked to resolve, pip
# takes sqlalchemy[asyncio] for another name than sqlalchemy and goes for the newest, which the lock then refuses.
.venv/installed: requirements.lock
	@echo "Cài đặt các gói đã khóa / installing what is locked (a minute or two) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@$(BIN)/python -m pip check >/dev/null || { $(BIN)/python -m pip check; exit 1; }
	@printf '#!%s/.venv/bin/python\nimport sys\n\nsys.path.insert(0, "%s")\n\nimport motcua.__main__  # noqa: F401 -- it is the program\n' "$(CURDIR)" "$(CURDIR)" > $(BIN)/motcua
	@chmod +x $(BIN)/motcua
	@touch $@

.venv/installed-dev: requirements-dev.lock .venv/installed
	@echo "Cài đặt công cụ phát triển / installing the development tools ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.lock
	@$(BIN)/python -m pip check >/dev/null || { $(BIN)/python -m pip check; exit 1; }
	@touch $@

clean:
	rm -rf .venv demo-q1 demo-year
