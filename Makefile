# gangwei: `make help` lists the targets.
RAW ?= raw
OUT ?= output
JOBS ?=
CORPUS ?= ../shared/corpus/jd.jsonl.gz
APART ?= $(wildcard ../shared/evaluation/scans-*.jsonl)
SCANS ?=
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: help setup parse test check format golden schemas eval bench bench-correct scans model lock clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-13s %s\n", $$1, $$2}'

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "gangwei needs Python 3.11 or newer")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)

setup: $(READY) ## make .venv with the locked packages

parse: $(READY) ## parse RAW (default raw) into OUT (default output)
	$(BIN)/gangwei parse "$(RAW)" -o "$(OUT)" $(if $(JOBS),--jobs $(JOBS))

test: $(READY) ## run the tests
	$(BIN)/python -m pytest -q

check: $(READY) ## formatter, linter and type checker, changing nothing
	$(BIN)/ruff format --check pipeline tests bench
	$(BIN)/ruff check pipeline tests bench
	$(BIN)/mypy

format: $(READY) ## format the code and mend what the linter can
	$(BIN)/ruff format pipeline tests bench
	$(BIN)/ruff check --fix pipeline tests bench

golden: $(READY) ## rewrite the golden files from raw
	$(BIN)/gangwei parse raw -o tests/golden

schemas: $(READY) ## rewrite the published schemas from the model
	$(BIN)/gangwei schema -o schemas

eval: $(READY) ## score the annotated documents in ../shared and hold the floors
	$(BIN)/python bench/evaluate.py

bench: $(READY) ## speed of each stage, and memory
	$(BIN)/python bench/speed.py

bench-correct: $(READY) ## what the corrections are worth on scanned, rewritten and sound texts; PYCORRECTOR=<python> compares
	$(BIN)/python bench/correct.py $(if $(PYCORRECTOR),--pycorrector $(PYCORRECTOR))

scans: $(READY) ## print postings of CORPUS, spoil them and read them back into the two files SCANS, good and poor
	@test -e "$(CORPUS)" || { echo 'make scans needs a corpus of postings: make scans CORPUS=postings.jsonl.gz' >&2; exit 2; }
	@test $(words $(SCANS)) -eq 2 || { echo 'make scans needs two files: make scans SCANS="good.jsonl poor.jsonl"' >&2; exit 2; }
	@command -v tesseract > /dev/null || { echo 'make scans needs Tesseract with chi_sim' >&2; exit 2; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation -e '.[train]'
	$(BIN)/python -m pipeline.train.scans "$(CORPUS)" $(word 1,$(SCANS)) --pages 506 --seed 12
	$(BIN)/python -m pipeline.train.scans "$(CORPUS)" $(word 2,$(SCANS)) --pages 506 --seed 11 --poor

model: $(READY) ## rebuild the packaged models from CORPUS, without the texts in APART; with SCANS those of misread characters too
	@test -e "$(CORPUS)" || { echo 'make model needs a corpus of postings: make model CORPUS=postings.jsonl.gz' >&2; exit 2; }
	$(BIN)/python -m pipeline.train.language "$(CORPUS)" pipeline/correct $(if $(APART),--apart $(APART))
	$(if $(SCANS),$(BIN)/python -m pipeline.train.confusions $(SCANS))
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation -e '.[train]'
	$(BIN)/python -m pipeline.train.dictionary pipeline/correct
	$(BIN)/python -m pipeline.train.swaps "$(CORPUS)" pipeline/correct
	$(BIN)/python -m pipeline.train.missing "$(CORPUS)" pipeline/correct
	$(if $(SCANS),$(BIN)/python -m pipeline.train.decision $(SCANS) --clean "$(CORPUS)" --out pipeline/correct)
	$(BIN)/python -m pipeline.train.kinds "$(CORPUS)" pipeline/classify/kinds.npz

lock: ## resolve the newest versions into requirements.lock
	$(PYTHON) -m venv .venv-lock
	.venv-lock/bin/python -m pip install --quiet pip-tools
	.venv-lock/bin/pip-compile --quiet --extra dev --generate-hashes --allow-unsafe --strip-extras \
	  --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --output-file requirements.lock pyproject.toml
	rm -rf .venv-lock

clean: ## remove what can be made again
	rm -rf .venv .venv-lock output build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
