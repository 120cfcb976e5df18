#ifndef TOOLS_CLI_OPTION_SET_H
#define TOOLS_CLI_OPTION_SET_H

/*
 * Every option of every verb, once: what it is called, its letter, its value and what it says unless a
 * verb says it in its own words. The same word means the same everywhere, and so does a letter.
 *
 * A value of NULL is none (a flag), of "[X]" one that may be left out. Completion takes the words an option
 * has from its explanation: "auto (default), always, never", or the like behind a colon.
 */
#define OPTION_SET(X)                                                                              \
	X(ABI, 0, "abi", "ABI", "ABI of the call")                                                 \
	X(AFRESH, 0, "afresh", NULL, "compile and prove what is unchanged, too")                       \
	X(ALL, 0, "all", NULL, "every profile that winnow installed, and what it knows of them")     \
	X(ALLOW, 0, "allow", "CALL[,CALL...]", "calls that are to be allowed: read, socket(AF_VSOCK)") \
	X(ARCH, 'a', "arch", "ARCH", "node's architecture, default native")                        \
	X(ARGS, 0, "args", "WHICH",                                                                \
		"arguments that rules ask for: none (default), flags, all")                        \
	X(BASE, 0, "base", "PROFILE", "JSON that is added to, in place of an empty one")           \
	X(BASELINE, 0, "baseline", "FILE", "profile of the node that no other may go beyond")      \
	X(BASE_DIR, 0, "base-dir", "DIR", "where profiles are that a SeccompProfile builds on")    \
	X(BASE_SPEC, 0, "base-spec", "FILE", "OCI spec that base specs are made from")             \
	X(BASE_SPECS, 0, "base-specs", NULL, "remove base specs, too")                               \
	X(CAPS, 0, "caps", "CAP[,CAP...]", "capabilities the container has: all, none (default)")  \
	X(CHECK, 0, "check", NULL, "only what is wrong")                                           \
	X(COLOR, 0, "color", "WHEN", "auto (default), always, never")                              \
	X(COMPLAIN, 0, "complain", NULL, "log what the default action refuses, and let it be made") \
	X(COPIES, 0, "copies", "N", "of each filter that are stacked, 2 to 16 (default)")           \
	X(DEFEAT_CACHE, 0, "defeat-cache", NULL,                                                   \
		"run the filter even where the kernel's cache would answer")                       \
	X(DENY, 0, "deny", "CALL[,CALL...]", "calls that are to be refused")                       \
	X(DEPFILE, 0, "depfile", "FILE", "written with what was read and written, as make and ninja take it") \
	X(DRY_RUN, 0, "dry-run", NULL, "write nothing, say what would be done")                    \
	X(DUMP, 0, "dump", "STAGE",                                                                \
		"print in place of a filter: profile, rules, policy, tree or program")              \
	X(ENOSYS, 0, "enosys", "HOW",                                                              \
		"ENOSYS for newer syscalls: off, table, runc; default the runtime's way")          \
	X(ENTRY, 0, "entry", "NAME", "profile of a file that holds several: its key in a ConfigMap, or its name, NAMESPACE/ before it") \
	X(ERRNO, 0, "errno", "CALL=ERRNO[,...]", "calls that are to fail with that")               \
	X(EXACT, 0, "exact", NULL,                                                                 \
		"JSON is exact or refused; default with --union and --strict")                     \
	X(FILE, 0, "file", "FILE", "assertions, one a line (needed)")                              \
	X(FIX, 0, "fix", NULL, "put names and conditions right that can only be slips, in the file itself")      \
	X(FOLLOW, 0, "follow", NULL,                                                               \
		"show lines of files that are no regular ones, or that links lead out to")         \
	X(FOR_CAPS, 0, "for-caps", "CAP[,CAP...]",                                                 \
		"decide conditions on capabilities for containers that have these: all, none")     \
	X(FORCE, 0, "force", NULL, "overwrite files that are not winnow's")                        \
	X(FORMAT, 'f', "format", "FORMAT", "text (default), json")                                 \
	X(FREQ, 0, "freq", "FILE", "how often syscalls are made: lines 'name count'")              \
	X(INPUT_FORMAT, 0, "input-format", "NAME",                                                 \
		"any (default), docker, oci, common, config, spo, configmap")                      \
	X(INTERSECT, 0, "intersect", NULL,                                                         \
		"the strictest answer, as the kernel's of filters that are stacked")               \
	X(KEEP, 0, "keep", "N", "generations to keep of each profile, default 3")                  \
	X(KERNEL, 0, "kernel", "X.Y", "kernel that minKernel is compared with")                    \
	X(LAYOUT, 0, "layout", "NAME[,NAME...]", "json (default), bpf, base-spec, docker")                 \
	X(LINE, 0, "line", "TEXT", "a line of a log, in place of one; may be given several times") \
	X(LIBSECCOMP, 0, "libseccomp", "VERSION",                                                  \
		"that the runtime links: 2.5, 2.6; default one that knows every name")             \
	X(LIST, 0, "list", NULL, "say what is in a bundle")                                        \
	X(MARKDOWN, 0, "markdown", NULL, "all of them as a page")                                  \
	X(MAX_INSNS, 0, "max-insns", "N", "fail if the filter has more instructions")              \
	X(MAX_PATH, 0, "max-path", "N", "execute N instructions at most on any call")              \
	X(METRICS, 0, "metrics", "FILE", "written after each pass, for Prometheus")                \
	X(MISPREDICT, 0, "mispredict", "N",                                                        \
		"a jump against the odds counts N instructions; default 0")                        \
	X(NARROW_INT_ARGS, 0, "narrow-int-args", NULL,                                             \
		"compare no more of an argument than the kernel takes")                            \
	X(NEW, 0, "new", "PROFILE", "what changes from the first profile to this one, call by call") \
	X(NO_CACHE_KEY, 0, "no-cache-key", NULL,                                                   \
		"leave out the rule by which crun's cache tells JSON files apart")                 \
	X(NO_NEW_PRIVS, 0, "no-new-privs", "WHICH",                                                \
		"how containers are started: yes or no (default)")                                 \
	X(NO_TRAILER, 0, "no-trailer", NULL, "leave out what the filter says of itself")           \
	X(NO_WARN, 0, "no-warn", "ID[,ID...]", "leave these out")                                  \
	X(ONCE, 0, "once", NULL, "one pass, then exit (default)")                                  \
	X(OPTIMISE, 'O', "optimise", "WHAT", "size, uniform or mix; default: kernels of today")    \
	X(OUTPUT, 'o', "output", "PATH", "file, or - for standard output (default)")               \
	X(PID, 0, "pid", "PID", "what that process is under, and is it installed here?")           \
	X(PRINT_CONFIG, 0, "print-config", "[=WHAT]",                                              \
		"print only: containerd[@2|@3], runtimeclass, or both; crio or docker, with :NAME")                                   \
	X(PROFILE_MEMORY, 0, "profile-memory", "MIB",                                              \
		"for one to be compiled, default half of the cgroup's")                            \
	X(PROFILE_TIME, 0, "profile-time", "SECONDS", "of a processor for the same, default 30")   \
	X(PROFILES_MAY_FAIL, 0, "profiles-may-fail", NULL,                                         \
		"exit 0 though some did, if the node is well")                                     \
	X(QUIET, 'q', "quiet", NULL, "errors only")                                                \
	X(READY_FILE, 0, "ready-file", "FILE", "there while every profile is in place")            \
	X(ROOT, 0, "root", "DIR", "the node's root directory, default /")                          \
	X(RUN, 0, "run", "DIR", "where the state of the last pass is, default /run/winnow")        \
	X(RUNTIME, 0, "runtime", "NAME",                                                           \
		"whose reading: author (default), docker, podman, containerd, crio, runc, crun, "  \
		"kep6061; an older or newer one: runc@1.1, runc@1.5, crun@1.8")                                                                         \
	X(RUNTIME_FEATURES, 0, "runtime-features", "FILE",                                        \
		"that 'runc features' or 'crun features' printed, in place of --runtime and "    \
		"--libseccomp")                                                                    \
	X(SATISFY, 0, "satisfy", "FILE", "assertions that are to hold, one a line")                \
	X(SELF_TEST, 0, "self-test", NULL, "try each filter in a throw-away child first")          \
	X(SHA256, 0, "sha256", "HEX", "of the bundle: no other is taken")                          \
	X(SOURCE, 0, "source", "DIR|BUNDLE", "folder of profiles, mount of a ConfigMap, bundle")   \
	X(STATS, 0, "stats", "[=FORMAT]",                                                          \
		"say on stderr what the filter costs: text (default), json")                       \
	X(STRICT, 0, "strict", NULL, "unknown syscalls and overlapping rules are errors")          \
	X(STRICTER, 0, "stricter", NULL,                                                           \
		"JSON that cannot be exact is stricter; default with --intersect")                 \
	X(SYSCALL, 0, "syscall", "NAME", "of --dump: with the rules on that one alone")            \
	X(TARGET_KERNEL, 0, "target-kernel", "X.Y",                                                \
		"kernel to be fast on; from 5.11 on only uncached calls count")                    \
	X(TIME, 't', "time", "SECONDS", "how long to measure, 10 by default")                      \
	X(TO, 0, "to", "N", "default: the generation before that in force")                        \
	X(TRACE, 0, "trace", NULL, "print the instructions executed")                            \
	X(UNION, 0, "union", NULL, "the laxest answer")                                            \
	X(VERBOSE, 'v', "verbose", NULL, "say what was built")                                     \
	X(VERIFY, 0, "verify", NULL, "prove a bundle again, and all it says of itself")            \
	X(WAIT, 0, "wait", "SECONDS", "for another winnow on this node, default 60")               \
	X(WARNINGS, 'W', "warnings", "error[=ID,...]",                                             \
		"warnings, all or some, are errors: -Werror")                                      \
	X(WATCH, 0, "watch", NULL, "go on: a pass whenever source or installed files change")

enum option_id {
#define OPTION_ID(id, letter, name, arg, help) OPT_##id,
	OPTION_SET(OPTION_ID)
#undef OPTION_ID
	OPTS,
	OPT_NONE = OPTS
};

/* An option a verb takes; a value or words of its own where they are not NULL. */
struct taken {
	enum option_id option;
	const char *arg, *help;
};

#define TAKE(id) {OPT_##id, NULL, NULL}

/* What says how a profile is read, and for what node and runtime: node_read() takes them. */
#define TAKES_NODE                                                                                 \
	TAKE(CAPS), TAKE(KERNEL), TAKE(RUNTIME), TAKE(LIBSECCOMP), TAKE(RUNTIME_FEATURES),         \
		TAKE(ENOSYS), TAKE(NARROW_INT_ARGS),                                               \
		TAKE(COMPLAIN), TAKE(INPUT_FORMAT), TAKE(ENTRY), TAKE(BASE_DIR)

/* What says how a profile is asked about calls: asked_options() takes them. */
#define TAKES_ASKED                                                                                \
	TAKE(ARCH), TAKES_NODE, {OPT_QUIET, NULL, "no warnings about the profile"}, TAKE(COLOR),   \
		TAKE(FOLLOW)

/* What a filter is to be fast at: layout_read() takes them. */
#define TAKES_LAYOUT                                                                               \
	TAKE(OPTIMISE), TAKE(FREQ), TAKE(TARGET_KERNEL), TAKE(MAX_PATH), TAKE(MISPREDICT)

/* What says how the sides of a comparison are read: comparison_read() takes them. */
#define TAKES_COMPARISON                                                                                 \
	{OPT_ARCH, "ARCH[,ARCH...]",                                                               \
		"node's architecture; default what the blob says, else 'native'"},                 \
		TAKES_NODE

#endif
