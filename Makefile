.DEFAULT_GOAL := help
.PHONY: help demo run test conformance check lint bench generate

help: ## Say what each target does
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo '  ARGS="…" is handed on, for instance: make test ARGS="-run TestRoll ./core/..."'

demo: ## Try Sòcia: an invented cooperative at http://127.0.0.1:3000, forgotten at the end
	go run . demo $(ARGS)

run: ## Serve with your own settings, read from the environment and from .env if there is one
	@set -a; if [ -f .env ]; then . ./.env; fi; set +a; exec go run . serve $(ARGS)

test: ## Run every test; installs or names what it needs (PostgreSQL, Chromium, hledger)
	@tools/test $(ARGS)

conformance: ## Count the published elections of ../shared/data and compare every result
	@tools/conformance $(ARGS)

check: ## Look for unformatted, outdated or vulnerable code, without running it
	@tools/check

lint: ## Read the code with golangci-lint (the first time it is built, which takes minutes)
	go tool -modfile=tools/go.mod golangci-lint run $(ARGS)

bench: ## Measure both databases under full durability, and counting a million papers; BENCH=name chooses
	@tools/bench $(ARGS)

generate: ## Draw up again the Go code of the templ pages
	go tool -modfile=tools/go.mod templ generate $(ARGS)
