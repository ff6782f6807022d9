# Everything a person does with this repository, one line each.
.DEFAULT_GOAL := help

# The race detector needs a C compiler; without one the tests run without it.
# SQLite, which is C translated to Go, is left out of it: docs/adr/0030.
RACE := $(shell command -v "$$(go env CC)" >/dev/null 2>&1 && echo -race -gcflags=modernc.org/sqlite/lib=-race=false)

# Packages that start no goroutine: there is nothing that the race detector could find.
SEQUENTIAL := ./cmd/connectmock/buildinfo ./cmd/connectmock/cliflag ./cmd/connectmock/ctlcmd ./cmd/connectmock/suites \
  ./fixtures ./internal/ascii ./internal/audit ./internal/conformance ./internal/docsite ./internal/docsite/build \
  ./internal/mutants/mutate \
  ./internal/nearest ./internal/report/reporttest ./internal/sleep ./internal/tempfile ./internal/textenc \
  ./mockserver/internal/encode ./mockserver/internal/filter ./mockserver/internal/items \
  ./contract/internal/rules/items ./contract/internal/rules/model ./scenarios/internal/expression \
  ./scenarios/internal/language ./scenarios/internal/match
# Parts of the command whose tests start no goroutine of their own. The tests of ./cmd/connectmock run all of it with the
# race detector, and linking one more package with it takes 12 s of processor time.
PARTS := ./cmd/connectmock/contractcmd ./cmd/connectmock/envcmd ./cmd/connectmock/gradecmd ./cmd/connectmock/locate \
  ./cmd/connectmock/subprocess
# The console in a browser. Its handlers have tests of their own, with the race detector.
BROWSER := ./mockserver/console/browsertest
CONCURRENT = $(filter-out $(patsubst .%,$(shell go list -m)%,$(SEQUENTIAL) $(PARTS) $(BROWSER)),$(shell go list ./...))

# Tests of other packages that repeat what others do hundreds of times, measure memory, or only start programs.
REPEATED := ^Test(KillMatrix|Versions_|Mutants_|Model_|FailureTexts_|Rules_Touch|Library_FailsOnDefects|Seeds_|Run_TakesAtMost|Run_IsFast|Run_WritesNoSecretsOfBodies|Scripts_|QuickStarts_|Docs_|Action_|Compose_|CIDocs_|ConsoleCommands_|Layer_BehavesLike|Activity_PagesTogether|Retention_KeepsTheNewest|Snapshot_RestoresTheAccount|Import_Refuses|Items_FollowTheModel|Account_FollowsTheModel|LoadFixture_RefusesConflicts|Generate_EqualsTheGenerated|Seed_MakesServersEqual|Actor_StaysTheSame|Import_AcceptsGenerated|Import_BringsBack|.*InProportion)
REPEATED_IN := ./cmd/connectmock ./contract ./internal/mutants ./internal/yamlsource ./mockserver ./mockserver/internal/store ./scenarios

.PHONY: help
help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: ## serve the demo data on 127.0.0.1:8080 or ADDR=..., kept in connectmock.db
	@go run ./cmd/connectmock serve $(if $(ADDR),--addr '$(ADDR)',|| { echo 'if another program has the port: make run ADDR=127.0.0.1:0'; exit 1; })

.PHONY: build
build: ## build the binary: ./connectmock
	CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o connectmock ./cmd/connectmock

.PHONY: install
install: ## install the binary for your own tests: go install ./cmd/connectmock
	CGO_ENABLED=0 go install -trimpath -ldflags='-s -w' ./cmd/connectmock

.PHONY: test
test: lint ## everything that must hold before a commit
	$(if $(RACE),,@echo 'no C compiler found: the tests run without the race detector')
	@for b in chromium chromium-browser google-chrome; do command -v $$b >/dev/null && exit; done; echo 'no Chromium found: the console is not tested in a browser'
	go test $(RACE) -vet=off -timeout 30m -skip '$(REPEATED)' $(CONCURRENT)
	go test -vet=off -timeout 30m -run '$(REPEATED)' $(REPEATED_IN)
	go test -vet=off -timeout 30m $(SEQUENTIAL) $(PARTS) $(BROWSER)

# -short leaves out the tests that take long: see CONTRIBUTING.md.
.PHONY: check
check: style ## the quick part of make test, while you work
	go test -short -vet=off -timeout 10m ./...

.PHONY: lint
lint: style ## what make check looks at, and functions that nothing calls
	@unused="$$(go tool deadcode -test ./...)" && test -z "$$unused" || { printf 'nothing calls these:\n%s\n' "$$unused"; exit 1; }

.PHONY: style
style: ## formatting, vet, staticcheck, go.mod
	@test -z "$$(gofmt -l .)" || { echo 'not formatted, run gofmt -w on:'; gofmt -l .; exit 1; }
	go vet ./...
	go tool staticcheck ./...
	go mod tidy -diff

.PHONY: test-js
test-js: ## the official JavaScript client against the server, and its quick start (needs node and npm)
	examples/js/run.sh
	if command -v npm >/dev/null; then cd examples/quickstart/javascript && npm ci --silent; fi
	go test ./cmd/connectmock -count 1 -run TestQuickStarts_PrintWhatTheySay/javascript

# make passes its variables to commands in the environment, so the token is not on a command line.
.PHONY: contract
contract: ## the contract suite against the mock, or HOST=... TOKEN=... [VAULT=... [WRITES=1]]
	$(if $(HOST),@OP_CONNECT_HOST="$$HOST" OP_CONNECT_TOKEN="$$TOKEN" OP_VAULT="$$VAULT" ,@env -u OP_CONNECT_HOST -u OP_CONNECT_TOKEN -u OP_VAULT )\
	  go run ./cmd/connectmock contract run $(if $(WRITES),--allow-writes)

.PHONY: fuzz
fuzz: ## every fuzz target for FUZZTIME each (10s)
	@grep -rl '^func Fuzz' --include='*_test.go' . | xargs -n1 dirname | sort -u | while read -r dir; do \
	  for target in $$(grep -ho '^func Fuzz[A-Za-z]*' $$dir/*_test.go | cut -c6-); do \
	    go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(or $(FUZZTIME),10s) ./$$dir || exit 1; \
	  done; done

.PHONY: bench
bench: ## speed beside a bare echo handler, in the same run; or PART=... (go run ./mockserver/bench -h)
	go run ./mockserver/bench $(PART)

.PHONY: bench-docs
bench-docs: ## the same, and write the tables of docs/performance.md; or PART=...
	go run ./mockserver/bench -md docs/performance.md $(PART)

# Running all of them six times takes half an hour: BENCH and PKG select, COUNT repeats.
.PHONY: bench-parts
bench-parts: ## Go benchmarks of the parts through benchstat, kept in NEW (bench.txt); or OLD=... to compare with
	go test -run '^$$' -bench '$(or $(BENCH),.)' -count $(or $(COUNT),6) $(or $(PKG),./...) > $(or $(NEW),bench.txt) || { cat $(or $(NEW),bench.txt); exit 1; }
	go tool benchstat $(OLD) $(or $(NEW),bench.txt)

.PHONY: golden
golden: ## write the golden files again; read the diff afterwards
	go test $$(grep -rl 'flag.Bool("update"' --include='*_test.go' . | xargs -n1 dirname | grep -v -e '^./contract$$' -e '^./cmd/connectmock$$' | sort -u) -update
	go test ./cmd/connectmock -run '^TestDocs_' -update

.PHONY: docs
docs: ## the pages of docs/ as a static site, in DIR (site)
	go run ./internal/docsite/build $(or $(DIR),site)

.PHONY: screenshots
screenshots: build ## take the pictures of docs/console.md again (needs Chromium); look at them afterwards
	go test $(BROWSER) -run TestScreenshots -screenshots-of '$(CURDIR)/connectmock' -screenshots-to '$(CURDIR)/docs/console'

.PHONY: kill-matrix
kill-matrix: ## run every rule of the contract against every mutant and write the table again; a quarter of an hour
	go test ./contract -run TestKillMatrix -update -timeout 60m

# PKG names directories, such as ./mockserver/internal/items; AT=FILE:LINE runs all changes of a line; UNIT=1 also runs
# unit tests; REPORT names a Markdown file.
# A change takes a quarter of a minute, with UNIT=1 a minute or more.
.PHONY: mutate
mutate: ## change the server's source at N (100) random places of SEED (1), and list what the contract does not notice
	go run ./internal/mutants/mutate -seed $(or $(SEED),1) -n $(or $(N),100) $(if $(UNIT),-unit) $(if $(REPORT),-report '$(REPORT)') $(if $(AT),-at $(AT)) $(PKG)

# TARGETS are as linux/amd64; without them all six are built, which takes minutes.
.PHONY: dist
dist: ## a release in dist/: archives, completions, manual pages, SBOMs, checksums, formula and flake; or TARGETS=...
	go run ./internal/dist all dist $(TARGETS)

.PHONY: dist-check
dist-check: ## build the release of the last commit in two folders, and compare every byte; or TARGETS=...
	deploy/test/reproduce.sh $(TARGETS)

.PHONY: test-install
test-install: ## follow the install paths in an empty Debian with Go alone (needs root and debootstrap)
	deploy/test/empty-debian.sh

.PHONY: test-image
test-image: ## build the image and try it as other users, with TLS and with compose's settings (needs docker)
	deploy/test/image.sh

.PHONY: test-testcontainers
test-testcontainers: ## build the image and start it with testcontainers, in Go and Node.js (needs docker)
	deploy/test/testcontainers.sh

.PHONY: test-helm
test-helm: ## lint the Helm chart and compare what it renders with the golden manifests
	cd deploy/helm && go vet . && go test .

.PHONY: helm-golden
helm-golden: ## write the golden manifests of the chart again; read the diff afterwards
	cd deploy/helm && go test . -update

.PHONY: image
image: ## the container image
	docker build -t connectmock .
