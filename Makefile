CONFIGURATION ?= Release

.PHONY: run test bench simulate build clean

run: ## Build the server and start it with the demo shop on http://127.0.0.1:8080
	dotnet run --project src/Node -c $(CONFIGURATION) -- --demo --data data

test: ## Build everything and run every test that can run here
	@eng/test.sh

bench: ## Measure against the budgets; writes a table to bench/results/
	@bench/run.sh

simulate: ## Send believable shop traffic to a running server
	dotnet run --project src/Cli -c $(CONFIGURATION) -- simulate

build:
	dotnet build Personalization.sln -c $(CONFIGURATION)

clean:
	rm -rf artifacts
	find . -type d \( -name bin -o -name obj \) -not -path './.git/*' -prune -exec rm -rf {} +
