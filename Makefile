# make test    everything that must hold before a change goes in
# make build   the program, ./wireline
# make fuzz    every fuzz target for a few seconds
# make bench   the races against other clients
# make docs    the manual, the reference, completions and schema, in docs

GO       ?= go
FUZZTIME ?= 10s
TIMEOUT  ?= 20m
BENCH    ?=

export CGO_ENABLED = 0

.PHONY: all build docs test setup check format vet staticcheck tidy cross race fuzz bench
.NOTPARALLEL:

all: build

build:
	$(GO) build -trimpath -ldflags "-s -w" -o wireline ./cmd/wireline

docs:
	$(GO) generate ./cmd/wireline

test: setup check race

# The servers and clients that tests run against.
setup:
	@sh protocols/lab/install.sh

check: format tidy vet staticcheck cross

format:
	@files=$$(gofmt -l .); test -z "$$files" || { echo "gofmt these:"; echo "$$files"; exit 1; }

tidy:
	$(GO) mod tidy -diff

vet:
	$(GO) vet ./...

staticcheck:
	$(GO) tool staticcheck ./...

# It builds, tests and all, where tests do not run.
cross:
	GOOS=darwin $(GO) vet ./...
	GOOS=windows $(GO) vet ./...

# The race detector, and nothing else here, wants cgo.
race:
	CGO_ENABLED=1 $(GO) test -race -timeout $(TIMEOUT) ./...

# go test fuzzes one target at a time.
fuzz:
	@set -e; for dir in $$($(GO) list -f '{{.Dir}}' ./...); do \
		for target in $$(cat "$$dir"/*_test.go 2>/dev/null | sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\)(.*/\1/p'); do \
			echo "$$dir $$target"; \
			$(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) "$$dir"; \
		done; \
	done

bench:
	$(GO) run ./cmd/bench $(BENCH)
