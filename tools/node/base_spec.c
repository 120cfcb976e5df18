/*
 * The document is not written anew but spliced: what a user's spec holds that winnow has no idea of
 * stays as it is. What goes in is what `compile -f oci` prints (backends/write/oci.c says why it has a
 * default action beside the annotation).
 *
 * The default spec is what containerd gives a container (oci/spec.go, populateDefaultUnixSpec):
 * capabilities, mounts, masked paths and namespaces. Its CRI plugin sets what the pod asks for on
 * top of that.
 */

#include "base_spec.h"

#include "../../backends/write/base64.h"
#include "../../backends/write/oci.h"
#include "../lib/single.h"

#include "../../compiler/read/json.h"

#include <string.h>

#define ANNOTATION "run.oci.seccomp_bpf_data"

#define CAPABILITIES                                                                               \
	"[\"CAP_CHOWN\", \"CAP_DAC_OVERRIDE\", \"CAP_FSETID\", \"CAP_FOWNER\", \"CAP_MKNOD\", "    \
	"\"CAP_NET_RAW\",\n"                                                                       \
	"\t\t\t\t\"CAP_SETGID\", \"CAP_SETUID\", \"CAP_SETFCAP\", \"CAP_SETPCAP\", "               \
	"\"CAP_NET_BIND_SERVICE\",\n"                                                              \
	"\t\t\t\t\"CAP_SYS_CHROOT\", \"CAP_KILL\", \"CAP_AUDIT_WRITE\"]"

static const char default_spec[] =
	"{\n"
	"\t\"ociVersion\": \"1.0.2\",\n"
	"\t\"process\": {\n"
	"\t\t\"user\": {\"uid\": 0, \"gid\": 0},\n"
	"\t\t\"args\": [\"sh\"],\n"
	"\t\t\"env\": "
	"[\"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\"],\n"
	"\t\t\"cwd\": \"/\",\n"
	"\t\t\"capabilities\": {\n"
	"\t\t\t\"bounding\": " CAPABILITIES ",\n"
	"\t\t\t\"effective\": " CAPABILITIES ",\n"
	"\t\t\t\"permitted\": " CAPABILITIES "\n"
	"\t\t},\n"
	"\t\t\"rlimits\": [{\"type\": \"RLIMIT_NOFILE\", \"hard\": 1024, \"soft\": 1024}],\n"
	"\t\t\"noNewPrivileges\": true\n"
	"\t},\n"
	"\t\"root\": {\"path\": \"rootfs\"},\n"
	"\t\"mounts\": [\n"
	"\t\t{\"destination\": \"/proc\", \"type\": \"proc\", \"source\": \"proc\",\n"
	"\t\t\t\"options\": [\"nosuid\", \"noexec\", \"nodev\"]},\n"
	"\t\t{\"destination\": \"/dev\", \"type\": \"tmpfs\", \"source\": \"tmpfs\",\n"
	"\t\t\t\"options\": [\"nosuid\", \"strictatime\", \"mode=755\", \"size=65536k\"]},\n"
	"\t\t{\"destination\": \"/dev/pts\", \"type\": \"devpts\", \"source\": \"devpts\",\n"
	"\t\t\t\"options\": [\"nosuid\", \"noexec\", \"newinstance\", \"ptmxmode=0666\", "
	"\"mode=0620\", "
	"\"gid=5\"]},\n"
	"\t\t{\"destination\": \"/dev/shm\", \"type\": \"tmpfs\", \"source\": \"shm\",\n"
	"\t\t\t\"options\": [\"nosuid\", \"noexec\", \"nodev\", \"mode=1777\", "
	"\"size=65536k\"]},\n"
	"\t\t{\"destination\": \"/dev/mqueue\", \"type\": \"mqueue\", \"source\": \"mqueue\",\n"
	"\t\t\t\"options\": [\"nosuid\", \"noexec\", \"nodev\"]},\n"
	"\t\t{\"destination\": \"/sys\", \"type\": \"sysfs\", \"source\": \"sysfs\",\n"
	"\t\t\t\"options\": [\"nosuid\", \"noexec\", \"nodev\", \"ro\"]},\n"
	"\t\t{\"destination\": \"/run\", \"type\": \"tmpfs\", \"source\": \"tmpfs\",\n"
	"\t\t\t\"options\": [\"nosuid\", \"strictatime\", \"mode=755\", \"size=65536k\"]}\n"
	"\t],\n"
	"\t\"linux\": {\n"
	"\t\t\"resources\": {\"devices\": [{\"allow\": false, \"access\": \"rwm\"}]},\n"
	"\t\t\"cgroupsPath\": \"/default\",\n"
	"\t\t\"namespaces\": [{\"type\": \"pid\"}, {\"type\": \"ipc\"}, {\"type\": \"uts\"}, "
	"{\"type\": "
	"\"mount\"},\n"
	"\t\t\t{\"type\": \"network\"}],\n"
	"\t\t\"maskedPaths\": [\"/proc/acpi\", \"/proc/asound\", \"/proc/kcore\", "
	"\"/proc/keys\",\n"
	"\t\t\t\"/proc/latency_stats\", \"/proc/timer_list\", \"/proc/timer_stats\", "
	"\"/proc/sched_debug\",\n"
	"\t\t\t\"/sys/firmware\", \"/proc/scsi\"],\n"
	"\t\t\"readonlyPaths\": [\"/proc/bus\", \"/proc/fs\", \"/proc/irq\", \"/proc/sys\",\n"
	"\t\t\t\"/proc/sysrq-trigger\"]\n"
	"\t}\n"
	"}\n";

const struct source base_spec_default = {
	"winnow's base spec", default_spec, sizeof(default_spec) - 1, false};

/* --- what is there --- */

/* Instead of `len` bytes at `at`: a member's value, or (len 0) a member with its key. */
struct edit {
	uint32_t at, len;
	const char *key; /* NULL: the value alone */
	const char
		*outer; /* the object the key is to be in, which is not there either; NULL: none */
	bool comma;     /* others follow */
	const struct buf *value;
};

/* Where `key` of the object gets its value. */
static struct edit member(const struct json *json, struct arena *arena, uint32_t object,
	const char *key, const struct buf *value)
{
	const struct json_node *node = &json->node[object];
	uint32_t there = json_look_up(json, arena, object, key);

	if (there != JSON_NONE)
		return (struct edit){
			json->node[there].at, json->node[there].len, NULL, NULL, false, value};
	return (struct edit){node->at + 1, 0, key, NULL, node->count != 0, value};
}

/* The same for a key of `outer`, an object of the document's. */
static struct edit inner_member(const struct json *json, struct arena *arena, const char *outer,
	const char *key, const struct buf *value)
{
	uint32_t object = json_look_up(json, arena, 0, outer);

	if (object != JSON_NONE && json->node[object].type == JSON_OBJECT)
		return member(json, arena, object, key, value);
	struct edit edit = member(json, arena, 0, outer, value); /* absent, or null */
	if (edit.len)
		return (struct edit){edit.at, edit.len, key, "", false, value};
	edit.outer = edit.key;
	edit.key = key;
	return edit;
}

static bool is_object(const struct json *json, uint32_t node)
{
	return node == JSON_NONE || json->node[node].type == JSON_OBJECT ||
		json->node[node].type == JSON_NULL;
}

static bool is_spec(struct arena *arena, const struct source *spec, struct diags *diags)
{
	static const char *const objects[] = {"annotations", "linux"};
	struct json json;

	if (!json_read(&json, arena, spec, diags))
		return false;
	if (json_look_up(&json, arena, 0, "ociVersion") == JSON_NONE)
		return diag(diags, DIAG_NOT_A_PROFILE, json.node[0].at, 1,
			"no ociVersion: this is no OCI config.json, as `ctr oci spec` prints one");
	for (size_t i = 0; i < countof(objects); i++) {
		uint32_t node = json_look_up(&json, arena, 0, objects[i]);
		if (!is_object(&json, node))
			return diag(diags, DIAG_TYPE, json.node[node].at, json.node[node].len,
				"%s is %s, not an object", objects[i],
				json_type_name(json.node[node].type));
	}
	return true;
}

bool base_spec_check(struct arena *arena, const struct source *spec, struct diags *diags)
{
	if (is_spec(arena, spec, diags))
		return true;
	const char *own = single_own(arena, spec);
	if (!own)
		return false;
	diags_init(diags, arena, spec);
	return diag(diags, DIAG_NOT_A_PROFILE, NOWHERE, 1, "%s", own);
}

/* --- the splice --- */

static void write_edit(struct buf *b, const struct edit *e)
{
	if (e->outer && *e->outer)
		buf_printf(b, "\n\t\"%s\": ", e->outer);
	if (e->outer)
		buf_text(b, "{");
	if (e->key)
		buf_printf(b, "\n\t\t\"%s\": ", e->key);
	buf_add(b, e->value->bytes, e->value->len);
	if (e->outer)
		buf_text(b, "\n\t}");
	if (e->comma)
		buf_text(b, ",");
}

void base_spec_write(struct buf *b, const struct source *spec, const struct buf *blob,
	const struct profile *profile)
{
	struct arena *arena = b->arena;
	struct buf annotation, seccomp;
	struct diags unsaid;
	struct json json;
	uint32_t at = 0;

	spec = spec ? spec : &base_spec_default;
	diags_init(&unsaid, arena, spec);
	bool ok = json_read(&json, arena, spec, &unsaid);
	assert(ok);
	(void)ok;
	buf_init(&annotation, arena);
	buf_text(&annotation, "\"");
	base64_write(&annotation, blob->bytes, blob->len);
	buf_text(&annotation, "\"");
	buf_init(&seccomp, arena);
	oci_write_seccomp(&seccomp, profile);
	struct edit edit[] = {inner_member(&json, arena, "annotations", ANNOTATION, &annotation),
		inner_member(&json, arena, "linux", "seccomp", &seccomp)};
	bool swap = edit[1].at < edit[0].at;
	for (size_t i = 0; i < countof(edit); i++) {
		const struct edit *e = &edit[swap ? 1 - i : i];
		buf_add(b, spec->bytes + at, e->at - at);
		write_edit(b, e);
		at = e->at + e->len;
	}
	buf_add(b, spec->bytes + at, spec->len - at);
}
