# All logic is in tools/dev.py, which also works without make: python3 tools/dev.py run
PYTHON ?= python3
PORT ?= 8000
export PORT ARGS

.PHONY: run test test-long check bench lock audit clean

run test test-long check bench lock audit clean:
	@$(PYTHON) tools/dev.py $@
