# `make dev` runs the project, `make test` tests it, and `make check` checks its sources. Each first sets up what it needs.
# `make dev AVATAR=standin` also shows the interviewer's face without a key: make passes its variables on.
.PHONY: dev test test-web test-python test-browser unit coverage screens check audit format lock contract deploy release preflight plan smoke canary status failures export \
	close open destroy clean

PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3.14 python3 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
VENV := .venv
INFRA := .infra
RUN := $(VENV)/bin/python
NPM := npm --prefix web
# A lock is complete: pip installs exactly what it lists and resolves nothing (docs/decisions/0021-locks.md).
LOCKED := --quiet --disable-pip-version-check --no-deps --require-hashes
# The tools that the tests lacked, to be listed at the end.
MISSING := build/missing.txt
# What the page's tests print while others run.
WEB_OUTPUT := build/test-web.txt
WEB_SOURCES := $(shell find web/src web/public -type f 2>/dev/null) web/index.html web/vite.config.ts web/tsconfig.json

export PYTHONPATH := $(CURDIR)
# Where this is set, each process compiles every module that it imports, and the tests take half as long again.
unexport PYTHONDONTWRITEBYTECODE

dev: $(VENV)/ready web/dist-dev/index.html
	@exec $(RUN) -m local.dev

# Runs all parts, then fails if any part failed. SKIP=test-browser leaves the browser tests out, for a hotfix; it says so.
# The page's tests run beside those in Python, which mostly wait. Their output is printed afterwards.
test: export MISSING_REPORT := $(CURDIR)/$(MISSING)
test: $(VENV)/ready $(INFRA)/ready web/dist/index.html web/dist-dev/index.html
	@test -z "$(SKIP)" || test "$(SKIP)" = test-browser || { echo "Only test-browser can be skipped." >&2; exit 1; }
	@rm -f $(MISSING); mkdir -p build; failed=; \
	echo "The page's tests run beside these; what they print comes after it."; \
	$(MAKE) --no-print-directory test-web >$(WEB_OUTPUT) 2>&1 & web=$$!; \
	trap 'kill $$web 2>/dev/null; exit 130' INT TERM; \
	$(MAKE) --no-print-directory test-python || failed=" test-python"; \
	wait $$web || failed=" test-web$$failed"; \
	cat $(WEB_OUTPUT); \
	for part in $(filter-out $(SKIP),test-browser); do \
		$(MAKE) --no-print-directory $$part || failed="$$failed $$part"; \
	done; \
	$(RUN) -m tests.missing $(MISSING); \
	test -z "$(SKIP)" || echo "NOT TESTED: $(SKIP) was left out."; \
	test -z "$$failed" || { echo "Failed:$$failed" >&2; exit 1; }

test-web: web/node_modules/ready
	$(NPM) test

test-python: $(VENV)/ready $(INFRA)/ready web/dist-dev/index.html
	$(RUN) -m pytest --ignore=tests/e2e --numprocesses=6 --dist=loadfile

# Interviews by speech go on in real time, so nothing else runs beside them.
test-browser: $(VENV)/ready web/dist/index.html web/dist-dev/index.html
	@failed=; \
	$(RUN) -m pytest tests/e2e -m "not real_time" --numprocesses=2 --dist=loadfile || failed=yes; \
	$(RUN) -m pytest tests/e2e -m real_time || failed=yes; \
	test -z "$$failed"

# The fast lane: tests without processes or sockets, in under half a minute. tests/fast_lane.py chooses them.
unit: $(VENV)/ready
	$(RUN) -m pytest --unit --numprocesses=auto --dist=worksteal --dist=loadfile

# Lists the functions and branches that no test enters.
coverage: $(VENV)/ready $(INFRA)/ready
	@mkdir -p build && $(RUN) -m coverage erase
	-$(RUN) -m coverage run -m pytest --ignore=tests/e2e --numprocesses=6 --dist=loadfile
	@$(RUN) -m coverage combine --quiet && $(RUN) -m coverage json --quiet
	@$(RUN) -m tests.uncovered build/coverage.json

# Screenshots of every state of the page in ten views, checked by axe: build/screens/index.html.
screens: $(VENV)/ready web/dist/index.html web/dist-dev/index.html
	$(RUN) -m pytest tests/e2e/screens.py --capture=no

check: $(VENV)/ready web/node_modules/ready
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/jactionlint --profile correctness --shellcheck=$(VENV)/bin/shellcheck .github/workflows/*.yml
	$(VENV)/bin/check-jsonschema --quiet --builtin-schema vendor.renovate renovate.json
	$(VENV)/bin/check-jsonschema --quiet --builtin-schema vendor.cloudbuild cloudbuild.yaml
	$(NPM) run check
	@! command -v terraform >/dev/null || terraform fmt -check -recursive infra

# Looks up known advisories on all locks. An advisory fails it, unless WARN is set; a database that is away does not.
audit: $(VENV)/ready $(INFRA)/audit/ready
	@$(RUN) -m tests.audit $(if $(WARN),--warn)

format: $(VENV)/ready web/node_modules/ready
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix .
	$(NPM) run format
	@! command -v terraform >/dev/null || terraform fmt -recursive infra

# Compiles pins with hashes from pyproject.toml, without the index's address.
COMPILE = $(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header --no-annotate $(UPGRADE)
lock: $(VENV)/ready
	$(COMPILE) --group policy -o requirements/policy.txt
	$(COMPILE) --group audit -o requirements/audit.txt
	$(COMPILE) --group pip --no-deps -o requirements/pip.txt
	$(COMPILE) --group schema --no-deps -o requirements/schema.txt
	$(COMPILE) pyproject.toml --all-extras --group dev -o requirements/dev.txt
	$(COMPILE) pyproject.toml --extra functions -c requirements/dev.txt -o requirements/functions.txt
	$(COMPILE) pyproject.toml --extra relay -c requirements/dev.txt -o requirements/relay.txt
	cp requirements/functions.txt functions/start/requirements.txt
	cp requirements/functions.txt functions/end/requirements.txt

# Generates the page's types and validators and docs/stream.md from contract/.
contract: $(VENV)/ready
	@$(RUN) -m contract.generate

# The operator's commands (docs/operations.md). ENVIRONMENT is production unless it is set.
deploy: $(VENV)/ready
	@$(RUN) -m ops.deploy $(ENVIRONMENT) $(if $(SKIP),--skip=$(SKIP))

# The build and release alone, after a first `make deploy`: what the workflow on GitHub does.
release: $(VENV)/ready
	@$(RUN) -m ops.deploy --release $(ENVIRONMENT) $(if $(SKIP),--skip=$(SKIP))

# What a deployment needs, checked before anything is made. It changes nothing.
preflight: $(VENV)/ready
	@$(RUN) -m ops.preflight $(ENVIRONMENT)

# What Terraform would change. It changes nothing.
plan: $(VENV)/ready
	@$(RUN) -m ops.deploy --plan $(ENVIRONMENT)

# Tests URL=https://… if given, else `make dev` if it is running, else the deployment.
smoke: $(VENV)/ready
	@$(RUN) -m ops.smoke $(if $(ENVIRONMENT),--environment $(ENVIRONMENT)) $(if $(BRIEF),--brief) $(URL)

# Shows where Gemini differs from what this code believes: a real interview, and a connection with GEMINI_API_KEY. With a
# key, the assessor's agreement with people is measured after it, unless BRIEF is set.
canary: $(VENV)/ready
	@$(RUN) -m ops.canary $(if $(ENVIRONMENT),--environment $(ENVIRONMENT)) $(URL)
	@$(if $(BRIEF),,$(RUN) -m benchmarks.assessment)

status: $(VENV)/ready
	@$(RUN) -m ops.status $(ENVIRONMENT)

# Interviews that failed or were abandoned in the last DAYS (7), by cause, with their ids.
failures: $(VENV)/ready
	@$(RUN) -m ops.records failures $(if $(ENVIRONMENT),--environment $(ENVIRONMENT)) $(if $(DAYS),--days $(DAYS))

# The records of SESSION="id id", or all, with their turns, as JSON lines. It is personal data.
export: $(VENV)/ready
	@$(RUN) -m ops.records export $(SESSION) $(if $(ENVIRONMENT),--environment $(ENVIRONMENT))

# Admits nobody until `make open`. END=1 also ends live interviews, and MESSAGE="…" is what candidates read.
close: $(VENV)/ready
	@$(RUN) -m ops.switch close $(if $(ENVIRONMENT),--environment $(ENVIRONMENT)) $(if $(END),--end) --message "$$MESSAGE"

open: $(VENV)/ready
	@$(RUN) -m ops.switch open $(if $(ENVIRONMENT),--environment $(ENVIRONMENT))

destroy: $(VENV)/ready
	@$(RUN) -m ops.destroy $(ENVIRONMENT)

# Each set-up step prints what it does, because some take a while.
$(VENV)/ready: requirements/dev.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; set PYTHON to its path." >&2; exit 1; }
	@echo "Installing Python packages (about 40 s)..."
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV)
	@$(RUN) -m pip install $(LOCKED) -r requirements/dev.txt
	@touch $@

# Also needed by the tests: the policy scan in its own environment, the providers' schemas and the oldest supported pip.
$(INFRA)/ready: $(VENV)/ready requirements/policy.txt requirements/schema.txt requirements/pip.txt
	@echo "Installing what the tests need (about 60 s)..."
	@rm -rf $(INFRA)
	@$(RUN) -m venv $(INFRA)/policy
	@$(INFRA)/policy/bin/python -m pip install $(LOCKED) --no-compile -r requirements/policy.txt
	@$(RUN) -m pip download $(LOCKED) -d $(INFRA)/schema -r requirements/schema.txt
	@$(RUN) -m pip download $(LOCKED) -d $(INFRA)/pip -r requirements/pip.txt
	@touch $@

$(INFRA)/audit/ready: requirements/audit.txt $(INFRA)/ready
	@echo "Installing pip-audit (about 15 s)..."
	@rm -rf $(INFRA)/audit
	@$(RUN) -m venv $(INFRA)/audit
	@$(INFRA)/audit/bin/python -m pip install $(LOCKED) --no-compile -r requirements/audit.txt
	@touch $@

web/node_modules/ready: web/package-lock.json
	@node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' || { echo "Node 20 or newer is needed." >&2; exit 1; }
	@echo "Installing the page's packages (about 15 s)..."
	@$(NPM) ci --no-audit --no-fund --loglevel=error >/dev/null
	@touch $@

# The deployed page.
web/dist/index.html: web/node_modules/ready $(WEB_SOURCES)
	@echo "Building the page (about 5 s)..."
	@$(NPM) run build -- --logLevel=error >/dev/null
	@touch $@

# The page with the stand-in of Tavus (web/src/dev), for local use only.
web/dist-dev/index.html: web/node_modules/ready $(WEB_SOURCES)
	@echo "Building the page (about 5 s)..."
	@$(NPM) run build:dev -- --logLevel=error >/dev/null
	@touch $@

clean:
	rm -rf $(VENV) $(INFRA) web/node_modules web/dist web/dist-dev .mypy_cache .ruff_cache .pytest_cache
