# winnow: profiles to proven seccomp filters. `make help` lists the targets.

# CROSS=aarch64-linux-gnu- : for another machine; what of make's own defaults nobody has set
CC      := $(if $(filter default undefined,$(origin CC)),$(if $(CROSS),$(CROSS)gcc,cc),$(CC))
AR      := $(if $(filter default undefined,$(origin AR)),$(CROSS)ar,$(AR))
OBJCOPY ?= $(CROSS)objcopy
HOSTCC  ?= cc
B       ?= build
CFLAGS  ?= -O3 -g
# a warning is an error for those who work on winnow, not for those who package it
WERROR  ?= $(wildcard .git)
WARN     = -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wswitch-enum \
           -Wvla $(if $(WERROR),-Werror)
SANITIZE = -fsanitize=address,undefined -fno-sanitize-recover=all
# 64-bit file offsets and inodes on 32-bit machines, too: without, readdir(3) gives up on large ones
CPPFLAGS += -D_POSIX_C_SOURCE=200809L -D_FILE_OFFSET_BITS=64
# what the compiler and the linker can do against those who find a mistake; CET on x86 alone. HARDEN= for none
has = $(if $(shell exec 2>/dev/null; echo 'int main(void){return 0;}' | $(CC) -Werror $(1) -x c -fsyntax-only - && echo yes),$(1))
HARDEN := -fPIE -fstack-protector-strong $(call has,-fstack-clash-protection) $(call has,-fcf-protection=full)
# FORTIFY wants an optimiser and no sanitizer, and may have been asked for in another degree
FORTIFY = $(if $(filter-out -O0,$(filter -O%,$(CFLAGS))),$(if $(SAN)$(findstring \
          -fsanitize,$(CFLAGS))$(findstring FORTIFY,$(CPPFLAGS) $(CFLAGS)),,-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2))
# the same bytes from every folder
MAPPED = -ffile-prefix-map=$(CURDIR)=.
ALL_CFLAGS = -std=c11 $(CPPFLAGS) $(if $(HARDEN),$(HARDEN) $(FORTIFY)) $(CFLAGS) $(WARN) $(MAPPED) $(if $(SAN),$(SANITIZE))
HARDEN_LD = $(if $(filter -static%,$(LDFLAGS)),,-pie) -Wl,-z,relro,-z,now,-z,noexecstack
ALL_LDFLAGS = $(if $(HARDEN),$(HARDEN_LD)) -Wl,--build-id $(LDFLAGS)
Q = $(if $(V),,@)

# libyaml reads Kubernetes resources; YAML=0 does without, and says so of a profile in YAML
LIBS := $(if $(filter 0,$(YAML)),,-lyaml)
CORE  := $(sort $(filter-out compiler/read/$(if $(LIBS),no_)yaml.c,$(wildcard arch/*.c compiler/*/*.c backends/*/*.c)))
TOOLS := $(sort $(filter-out tools/api/% tools/exec/% tools/pages/%,$(wildcard tools/*/*.c)))
# Text to filter, and what filters mean: what tests and the library call, too.
BUILD_O := $(patsubst %,$(B)/tools/lib/%.o,add_trailer annotations assertion assertion_judge assertion_on bases build bypass call_json compile_facts \
           choice difference file_references node_words number oci_layout comparand parts single target terms)
CORE_O  := $(CORE:%.c=$(B)/%.o) $(BUILD_O)
TOOLS_O := $(filter-out $(BUILD_O),$(TOOLS:%.c=$(B)/%.o))
VERBS_O := $(filter-out $(B)/tools/cli/main.o,$(TOOLS_O))
# code that several tests share; those that need libseccomp are listed with it
TEST_LIB := $(patsubst %,$(B)/tests/lib/%.o,admit boundary random reference seeds specimen trial)
TESTS := $(patsubst %.c,$(B)/%,$(sort $(shell find tests/unit -name 'test_*.c')))

# libseccomp is a second opinion in tests and benchmarks, never in winnow itself
SECCOMP := $(shell pkg-config --libs libseccomp 2>/dev/null)
TEST_LIB += $(if $(SECCOMP),$(patsubst %,$(B)/tests/lib/%.o,peer sound versus))

# winnow_load(), and winnow-exec around it: that has no libc, so neither our flags nor anybody's
LOAD_O := $(patsubst %,$(B)/tools/exec/%.o,admit claims load native reason) $(B)/backends/bpf/sha256.o
EXEC := $(sort $(wildcard tools/exec/*.c)) backends/bpf/sha256.c
EXEC_FLAGS := -std=c11 $(WARN) -Os -ffreestanding -fno-builtin -fno-stack-protector -fno-pic -fno-pie \
              -fno-asynchronous-unwind-tables -ffunction-sections -static -nostdlib \
              -Wl,--build-id=none,-e,_start,-z,noseparate-code,--gc-sections,-s

# libwinnow: the same code once more, for processes of others: nothing in it may end one (tools/api/README.md)
LIBRARY_O := $(patsubst %.c,$(B)/library/%.o,$(CORE) $(sort $(wildcard tools/api/*.c))) \
             $(BUILD_O:$(B)/%=$(B)/library/%)

all: $(B)/winnow $(B)/winnow-exec $(B)/libwinnow-load.a $(B)/libwinnow.so.0 $(B)/libwinnow.a ## build everything (default)

$(B)/winnow-exec: $(EXEC) $(wildcard tools/exec/*.h) include/winnow.h backends/bpf/bpf.h $(wildcard arch/tables/*)
	@mkdir -p $(@D)
	@echo "  LD    $@"
	$(Q)$(CC) $(EXEC_FLAGS) -o $@ $(EXEC)

# in programs of others, whatever their flags: nothing of libc, nothing that only one compiler reads
$(LOAD_O): ALL_CFLAGS += -fno-stack-protector -U_FORTIFY_SOURCE -fno-lto

# one object, of which outsiders see winnow.h's names only, and on 32-bit x86 gcc's own, which are shared
$(B)/libwinnow-load.a: $(LOAD_O)
	$(Q)$(CC) -nostdlib -r -o $(B)/winnow-load.o $^
	$(Q)$(OBJCOPY) -w -G 'winnow_*' -G '__x86.get_pc_thunk.*' $(B)/winnow-load.o
	$(Q)rm -f $@ && $(AR) rcsD $@ $(B)/winnow-load.o

$(LIBRARY_O): ALL_CFLAGS += -fPIC -fvisibility=hidden -ffunction-sections -fdata-sections -fno-lto \
              $(if $(filter -O3,$(CFLAGS)),-O2) -Itools/api/caught -Iinclude

$(B)/library/%.o: %.c $(B)/flags
	@mkdir -p $(@D)
	@echo "  CC    $< (library)"
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# what sanitizers call is in the program: clang's are in no library
SHARED_LD = -shared -Wl,-soname,libwinnow.so.0 -Wl,--version-script=tools/api/libwinnow.map -Wl,--gc-sections \
            $(if $(SAN),,-Wl,-z,defs) $(if $(HARDEN),$(filter-out -pie,$(HARDEN_LD))) $(filter-out -static% -pie,$(LDFLAGS))
$(B)/libwinnow.so.0: $(LIBRARY_O) tools/api/libwinnow.map Makefile
	@echo "  LD    $@"
	$(Q)$(CC) $(ALL_CFLAGS) -fPIC $(SHARED_LD) -o $@ $(LIBRARY_O) $(LIBS)
	$(Q)ln -sf libwinnow.so.0 $(B)/libwinnow.so

# one object, as libwinnow-load.a is, and with no more than what its functions need
$(B)/libwinnow.a: $(LIBRARY_O) tools/api/libwinnow.map Makefile
	$(Q)$(CC) -nostdlib -r -Wl,--gc-sections $(patsubst %,-Wl$(COMMA)-u$(COMMA)%,$(EXPORTED)) -o $(B)/winnow-library.o $(LIBRARY_O)
	$(Q)$(OBJCOPY) -w -G 'winnow_*' -G '__x86.get_pc_thunk.*' $(B)/winnow-library.o
	$(Q)rm -f $@ && $(AR) rcsD $@ $(B)/winnow-library.o
COMMA := ,
EXPORTED = $(shell sed -n 's/^\t\(winnow_[a-z_]*\);$$/\1/p' tools/api/libwinnow.map)

$(B)/winnow: $(TOOLS_O) $(B)/libcore.a $(B)/libwinnow-load.a Makefile
	@echo "  LD    $@"
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $(filter-out Makefile,$^) $(LIBS)

$(B)/libcore.a: $(CORE_O) Makefile
	$(Q)rm -f $@ && $(AR) rcsD $@ $(filter-out Makefile,$^)

# What objects were compiled with: other flags (SAN=1, another CC) compile everything anew
FLAGS := $(strip $(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) $(LIBS) $(SECCOMP))
$(B)/flags: $(if $(findstring x$(FLAGS)x,x$(file <$(B)/flags)x),,FORCE)
	@mkdir -p $(@D)
	@printf '%s\n' '$(FLAGS)' >$@

.PHONY: FORCE

$(B)/%.o: %.c $(B)/flags
	@mkdir -p $(@D)
	@echo "  CC    $<"
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(B)/tests/%: $(B)/tests/%.o $(B)/tests/lib.a $(B)/libcore.a
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^) $(LIBS) -lcmocka $(SECCOMP)

$(B)/tests/lib.a: $(TEST_LIB)
	$(Q)rm -f $@ && $(AR) rcsD $@ $^

# tests name headers from the top
$(B)/tests/%.o: ALL_CFLAGS += -iquote . $(if $(SECCOMP),-DHAVE_LIBSECCOMP)

# One file is to be small: nothing that is not called, no tables for who unwinds it, and relocations packed
# where linker and libc know how (glibc from 2.36 on; musl of Debian 12 does not).
STATIC_CFLAGS = -Os -ffunction-sections -fdata-sections -fno-asynchronous-unwind-tables -fno-unwind-tables
HASH := \#
RELR = -Wl,-z,pack-relative-relocs
PACKED = $(shell printf '%s\n' '$(HASH)include <features.h>' '$(HASH)if !__GLIBC_PREREQ(2, 36)' '$(HASH)error' '$(HASH)endif' 'int main(void){return 0;}' | \
	$(CC) -static-pie -fPIE -Wl,--fatal-warnings $(RELR) -x c - -o /dev/null 2>/dev/null && echo $(RELR))
# of another machine libyaml is unpacked from Debian's packages (network, the first time), and nothing is installed
STATIC := $(B)/$(CROSS)winnow-static
STATIC_B := $(B)/$(CROSS)static
SYSROOT = $(if $(CROSS),$(CURDIR)/$(B)/$(CROSS)root)
static: ## build/winnow-static: one file, no libraries, hardened; CROSS=aarch64-linux-gnu- for build/aarch64-linux-gnu-winnow-static
	$(Q)$(if $(CROSS),mkdir -p $(B) && tools/maintain/fetch-sysroot --compiler $(CC) $(SYSROOT))
	$(Q)$(MAKE) --no-print-directory B=$(STATIC_B) CFLAGS="$(STATIC_CFLAGS)" \
		LDFLAGS="-static-pie -Wl,--gc-sections $(PACKED) $(if $(CROSS),-L$(SYSROOT)/lib/$(CROSS:-=)) $(LDFLAGS)" \
		CPPFLAGS="$(if $(CROSS),-isystem $(SYSROOT)/include) $(CPPFLAGS)" $(STATIC_B)/winnow
	$(Q)cp $(STATIC_B)/winnow $(STATIC) && $(CROSS)strip $(STATIC)
	$(Q)OBJDUMP=$(CROSS)objdump tests/scripts/run-hardened $(STATIC_B)/winnow
	@ls -l $(STATIC)

IMAGE_CROSS = $(if $(filter x86_64,$(shell uname -m)),aarch64-linux-gnu-,x86_64-linux-gnu-)
image: ## build/image: an OCI layout for amd64 and arm64, with an SPDX file beside it (root or a user's namespace, buildah, network)
	$(Q)$(MAKE) --no-print-directory CROSS= static
	$(Q)$(MAKE) --no-print-directory CC=$(IMAGE_CROSS)gcc CROSS=$(IMAGE_CROSS) static
	$(Q)tools/maintain/image $(B) $(IMAGE_CROSS)

check-image: image ## the image for both, built again in another folder: the same digest; what is in it runs (root or a user's namespace, network, 10 minutes)
	$(Q)tests/root/run-image $(B)

layers: all ## check that includes point one way and nothing is a writable global
	$(Q)tools/maintain/check-layers $(B)
	$(Q)CC="$(CC)" tests/scripts/run-layers

test: $(filter %/test_$(T:test_%=%),$(TESTS)) ## one unit test, by its name: T=merge runs tests/unit/compiler/meaning/test_merge.c
	$(Q)$(or $<,echo "make: no test test_$(T) in tests/unit" >&2; exit 2)

unit: $(TESTS) ## run the unit tests
	$(Q)tests/scripts/run-units $(TESTS)

$(B)/tests/unit/tools/lib/test_unproved: private ALL_LDFLAGS += -Wl,--wrap=prove_all
$(B)/tests/random/fits: $(B)/tests/lib/argument_sets.o $(B)/tools/lib/fits.o
$(B)/tests/unit/tools/lib/test_fits: $(B)/tools/lib/fits.o
$(B)/tests/random/settled: $(patsubst %,$(B)/tools/%.o,lib/flatten_proved)
$(B)/tests/random/merge_random $(B)/tests/random/live_stack: $(patsubst %,$(B)/tools/lib/%.o,flatten_proved merged)
$(B)/tests/random/derive_random: $(patsubst %,$(B)/tools/lib/%.o,derived derive_key derive_rules derive_views derive_want)
$(B)/tests/random/live_stack: $(B)/tests/lib/run_filtered.o $(B)/libwinnow-load.a
$(B)/tests/random/live: $(B)/tests/lib/run_filtered.o $(B)/libwinnow-load.a
# the readers of recordings, and what they print with
EVIDENCE_O := $(patsubst %.c,$(B)/%.o,$(wildcard tools/evidence/*.c)) \
              $(patsubst %,$(B)/tools/cli/%.o,files message progress staged_file)

$(B)/tests/unit/tools/pack/test_bundle $(B)/tests/unit/tools/lib/test_compile_facts: $(VERBS_O) $(B)/libwinnow-load.a
$(B)/tests/unit/tools/api/test_guard: $(B)/library/tools/api/guard.o
$(B)/tests/unit/tools/api/test_guard.o: ALL_CFLAGS += -Iinclude
$(B)/tests/unit/tools/api/test_library: $(B)/libwinnow.a $(B)/libwinnow-load.a
$(B)/tests/unit/tools/api/test_library: private ALL_LDFLAGS += -pthread
$(B)/tests/unit/tools/exec/test_load: $(LOAD_O) $(B)/tools/exec/say.o
$(B)/tests/unit/tools/cli/test_options: $(VERBS_O) $(B)/libwinnow-load.a
$(B)/tests/unit/tools/timing/test_probe: $(B)/tools/timing/probe.o
$(B)/tests/unit/tools/cli/test_quote: $(B)/tools/cli/quote.o
$(B)/tests/unit/tools/node/test_record: $(patsubst %,$(B)/tools/%.o,node/places node/record cli/quote)
$(B)/tests/unit/tools/timing/test_sample_stats: $(B)/tools/timing/sample_stats.o
$(B)/tests/unit/tools/evidence/test_trace $(B)/tests/unit/tools/evidence/test_evidence: $(EVIDENCE_O)

# --- fuzz targets: replayed with seeds here, run by libFuzzer or AFL++ in builds of their own ---

FUZZ := json profile blob assertion claim evidence
FUZZERS := $(FUZZ:%=$(B)/tests/fuzz/%)
FUZZ_MAIN ?= $(B)/tests/fuzz/replay.o

$(FUZZERS): $(B)/tests/fuzz/target.o $(FUZZ_MAIN)
$(B)/tests/fuzz/assertion $(B)/tests/fuzz/claim: $(B)/tests/fuzz/claims.o $(B)/tests/fuzz/fake_io.o \
                           $(patsubst %,$(B)/tools/%.o,verbs/assert_report verbs/cmd_assert lib/features lib/feature_lists \
                             $(addprefix cli/,as_json assertion_told base_files blob in_arena node_options operand \
                               comparison options process quote))

$(B)/tests/fuzz/evidence: $(EVIDENCE_O) $(B)/tools/verbs/judge.o

fuzzers: $(FUZZERS)

# by its own name make would run such a line under `make -n`, too
ITS_MAKE = $(MAKE)

check-flags: all ## are objects compiled anew with other flags, and only then?
	$(Q)MAKE="$(ITS_MAKE)" tests/scripts/run-flags $(B)

check-fuzz: $(FUZZERS) ## give every fuzz target its seeds
	$(Q)tests/fuzz/run-seeds $(B) $(FUZZ)

fuzz: ## libFuzzer: TIME=60 seconds a target, TARGET=json,..; ENGINE=afl for AFL++; OUT=FOLDER
	$(Q)MAKE="$(MAKE)" tests/fuzz/run $(or $(ENGINE),libfuzzer) $(or $(TIME),60) $(B)/fuzz "$(OUT)" $(or $(TARGET),$(FUZZ))

check-live: $(B)/tests/random/live $(B)/tests/random/live_stack all ## filters loaded here, stacked too, calls made, verdicts compared
	$(Q)$(B)/tests/random/live $(B)/winnow profiles/docker-default-2018.json
	$(Q)$(B)/tests/random/live_stack

$(B)/sandbox: doc/examples/sandbox.c $(B)/libwinnow-load.a
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -Iinclude -o $@ $^

check-exec: all $(B)/sandbox ## winnow-exec and the example from outside
	$(Q)tests/scripts/run-exec $(B)

check-exec-abis: all ## winnow-exec for every ABI clang knows, run by qemu-user
	$(Q)EXEC_FLAGS="$(EXEC_FLAGS)" tests/scripts/run-exec-abis $(B)

$(B)/tests/kernels/plan: $(B)/tests/kernels/harmless.o
KERNELS = tests/kernels/run --build $(B)/kernels --plan $< --winnow $(B)/winnow --random $(B)/tests/random/random_programs $(if \
          $(PROGRAMS),--programs $(PROGRAMS) --seed $(SEED) --timeout 3600)

check-kernels check-kernels-quick: all $(B)/tests/random/random_programs

check-kernels: $(B)/tests/kernels/plan ## ask real kernels of all ABIs, under QEMU (network, minutes); PROGRAMS=N random ones from SEED on
	$(Q)$(KERNELS)
	$(Q)$(MAKE) --no-print-directory check-limits

check-limits: static ## the memory limits that install finds in cgroups of both versions, on a real kernel (network)
	$(Q)CC="$(CC)" tests/kernels/limits $(B)/winnow-static

check-kernels-quick: $(B)/tests/kernels/plan ## the same: x86_64, aarch64, s390x, mips64el
	$(Q)$(KERNELS) --quick

# podman's profile shows best what compiling at each start costs
STARTUP = $(firstword $(wildcard /usr/share/containers/seccomp.json) profiles/docker-default-2018.json)

check-runtimes: all ## bubblewrap, crun, podman, containerd, runc under our filters (root; doc/runtimes.md)
	$(Q)CC="$(CC)" tests/root/run-runtimes $(B)
	$(Q)tests/root/run-conformance $(B)
	$(Q)bench/startup -n 25 -t 60 $(B)/winnow $(STARTUP)

check-today: all static ## today's runc, crun, podman, Docker, containerd, bubblewrap, minijail, ceccomp, in a root of their own (root, network; ROOT=DIR: those of another system; CORPUS=DIR: more profiles; PARTS="verify cases blobs disasm")
	$(Q)CC="$(CC)" tests/root/run-today $(if $(ROOT),--root $(ROOT)) --corpus $(CORPUS) $(B) $(PARTS)

check-start: all ## does a container start? lint's word on every profile at hand and in CORPUS=DIR against runc and crun, with no_new_privs and without (root; ROOT=DIR: those of another system)
	$(Q)tests/root/run-start $(if $(ROOT),--root $(ROOT)) --corpus $(CORPUS) $(B)/winnow

check-deploy: all ## deploy/ held against Kubernetes' own schema and systemd's word on its units (network, the first time)
	$(Q)tests/network/run-deploy $(B)
	$(Q)tests/scripts/run-systemd $(B)

check-nodes: all static $(B)/tests/tools/saboteur.so ## pods: containerd asked as the kubelet asks, runc and crun below it (root, network)
	$(Q)CC="$(CC)" tests/root/run-nodes $(B)

check-cluster: all static ## deploy/ and doc/kubernetes.md on a real Kubernetes of one node (root, network the first time: half an hour)
	$(Q)CC="$(CC)" tests/cluster/run $(B) $(CHECK)

kernels-mips: ## build the big-endian MIPS kernels for check-kernels (10 minutes)
	$(Q)tests/kernels/build-mips

# what benchmarks share, and all of winnow but its main()
BENCH_LIB := $(patsubst %,$(B)/bench/%.o,balanced filters freq grid plot rival) \
             $(if $(SECCOMP),$(B)/tests/lib/peer.o) $(VERBS_O)
BENCHES := $(patsubst %,$(B)/bench/%,arguments counts growth_abis growth_rules merge_pairs speed)
PEER_PROCESS := $(if $(SECCOMP),$(B)/bench/peer_process)
$(B)/bench/arguments: $(B)/tests/lib/argument_sets.o $(B)/tests/lib/random.o

$(B)/bench/%: $(B)/bench/%.o $(B)/bench/lib.a $(B)/libcore.a $(B)/libwinnow-load.a
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(LIBS) $(SECCOMP) -lm

$(B)/bench/lib.a: $(BENCH_LIB)
	$(Q)rm -f $@ && $(AR) rcsD $@ $^

$(B)/bench/%.o: ALL_CFLAGS += -iquote . $(if $(SECCOMP),-DHAVE_LIBSECCOMP)

# a process with nothing of winnow in it
$(B)/bench/peer_process: bench/peer_process.c $(B)/flags
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $< $(SECCOMP)

bench: all $(BENCHES) $(PEER_PROCESS) ## every figure beside libseccomp's, to bench/out/ too; PROFILE=FILE, TIME=SECONDS
	$(Q)TIME=$(TIME) bench/run $(B) $(PROFILE)

bench-counts: all $(PEER_PROCESS) ## has a command become dearer than bench/counts.tsv says, by callgrind? RENEW=1 writes that anew
	$(Q)bench/regress $(if $(RENEW),--renew) $(B)

bench-evidence: all ## how fast logs are read, beside grep -c: MIB=1024
	$(Q)bench/evidence $(B)/winnow $(MIB)

$(B)/bench/in_process: $(B)/libwinnow.a

bench-library: all $(B)/bench/in_process ## a config.json to a filter in process, beside libseccomp: time, instructions; PROFILE=FILE, NEW=1
	$(Q)NEW=$(NEW) bench/library $(B) $(PROFILE)

bench-merge: $(B)/bench/merge_pairs ## every pair of the profiles in CORPUS=DIR merged: JSON exact or not, one filter beside two
	$(Q)$< bench/freq/mix.tsv $(wildcard $(CORPUS)/*)

check-bench: all $(B)/bench/counts $(B)/bench/in_process $(B)/bench/arguments $(PEER_PROCESS) ## does the benchmark work?
	$(Q)tests/scripts/run-bench $(B)

cli: all $(B)/tests/tools/usage $(B)/tests/random/dead_rules ## use the command line as people do, wrongly too
	$(Q)tests/scripts/run-cli $(B)/winnow
	$(Q)tests/scripts/run-examples $(B)/winnow
	$(Q)tests/scripts/run-explain $(B)/winnow
	$(Q)tests/scripts/run-mend $(B)/winnow
	$(Q)tests/scripts/run-fixes $(B)
	$(Q)tests/scripts/run-resolve $(B)/winnow
	$(Q)tests/scripts/run-report $(B)/winnow
	$(Q)tests/scripts/run-lint $(B)/winnow
	$(Q)$(B)/tests/random/dead_rules -n 700
	$(Q)tests/random/wide-claims $(B)/winnow 100
	$(Q)tests/scripts/run-program-arguments $(B)
	$(Q)tests/scripts/run-evidence $(B)
	$(Q)tests/scripts/run-schema $(B)/winnow
	$(Q)tests/scripts/run-record $(B)/winnow
	$(Q)tests/scripts/run-output $(B)/winnow
	$(Q)tests/scripts/run-kinds $(B)
	$(Q)tests/scripts/run-hostile $(B)
	$(Q)tests/scripts/run-hardened --dynamic $(if $(FORTIFY),,--no-fortify) $(B)/winnow
	$(Q)tests/scripts/run-figures $(B)

ASKS := diff_libseccomp refused settled fits
# libseccomp leaks a little of what it refuses
check-libseccomp: $(if $(SECCOMP),$(ASKS:%=$(B)/tests/random/%)) ## winnow and libseccomp, call by call, and what both refuse
	$(Q)$(if $<,$(ASK_SECCOMP),$(NO_SECCOMP))
ASK_SECCOMP = ASAN_OPTIONS=detect_leaks=0 $(B)/tests/random/diff_libseccomp -n 100 $(wildcard profiles/*.json /usr/share/containers/seccomp.json) && \
	ASAN_OPTIONS=detect_leaks=0 $(B)/tests/random/refused -n $(SETS) && \
	ASAN_OPTIONS=detect_leaks=0 $(B)/tests/random/settled -n $(SETTLED) && \
	ASAN_OPTIONS=detect_leaks=0 $(B)/tests/random/fits -n $(FITS)
SETS = 2000
SETTLED = 200
FITS = 8

fits-long: $(B)/tests/random/fits ## COUNT=N random profiles of each class from SEED=N on: what libseccomp can load, winnow compiles
	$(Q)$< -n $(COUNT) -s $(SEED)

check-record: all ## real programs recorded, and run again under what was recorded (tools/install-deps record)
	$(Q)tests/root/record-programs $(B)

check-libseccomp-new: $(if $(SECCOMP),$(ASKS:%=$(B)/tests/random/%)) ## the same with Debian unstable's libseccomp, fetched to the cache
	$(Q)$(if $<,LD_LIBRARY_PATH=$$(tools/maintain/fetch-libseccomp) && export LD_LIBRARY_PATH && $(ASK_SECCOMP),$(NO_SECCOMP))
NO_SECCOMP = echo "NOTE: SKIP: libseccomp is missing: apt-get install libseccomp-dev"

time-libseccomp: $(B)/tests/random/diff_libseccomp ## how long both take for the same profiles
	$(Q)$< -t 1000 $(wildcard profiles/*.json /usr/share/containers/seccomp.json)

check-smt: all $(B)/tests/tools/sample $(if $(SECCOMP),$(B)/tests/tools/peer_blob) ## ask z3, too: SMT=40 random profiles and mutants
	$(Q)tests/scripts/run-smt $(B) $(SMT)

lint-goldens: all ## remake tests/data/lint/ from every profile at hand, for review
	$(Q)tests/scripts/run-lint $(B)/winnow --remake

picture-goldens: all ## remake tests/data/picture/, for review
	$(Q)tests/scripts/run-figures $(B) --remake

league: all ## findings, meanings, sizes over CORPUS=DIR: tables, and a row a profile in build/league.tsv
	$(Q)tools/maintain/league $(B)/winnow $(CORPUS) -o $(B)/league.tsv

.PHONY: lint-goldens league

# an npm package that carries the OASIS schema as it is; Debian has none
SARIF_PACKAGE = @microsoft/jest-sarif@1.0.0-beta.0
SARIF_SHA256 = 748e2c3d1a842e7bb258416685c7ea3a0da40005b72267b2052c2856d48ad102
SARIF_CACHE = $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/winnow-sarif

check-sarif: all ## lint -f sarif against the OASIS schema (npm; network, once)
	$(Q)mkdir -p $(SARIF_CACHE)
	$(Q)cd $(SARIF_CACHE) && { ls *.tgz >/dev/null 2>&1 || npm pack --silent $(SARIF_PACKAGE) >/dev/null; }
	$(Q)cd $(SARIF_CACHE) && echo "$(SARIF_SHA256)  $$(ls *.tgz)" | sha256sum --check --quiet && tar -xzf *.tgz
	$(Q)tests/scripts/run-report $(B)/winnow --oasis $(SARIF_CACHE)/package/lib/schemas/sarif-2.1.0-rtm.5.json

random-long: $(B)/tests/random/random_long ## COUNT=N random profiles, SEED=N the first
	$(Q)$< $(COUNT) $(SEED)
COUNT ?= 20000
SEED ?= 1

random-programs: $(B)/tests/random/random_programs ## COUNT=N random programs from SEED=N on, loaded here: does the kernel do what sim says?
	$(Q)$< $(COUNT) $(SEED)

# what a sanitizer's runtime calls a random filter refuses, too, and it may ask for ever
check-programs: $(B)/tests/random/random_programs ## the same with a few thousand
	$(Q)$(if $(SAN),echo "NOTE: SKIP: programs: sanitizers make calls of their own under the filters",$< 4000)

check: check-programs

# the shipped profile, Docker's of today where it is at hand, random ones
MUTATE := $(foreach arch,x86_64 aarch64 s390x mips64el,profiles/docker-default-2018.json:$(arch))
MUTATE_MORE := $(patsubst %,%:x86_64,$(wildcard ../shared/profiles/moby-default.json)) \
               $(patsubst %,%:riscv64,$(wildcard /usr/share/containers/seccomp.json))

$(B)/tests/random/mutate: $(B)/tests/lib/mutants.o

mutate: $(B)/tests/random/mutate ## change each instruction of good filters in every way: does the prover catch it?
	$(Q)$< -r 12 $(MUTATE) $(MUTATE_MORE)

check-mutate: $(B)/tests/random/mutate ## the same with one mutant in 97
	$(Q)$< -e 97 -r 12 $(firstword $(MUTATE))

check: check-mutate

check-merge: all $(B)/tests/random/merge_random $(B)/tests/random/derive_random ## profiles merged and edited, by brute force and on the command line
	$(Q)$(B)/tests/random/merge_random -n 200
	$(Q)$(B)/tests/random/derive_random -n 200
	$(Q)tests/scripts/run-merge $(B)/winnow
	$(Q)tests/scripts/run-bases $(B)/winnow
	$(Q)tests/scripts/run-stories $(B) doc/merge.md

merge-long: $(B)/tests/random/merge_random ## the same of COUNT=20000 random pairs from SEED=1 on
	$(Q)$< -n $(or $(COUNT),20000) -s $(or $(SEED),1)

dead-long: $(B)/tests/random/dead_rules ## rules that lint tells as dead left out of COUNT=20000 random profiles, from SEED=1 on
	$(Q)$< -n $(or $(COUNT),20000) -s $(or $(SEED),1)

derive-long: $(B)/tests/random/derive_random ## COUNT=20000 random profiles edited, from SEED=1 on
	$(Q)$< -n $(or $(COUNT),20000) -s $(or $(SEED),1)

.PHONY: mutate-source
mutate-source: ## small defects in winnow's source, one by one: do the tests notice? (root, hours); MUTANTS='--only compiler/read'
	$(Q)tests/mutation/run --folder $(B)/mutants --make "$(MAKE_COMMAND) CC='$(CC)'" $(MUTANTS)

differential: $(B)/tests/random/differential ## small random profiles: COUNT=N from SEED=N on, this kernel and libseccomp asked of some
	$(Q)$< -n $(COUNT) -s $(SEED)

check-bounds: all $(B)/tests/tools/usage ## what hostile and large profiles may cost
	$(Q)$(if $(SAN),echo "NOTE: SKIP: bounds: sanitizers take memory and time of their own",tests/scripts/run-bounds $(B)/winnow $(B)/tests/tools/usage)

check-verbs: all $(if $(SECCOMP),$(B)/tests/tools/peer_blob) ## verify, diff, subset, info, assert, audit, smt as users run them; the pages with commands
	$(Q)tests/scripts/run-verbs $(B)
	$(Q)tests/scripts/run-review $(B)/winnow
	$(Q)tests/scripts/run-audit $(B)/winnow
	$(Q)tests/scripts/run-audit-ways $(B)/winnow
	$(Q)tests/random/audit-random $(B)/winnow 40
	$(Q)tests/scripts/run-stories $(B) doc/verify.md
	$(Q)tests/scripts/run-stories $(B) doc/evidence.md
	$(Q)tests/scripts/run-stories $(B) doc/tour.md
	$(Q)tests/scripts/run-stories $(B) README.md

$(B)/tests/tools/saboteur.so: tests/tools/saboteur.c
	@mkdir -p $(@D)
	$(Q)$(CC) -std=c11 $(CPPFLAGS) $(CFLAGS) $(WARN) -fPIC -shared -o $@ $< -ldl

check-install: all $(B)/tests/tools/saboteur.so ## profiles installed on nodes that are folders
	$(Q)tests/scripts/run-install $(B)
	$(Q)tests/scripts/run-install-killed $(B)
	$(Q)tests/scripts/run-unchanged $(B)
	$(Q)tests/scripts/run-write-order $(B)

check-pack: all ## bundles: packed, read, forged
	$(Q)tests/scripts/run-pack $(B)
	$(Q)tests/scripts/run-stories $(B) doc/bundle.md

# winnow with a part that is mistaken on request, tests/tools/wrong.c
WRAPPED = emit prove prove_all prove_cacheable sim_run
$(B)/tests/tools/wrong: $(B)/tests/tools/wrong.o $(TOOLS_O) $(B)/libcore.a $(B)/libwinnow-load.a
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) $(WRAPPED:%=-Wl,--wrap=%) -o $@ $^ $(LIBS)

check-wrong: all $(B)/tests/tools/wrong ## a mistaken emitter, prover, simulator: nothing of theirs gets out
	$(Q)tests/scripts/run-wrong $(B)

$(B)/tests/tools/usage: tests/tools/usage.c
	@mkdir -p $(@D)
	$(Q)$(CC) -std=c11 $(WARN) -O1 -o $@ $<

check-fleet: all $(B)/tests/tools/usage ## 5,000 nodes: installed, badly updated, repaired; FLEET="50 500 5000"
	$(Q)tests/scripts/run-fleet $(B) $(FLEET)
FLEET ?= 50 500 5000

check-watch: all $(B)/tests/tools/usage ## install --watch, status --pid, dump and pid:PID, and a small fleet
	$(Q)tests/scripts/run-watch $(B)
	$(Q)tests/scripts/run-status-pid $(B)
	$(Q)tests/scripts/run-live $(B)
	$(Q)tests/scripts/run-fleet $(B) 14

check: all unit layers check-flags cli check-bounds check-verbs check-wrong check-pack check-merge check-watch check-install check-deploy check-fuzz check-live check-exec check-libseccomp ## everything that must pass on every commit

check-corpus: all ## compile and prove every profile below CORPUS=DIR
	$(Q)tests/scripts/run-corpus $(CORPUS) $(B)/winnow
CORPUS ?= profiles

$(B)/tests/fault.so: tests/faults/fault.c
	@mkdir -p $(@D)
	$(Q)$(CC) -std=c11 $(CPPFLAGS) $(WARN) -O1 -fPIC -shared -o $@ $<

# a sanitizer's runtime and what is preloaded both want malloc
FAULTS = $(if $(SAN),echo "NOTE: SKIP: faults: not with sanitizers",tests/scripts/run-faults)

.PHONY: check-faults check-faults-quick
check: check-faults-quick
check-faults: all $(B)/tests/fault.so ## winnow while memory, disks and channels fail, and killed (minutes)
	$(Q)$(FAULTS) $(B)

check-faults-quick: all $(B)/tests/fault.so ## the same for a few verbs
	$(Q)$(FAULTS) --quick $(B)

# what reads and writes, under valgrind (test_arena asks for sizes it takes for mistakes)
ANALYZE_UNITS := $(foreach one,bytes document json merge profile select_rules trailer utf8,$(filter %/test_$(one),$(TESTS)))

.PHONY: analyze
analyze: all $(B)/tests/fault.so $(ANALYZE_UNITS) ## gcc -fanalyzer, clang-tidy, cppcheck, valgrind (minutes); TOOL=cppcheck for one
	$(Q)tests/long/run-analyze $(B) "$(ANALYZE_UNITS)" $(TOOL)

.PHONY: tests check-ports
tests: $(TESTS)

check-ports: all ## unit tests and blobs of a 32-bit and a big-endian winnow (network, minutes)
	$(Q)MAKE="$(MAKE)" tests/network/run-ports $(B)

.PHONY: coverage coverage-run
coverage: ## lines and branches of compiler/ and backends/ that the tests reach (minutes)
	$(Q)$(MAKE) --no-print-directory B=$(B)/coverage SAN= CC=gcc coverage-run \
		CFLAGS="-O0 -g --coverage -Wno-clobbered"

coverage-run: unit cli check-verbs
	$(Q)tests/long/run-coverage $(B)

check-determinism: ## compare the filters of differently compiled winnows (slow)
	$(Q)MAKE="$(MAKE)" tests/long/run-determinism

docs: all ## remake the pages in doc/ that are made from tables
	$(Q)$(B)/winnow explain-code --markdown >$(B)/diagnostics.md
	$(Q)mv $(B)/diagnostics.md doc/diagnostics.md
	$(Q)tools/maintain/gen-schema >$(B)/schema.json
	$(Q)mv $(B)/schema.json doc/profile.schema.json

tables: ## remake arch/tables from Debian's kernel headers and source (network)
	$(Q)tools/maintain/gen-tables
	$(Q)tools/maintain/gen-since
	$(Q)tools/maintain/gen-widths
	$(Q)tools/maintain/gen-constants

program-tables: all ## measure what programs call to start, to end and besides, and what refusing it does (minutes; ROOT=DIR: those of another system)
	$(Q)tools/maintain/gen-programs $(if $(ROOT),--root $(ROOT)) $(B)/winnow-exec
	$(Q)tools/maintain/gen-program-arguments $(if $(ROOT),--root $(ROOT)) $(B)/winnow-exec

start-tables: ## measure what runc and crun call under the filter, and what refusing it does (root, minutes; ROOT=DIR: those of another system)
	$(Q)tools/maintain/gen-start $(if $(ROOT),--root $(ROOT))

constants: ## hold the constants against this host's headers
	$(Q)tools/maintain/gen-constants --check-host "$(CC)"

check-constants: ## hold the constants against the newest kernel headers of every ABI (network)
	$(Q)tools/maintain/gen-constants --check "$(CC)"

# --- what a package has ---

PREFIX     ?= /usr/local
BINDIR     ?= $(PREFIX)/bin
LIBDIR     ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
DATADIR    ?= $(PREFIX)/share
MANDIR     ?= $(DATADIR)/man
ZSHDIR     ?= $(DATADIR)/zsh/site-functions
VERSION    := $(shell sed -n 's/.*WINNOW_VERSION "\(.*\)"/\1/p' tools/lib/version.h)
VERBS      := $(sort $(shell sed -n 's/^\t\.name = "\(.*\)",/\1/p' tools/*/cmd_*.c tools/cli/verbs.c))

# pages and completion are made by a program of this machine
PAGES_O   := $(patsubst %.c,$(B)/%.o,$(wildcard tools/pages/*.c))
PAGES_RUN := $(if $(CROSS),$(B)/native,$(B))/pages-of-tables
$(B)/pages-of-tables: $(PAGES_O) $(VERBS_O) $(B)/libcore.a $(B)/libwinnow-load.a
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(B)/native/pages-of-tables: FORCE
	$(Q)env -u CPPFLAGS -u LDFLAGS $(MAKE) --no-print-directory B=$(B)/native CROSS= CC="$(HOSTCC)" \
		AR=ar OBJCOPY=objcopy CFLAGS=-O1 CPPFLAGS="-D_POSIX_C_SOURCE=200809L -D_FILE_OFFSET_BITS=64" LDFLAGS= $@

$(B)/pages/winnow.1: $(PAGES_RUN)
	@mkdir -p $(@D)
	$(Q)$(if $(filter /%,$<),,./)$< $(@D)

# for those who link with the libraries
FOR_LINKERS := $(patsubst tools/pages/%.in,%,$(wildcard tools/pages/*.in))
$(FOR_LINKERS:%=$(B)/pages/%): $(B)/pages/%: tools/pages/%.in Makefile FORCE
	@mkdir -p $(@D)
	$(Q)sed -e 's|@LIBDIR@|$(LIBDIR)|; s|@INCLUDEDIR@|$(INCLUDEDIR)|; s|@VERSION@|$(VERSION)|' \
		-e 's|@MAJOR@|$(firstword $(subst ., ,$(VERSION)))|' \
		-e "s|@INCLUDE_FROM_LIB@|$$(realpath -m --relative-to="$(LIBDIR)" "$(INCLUDEDIR)")|" \
		-e 's|@REQUIRES@|$(if $(LIBS),Libs.private: -lyaml\n)|' $< >$@

# mode:file:where to; or link:to what:where
INSTALLED = 755:$(B)/winnow:$(BINDIR)/winnow \
	755:$(B)/winnow-exec:$(BINDIR)/winnow-exec \
	644:include/winnow.h:$(INCLUDEDIR)/winnow.h \
	644:include/winnow-compile.h:$(INCLUDEDIR)/winnow-compile.h \
	644:$(B)/libwinnow-load.a:$(LIBDIR)/libwinnow-load.a \
	644:$(B)/libwinnow.a:$(LIBDIR)/libwinnow.a \
	644:$(B)/libwinnow.so.0:$(LIBDIR)/libwinnow.so.0 \
	link:libwinnow.so.0:$(LIBDIR)/libwinnow.so \
	$(foreach file,$(FOR_LINKERS),644:$(B)/pages/$(file):$(LIBDIR)/$(if $(filter %.pc,$(file)),pkgconfig,cmake/winnow)/$(file)) \
	644:profiles/docker-default-2018.json:$(DATADIR)/winnow/profiles/docker-default-2018.json \
	$(foreach schema,output profile report,644:doc/$(schema).schema.json:$(DATADIR)/winnow/$(schema).schema.json) \
	644:$(B)/pages/winnow.bash:$(DATADIR)/bash-completion/completions/winnow \
	644:$(B)/pages/_winnow:$(ZSHDIR)/_winnow \
	644:$(B)/pages/winnow.fish:$(DATADIR)/fish/vendor_completions.d/winnow.fish \
	$(foreach page,winnow $(VERBS:%=winnow-%),644:$(B)/pages/$(page).1:$(MANDIR)/man1/$(page).1) \
	644:doc/man/winnow-exec.1:$(MANDIR)/man1/winnow-exec.1 \
	644:doc/man/winnow.h.3:$(MANDIR)/man3/winnow.h.3 \
	644:doc/man/winnow-compile.h.3:$(MANDIR)/man3/winnow-compile.h.3 \
	644:doc/man/winnow.7:$(MANDIR)/man7/winnow.7

pages: $(B)/pages/winnow.1 $(FOR_LINKERS:%=$(B)/pages/%) ## manual pages and completion, to build/pages/

install: all pages ## install to $(DESTDIR)$(PREFIX); BINDIR LIBDIR INCLUDEDIR DATADIR MANDIR ZSHDIR
	$(Q)set -e; IFS=:; for one in $(foreach one,$(INSTALLED),'$(one)'); do set -- $$one; \
		if [ "$$1" = link ]; then ln -sf "$$2" "$(DESTDIR)$$3"; else \
			install -D -m "$$1" "$$2" "$(DESTDIR)$$3"; fi; done

uninstall: ## remove what install with the same variables put there
	$(Q)rm -f $(foreach one,$(INSTALLED),"$(DESTDIR)$(word 3,$(subst :, ,$(one)))")
	$(Q)rmdir "$(DESTDIR)$(LIBDIR)/cmake/winnow" 2>/dev/null || :
	$(Q)rmdir -p "$(DESTDIR)$(DATADIR)/winnow/profiles" 2>/dev/null || :

dist: ## build/winnow-VERSION.tar.gz of what is committed
	@mkdir -p $(B)
	$(Q)git archive --prefix=winnow-$(VERSION)/ HEAD | gzip -n9 >$(B)/winnow-$(VERSION).tar.gz
	@ls -l $(B)/winnow-$(VERSION).tar.gz

check-pages: all pages ## manual pages and completion: do man and the shells take them?
	$(Q)tests/scripts/run-pages $(B)

check-build: ## flags of distributions, other folders, other machines, the same bytes
	$(Q)MAKE="$(MAKE)" CC="$(CC)" tests/long/run-build

check-package: ## the Debian packages, built and used in clean Debians (root, network); SUITE=forky for one
	$(Q)mkdir -p $(B)
	$(Q)tests/root/run-package $(B) $(SUITE)

check-rpm: ## the RPM packages, made with this machine's rpmbuild, listed and used (rpm)
	$(Q)tests/scripts/run-rpm $(B)

check-library: all pages $(B)/tests/fault.so ## libwinnow installed and used: C99, C++, pkg-config, CMake, Meson, Python, Go; its ABI, names, size
	$(Q)MAKE="$(ITS_MAKE)" CC="$(CC)" tests/scripts/run-library $(B)

$(B)/tests/tools/library_threads: $(B)/tests/tools/library_threads.o $(B)/libwinnow.a
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -pthread -o $@ $^ $(LIBS)

THREADS ?= 64
ROUNDS ?= 4
check-threads: all ## libwinnow under ThreadSanitizer: THREADS=64, each of which compiles ROUNDS=4 times
	$(Q)$(MAKE) --no-print-directory B=$(B)/tsan HARDEN= SAN= LDFLAGS= CFLAGS="-O1 -g -fsanitize=thread" \
		$(B)/tsan/tests/tools/library_threads
	$(Q)CC="$(CC)" tests/scripts/run-threads $(B) $(THREADS) $(ROUNDS)

check-ci: all ## deploy/ci as GitHub and pre-commit run it
	$(Q)CC="$(CC)" tests/scripts/run-ci $(B)

check-header: all ## compile -f header, asked of every compiler at hand
	$(Q)tests/scripts/run-header $(B)

check: check-pages check-ci check-header check-library check-threads

clean: ## remove build/ and bench/out/
	rm -rf $(B) bench/out

help: ## this list
	@sed -n 's/^\([a-z][a-z-]*\):.*## /  \1\t/p' Makefile | expand -t 18
	@echo "  variables: CC CFLAGS CPPFLAGS LDFLAGS CROSS=TRIPLET- SAN=1 (ASan, UBSan) V=1 B=build WERROR= HARDEN= YAML=0 (no libyaml)"

.PHONY: $(shell sed -n 's/^\([a-z][a-z-]*\):.*\#\# .*/\1/p' Makefile)
.SECONDARY:
-include $(LIBRARY_O:.o=.d) $(CORE_O:.o=.d) $(TOOLS_O:.o=.d) $(PAGES_O:.o=.d) $(wildcard $(B)/bench/*.d $(B)/tools/exec/*.d) $(shell find $(B)/tests -name "*.d" 2>/dev/null)
