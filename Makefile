# Everything a newcomer needs: `make demo`, `make test`. See CONTRIBUTING.md for the rest.
.PHONY: demo test test-long pages pictures check bench quality real lock setup clean
VENV := .venv
RUN := $(VENV)/bin/python
PORT ?= 8000
FROM ?= ../shared/data/records

demo: setup  ## load three invented members and serve the catalogue on http://127.0.0.1:8000
	@$(RUN) -m demo.run --port $(PORT)

setup:
	@scripts/setup $(VENV)

test: setup  ## all tests that take minutes; on Python 3.13 too where it is found
	@scripts/system yaz
	@scripts/test $(VENV)

test-long: setup  ## mutants, fuzzing, kills, a Spark cluster, every real record; two hours or more
	@scripts/system yaz zebra
	@scripts/spark
	@LIANGUAN_NEW_EXAMPLES=1 $(RUN) -m pytest -m "not pages" --durations=10

pages: setup  ## the pages in three browsers: journeys, access, sizes
	@scripts/browsers
	@$(RUN) -m pytest -m pages tests/browser

pictures: setup  ## pictures of the pages, for docs/pictures
	@scripts/browsers
	@$(RUN) -m scripts.pictures

check: setup  ## style, types, the ladder, the documents
	@scripts/check $(VENV)

bench: setup  ## speed beside named peers, with spread
	@scripts/system yaz zebra
	@$(RUN) -m bench.run --from $(FROM)
	@$(RUN) -m bench.union --from $(FROM)
	@$(RUN) -m bench.matching --from $(FROM)

quality: setup  ## match quality on labelled sets, beside other rules
	@$(RUN) -m bench.quality --from $(FROM)

real: setup  ## the main job on real public records: FROM=folder, or from where they are published
	@scripts/system yaz
	@$(RUN) -m bench.real --from $(FROM)

lock: setup
	@scripts/lock

clean:
	rm -rf .venv .venv-3.13 .mypy_cache .ruff_cache .hypothesis .import_linter_cache var
