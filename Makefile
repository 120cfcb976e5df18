# winnow: profiles to proven seccomp filters. `make help` lists the targets.

CC      ?= cc
B       ?= build
CFLAGS  ?= -O2 -g
WARN     = -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wswitch-enum \
           -Wvla -Werror
SANITIZE = -fsanitize=address,undefined -fno-sanitize-recover=all
CPPFLAGS += -D_POSIX_C_SOURCE=200809L
ALL_CFLAGS = -std=c11 $(CPPFLAGS) $(CFLAGS) $(WARN) $(if $(SAN),$(SANITIZE))
ALL_LDFLAGS = $(LDFLAGS)
Q = $(if $(V),,@)

CORE  := $(sort $(wildcard arch/*.c compiler/*.c backends/*.c))
TOOLS := $(sort $(wildcard tools/*.c))
CORE_O  := $(CORE:%.c=$(B)/%.o) $(B)/tools/build.o
TOOLS_O := $(filter-out $(B)/tools/build.o,$(TOOLS:%.c=$(B)/%.o))
# code that several tests share; those that need libseccomp are listed with it
TEST_LIB := $(B)/tests/random.o $(B)/tests/reference.o $(B)/tests/trial.o
TESTS := $(patsubst tests/%.c,$(B)/tests/%,$(sort $(wildcard tests/test_*.c)))

# libseccomp is a second opinion in tests and benchmarks, never in winnow itself
SECCOMP := $(shell pkg-config --libs libseccomp 2>/dev/null)
TEST_LIB += $(if $(SECCOMP),$(B)/tests/peer.o $(B)/tests/versus.o)

all: $(B)/winnow ## build build/winnow (default)

$(B)/winnow: $(TOOLS_O) $(B)/libcore.a
	@echo "  LD    $@"
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^

$(B)/libcore.a: $(CORE_O)
	$(Q)rm -f $@ && ar rcsD $@ $^

$(B)/%.o: %.c
	@mkdir -p $(@D)
	@echo "  CC    $<"
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(B)/tests/%: $(B)/tests/%.o $(B)/tests/lib.a $(B)/libcore.a
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ -lcmocka $(SECCOMP)

$(B)/tests/lib.a: $(TEST_LIB)
	$(Q)rm -f $@ && ar rcsD $@ $^

$(B)/tests/%.o: ALL_CFLAGS += $(if $(SECCOMP),-DHAVE_LIBSECCOMP)

static: ## build/winnow-static: one file, no libraries
	$(Q)$(MAKE) --no-print-directory B=$(B)/static LDFLAGS="-static $(LDFLAGS)" CFLAGS="-Os" all
	$(Q)cp $(B)/static/winnow $(B)/winnow-static && strip $(B)/winnow-static
	@ls -l $(B)/winnow-static

layers: all ## check that includes point one way and nothing is a writable global
	$(Q)tools/check-layers $(B)
	$(Q)CC="$(CC)" tests/run-layers

unit: $(TESTS) ## run the unit tests
	$(Q)tests/run-units $(TESTS)

check: all unit layers ## everything that must pass on every commit

tables: ## remake arch/tables from Debian's kernel headers (network)
	$(Q)tools/gen-tables

install: all ## install to $(DESTDIR)$(PREFIX)/bin
	install -D -m 755 $(B)/winnow $(DESTDIR)$(PREFIX)/bin/winnow
PREFIX ?= /usr/local

clean: ## remove build/
	rm -rf $(B)

help: ## this list
	@sed -n 's/^\([a-z][a-z-]*\):.*## /  \1\t/p' Makefile | expand -t 18
	@echo "  variables: CC CFLAGS LDFLAGS SAN=1 (ASan, UBSan) V=1 B=build"

.PHONY: all static layers unit check tables install clean help
.SECONDARY:
-include $(CORE_O:.o=.d) $(TOOLS_O:.o=.d) $(wildcard $(B)/tests/*.d)
