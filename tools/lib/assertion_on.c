/*
 * What an assertion means on one ABI, and whether it means anything there. An assertion about
 * arguments that cannot be would hold whatever a filter does, and so would its opposite: such a
 * line is a mistake, and the mistake has a place.
 *
 * An argument is what the kernel takes of it: as many low bits as the parameter has (arch/width.h),
 * compared as unsigned numbers.
 */

#include "assertion.h"

#include "bypass.h"

#include "../../arch/width.h"
#include "../../compiler/meaning/narrow.h"

#include <assert.h>

#define ERRNO_MOST 4095 /* the kernel's MAX_ERRNO: the filter's data is cut to it */

struct fit {
	const struct source *source;
	const struct assertion_ear *ear;
	const struct assertion *a;
	const struct abi *abi;
	unsigned arg;
	unsigned bits; /* of the parameter */
};

static size_t place(const struct fit *f, const char *at)
{
	return f->a->start + (size_t)(at - f->a->text);
}

/* --- numbers --- */

static bool find_value(const struct fit *f, const struct value *v, uint64_t *number)
{
	const struct term *missing;

	if (terms_on(v, f->abi, number, &missing))
		return true;
	assertion_error(f->source, f->ear, place(f, missing->text),
		"there is no %.*s on %s, so nothing can be said of it; 'on' names the ABIs a line "
		"is "
		"about",
		f->source->hidden ? 13 : (int)missing->len,
		f->source->hidden ? "such constant" : missing->text, f->abi->name);
	return false;
}

/* As an unsigned number, or as a negative one. */
static bool can_be(uint64_t number, uint64_t low)
{
	uint64_t sign = low ^ low >> 1;

	return !(number & ~low) || (number & sign && (number & ~low) == ~low);
}

/* The value, cut to the parameter. */
static bool find_taken(const struct fit *f, const struct value *v, uint64_t *number)
{
	uint64_t low = narrow_low(f->bits);

	if (!find_value(f, v, number))
		return false;
	if (!can_be(*number, low)) {
		assertion_error(f->source, f->ear, place(f, v->text),
			"the kernel takes %u bits of argument %u of %s on %s: 0x%llx would be "
			"0x%llx; a line about that is about all it takes for the same",
			f->bits, f->arg, arch_syscall_name(f->a->syscall), f->abi->name,
			(unsigned long long)*number, (unsigned long long)(*number & low));
		return false;
	}
	*number &= low;
	return true;
}

/* --- is there an argument like that? --- */

/* Always false. */
static bool refuse(const struct fit *f, const char *why)
{
	assertion_error(
		f->source, f->ear, place(f, f->a->arg[f->arg].at), "no argument is like that: %s", why);
	return false;
}

static bool compares_bits(const struct fit *f, uint64_t mask, uint64_t value)
{
	if (!mask)
		return refuse(f, "the mask is 0, so that no bit is compared");
	if (value & ~mask)
		return refuse(f, "the value has bits that the mask has not");
	return true;
}

static bool arg_fits(const struct fit *f)
{
	const struct assertion_arg *arg = &f->a->arg[f->arg];
	uint64_t mask, value;

	if (f->arg >= arch_params(f->abi, f->a->syscall))
		return refuse(f, "the syscall has fewer parameters");
	if (!find_taken(f, &arg->value, &value))
		return false;
	if (arg->masked)
		return find_taken(f, &arg->mask, &mask) && compares_bits(f, mask, value);
	if (arg->op == COND_LT && !value)
		return refuse(f, "none is below 0, the numbers are compared unsigned");
	if (arg->op == COND_GT && value == narrow_low(f->bits))
		return refuse(f, "none is above, the numbers are compared unsigned");
	return true;
}

static bool data_fits(const struct fit *f)
{
	uint64_t data, most = f->a->action == ACTION_ERRNO ? ERRNO_MOST : UINT16_MAX;

	if (!f->a->has_data)
		return true;
	if (!find_value(f, &f->a->data, &data))
		return false;
	if (data <= most)
		return true;
	assertion_error(f->source, f->ear, place(f, f->a->data.text),
		"no filter returns that: %llu is the most", (unsigned long long)most);
	return false;
}

bool assertion_fits(const struct assertion *a, const struct abi *abi, const struct source *source,
	const struct assertion_ear *ear)
{
	struct fit f = {.source = source, .ear = ear, .a = a, .abi = abi};
	bool fits = data_fits(&f);

	for (f.arg = 0; f.arg < a->args; f.arg++) {
		f.bits = arch_param_bits(abi, a->syscall, bypass_place(abi, a->syscall, f.arg));
		if (!a->arg[f.arg].any)
			fits = arg_fits(&f) && fits;
	}
	return fits;
}

/* --- what it means --- */

static uint64_t taken(const struct value *v, const struct abi *abi, uint64_t low)
{
	const struct term *missing;
	uint64_t number;
	bool there = terms_on(v, abi, &number, &missing);

	assert(there && can_be(number, low));
	return number & low;
}

struct cond assertion_cond(const struct assertion *a, const struct abi *abi, unsigned arg)
{
	const struct assertion_arg *written = &a->arg[arg];
	unsigned at = bypass_place(abi, a->syscall, arg);
	uint64_t low = narrow_low(arch_param_bits(abi, a->syscall, at));

	return (struct cond){.arg = (uint8_t)at,
		.op = written->op,
		.mask = written->masked ? taken(&written->mask, abi, low) : low,
		.value = taken(&written->value, abi, low)};
}

uint16_t assertion_data(const struct assertion *a, const struct abi *abi)
{
	return a->has_data ? (uint16_t)taken(&a->data, abi, UINT16_MAX) : 0;
}
