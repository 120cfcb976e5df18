/*
 * Names of states, ABIs and codes are of letters that need no escapes; those of profiles are, unless
 * their install failed for it. The kernel's
 * figures are its own whatever the root is, and root's alone to read: where they cannot be read
 * they are not there, which says more than a 0.
 */

#include "metrics.h"

#include "../../compiler/base/utf8.h"

#include <stdio.h>
#include <string.h>

static void metric(struct buf *b, const char *type, const char *name, const char *help)
{
	buf_printf(b, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

/* A profile's name as a label's value, in which '"' and '\\' are special. */
static const char *label(struct arena *arena, const char *name)
{
	struct buf b;

	buf_init(&b, arena);
	for (name = utf8_string(arena, name); *name; name++) {
		if (*name == '"' || *name == '\\')
			buf_text(&b, "\\");
		buf_add(&b, name, 1);
	}
	return buf_string(&b);
}

/* --- profiles --- */

static void write_states(struct buf *b, const struct status *status)
{
	metric(b, "gauge", "winnow_profiles", "Profiles by state; winnow status explains each.");
	for (size_t i = 0; i < STATES; i++)
		buf_printf(b, "winnow_profiles{state=\"%s\"} %zu\n", state_names[i],
			status->states[i]);
}

static const struct {
	const char *name, *help;
	size_t at; /* in struct record */
} of_records[] = {
	{"winnow_profile_generation", "Generation in force.", offsetof(struct record, generation)},
	{"winnow_profile_instructions", "Instructions of the filter.",
		offsetof(struct record, instructions)},
	{"winnow_profile_worst_path", "Instructions on its longest path.",
		offsetof(struct record, worst_path)},
	{"winnow_profile_jit_bytes",
		"Estimate of the machine code one process under the filter takes; threads and "
		"children share it.",
		offsetof(struct record, jit_bytes)},
};

static void write_records(struct buf *b, const struct status *status)
{
	for (size_t k = 0; k < countof(of_records); k++) {
		metric(b, "gauge", of_records[k].name, of_records[k].help);
		for (size_t i = 0; i < status->count; i++) {
			const struct status_line *line = &status->line[i];
			const char *record = (const char *)&line->installed.record;
			unsigned number;
			memcpy(&number, record + of_records[k].at, sizeof(number));
			if (line->installed.has_record)
				buf_printf(b, "%s{profile=\"%s\"} %u\n", of_records[k].name,
					label(b->arena, line->name), number);
		}
	}
}

/* Damaged ones are not promised. */
static void write_generations(struct buf *b, const struct status *status)
{
	metric(b, "gauge", "winnow_profile_rollback_generations",
		"Generations that the profile can be rolled back to: kept whole, and older than the one in force.");
	for (size_t i = 0; i < status->count; i++) {
		const struct installed *in = &status->line[i].installed;
		size_t older = 0;
		for (size_t n = 0; n < in->kept.count; n++)
			older += in->kept.one[n].whole && in->kept.one[n].number < in->record.generation;
		if (in->has_record)
			buf_printf(b, "winnow_profile_rollback_generations{profile=\"%s\"} %zu\n",
				label(b->arena, status->line[i].name), older);
	}
}

/* --- the last pass --- */

static void write_findings(struct buf *b, const struct pass_report *report)
{
	metric(b, "gauge", "winnow_findings",
		"Profiles of the last pass with that diagnostic; those with E are not installed.");
	for (size_t id = 0; id < DIAG_IDS; id++) {
		size_t profiles = 0;
		for (size_t i = 0; i < report->count; i++)
			profiles += report->line[i].found[id];
		if (profiles)
			buf_printf(b, "winnow_findings{code=\"%s\",slug=\"%s\"} %zu\n",
				diag_kinds[id].code, diag_kinds[id].slug, profiles);
	}
}

static void write_failures(struct buf *b, const struct pass_report *report)
{
	metric(b, "gauge", "winnow_failed",
		"Profiles the last pass could not install, by the exit status that says why.");
	for (int status = 1; status <= 255; status++) {
		size_t profiles = 0;
		for (size_t i = 0; i < report->count; i++)
			profiles += report->line[i].failed && report->line[i].status == status;
		if (profiles)
			buf_printf(b, "winnow_failed{status=\"%d\"} %zu\n", status, profiles);
	}
}

static void write_verdict(struct buf *b, const struct pass_verdict *pass)
{
	const struct pass_state *s = &pass->state;

	metric(b, "gauge", "winnow_last_pass",
		"1 for how the last pass went as a whole; anything but ok is a fault.");
	for (size_t i = 0; i < VERDICTS; i++)
		buf_printf(b, "winnow_last_pass{state=\"%s\"} %d\n", verdict_names[i],
			pass->verdict == i);
	if (!s->ended)
		return;
	metric(b, "gauge", "winnow_last_pass_timestamp_seconds", "When the last pass ended.");
	buf_printf(b, "winnow_last_pass_timestamp_seconds %jd\n", (intmax_t)s->ended);
	metric(b, "gauge", "winnow_last_pass_status", "Exit status of the last pass.");
	buf_printf(b, "winnow_last_pass_status %d\n", s->status);
	if (!s->good)
		return;
	metric(b, "gauge", "winnow_last_good_pass_timestamp_seconds",
		"When the last pass ended that did not fail as a whole.");
	buf_printf(b, "winnow_last_good_pass_timestamp_seconds %jd\n", (intmax_t)s->good);
}

static void write_pass(struct buf *b, const struct status *status)
{
	const struct pass_report *report = &status->report;

	write_verdict(b, &status->pass);
	if (!report->present)
		return;
	write_findings(b, report);
	write_failures(b, report);
	metric(b, "counter", "winnow_repaired_total",
		"Times a profile's files were not as installed and were put right.");
	buf_printf(b, "winnow_repaired_total %u\n", report->repaired);
}

static void write_seconds(struct buf *b, const struct install_report *pass)
{
	metric(b, "gauge", "winnow_profile_compile_seconds",
		"What the last pass took to read, compile and prove the profile.");
	for (size_t i = 0; i < pass->count; i++)
		buf_printf(b, "winnow_profile_compile_seconds{profile=\"%s\"} %.6f\n",
			label(b->arena, pass->result[i].name), pass->result[i].seconds);
}

/* --- the kernel --- */

static bool read_limit(unsigned long long *limit)
{
	FILE *f = fopen("/proc/sys/net/core/bpf_jit_limit", "re");
	/* NOLINTNEXTLINE(cert-err34-c): the kernel prints what it has as a long */
	bool ok = f && fscanf(f, "%llu", limit) == 1;

	if (f)
		fclose(f);
	return ok;
}

/* Areas of JIT images. Which functions ask for those differs by kernel; all have these names. */
static bool is_image(const char *line)
{
	return strstr(line, "bpf_prog_pack") || strstr(line, "bpf_jit_alloc") ||
		strstr(line, "bpf_jit_binary");
}

/* A line is "START-END SIZE FUNCTION pages=N ...", and a page of SIZE is a guard. */
static bool read_images(unsigned long long *bytes)
{
	FILE *f = fopen("/proc/vmallocinfo", "re");
	char line[512];
	bool any = false;

	*bytes = 0;
	while (f && fgets(line, sizeof(line), f)) {
		unsigned long long size;
		any = true;
		/* NOLINTNEXTLINE(cert-err34-c): the kernel prints what it has as a long */
		if (is_image(line) && sscanf(line, "%*s %llu", &size) == 1 && size > 4096)
			*bytes += size - 4096;
	}
	if (f)
		fclose(f);
	return any;
}

static void write_kernel(struct buf *b)
{
	unsigned long long limit, images;

	if (!read_limit(&limit))
		return;
	metric(b, "gauge", "winnow_bpf_jit_limit_bytes",
		"net.core.bpf_jit_limit: beyond it, processes without CAP_BPF get no filter.");
	buf_printf(b, "winnow_bpf_jit_limit_bytes %llu\n", limit);
	if (!read_images(&images))
		return;
	metric(b, "gauge", "winnow_bpf_jit_headroom_bytes",
		"Estimate of what is left of it: the limit less all areas of JIT images, parts of "
		"which may be free.");
	buf_printf(b, "winnow_bpf_jit_headroom_bytes %llu\n",
		images < limit ? limit - images : 0);
}

void metrics_write(struct buf *b, const struct status *status, const struct install_report *pass)
{
	write_states(b, status);
	write_records(b, status);
	write_generations(b, status);
	write_pass(b, status);
	if (pass)
		write_seconds(b, pass);
	write_kernel(b);
}

void metrics_print(struct buf *b, const struct status *status)
{
	metrics_write(b, status, NULL);
}
