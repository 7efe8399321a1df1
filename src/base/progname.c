/*
 * The name of a program.  Only its words are looked at: what they stand for
 * on this machine is not.
 */
#include "config.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/path.h"
#include "base/progname.h"

/* Who runs what a later word names. */
struct carrier {
	const char *name; /* without a version */
	const char *taking; /* last letters of options that take a word */
	const char *code; /* ... of those whose word is the whole program */
	bool wraps; /* a command follows, not a script */
};

static const struct carrier carrier_table[] = {
	{ "sh", "oO", "c", false },
	{ "bash", "oO", "c", false },
	{ "dash", "oO", "c", false },
	{ "ksh", "oO", "c", false },
	{ "mksh", "oO", "c", false },
	{ "zsh", "oO", "c", false },
	{ "python", "WXQ", "c", false },
	{ "pypy", "WX", "c", false },
	{ "perl", "I", "eE", false },
	{ "ruby", "IrCEK", "e", false },
	{ "node", "r", "ep", false },
	{ "php", "cdz", "rS", false },
	{ "lua", "l", "e", false },
	{ "java", "hp", "", false }, /* -classpath, -cp */
	{ "env", "uC", "S", true },
	{ "nice", "n", "", true },
	{ "ionice", "cn", "p", true },
	{ "stdbuf", "ioe", "", true },
	{ "nohup", "", "", true },
	{ "setsid", "", "", true },
	{ "exec", "a", "", true },
};

#define CARRIERS (sizeof(carrier_table) / sizeof(carrier_table[0]))

/* The carrier of that name, also with a version behind it: python3.11. */
static const struct carrier *
find_carrier(const char *word)
{
	const char *base = path_base(word);
	size_t i, len;

	for (i = 0; i < CARRIERS; i++) {
		len = strlen(carrier_table[i].name);
		if (strncmp(base, carrier_table[i].name, len) == 0 &&
		    strspn(base + len, "0123456789.") == strlen(base + len))
			return &carrier_table[i];
	}
	return NULL;
}

static bool
ends_in(const char *option, const char *letters)
{
	return strncmp(option, "--", 2) != 0 &&
	    strchr(letters, option[strlen(option) - 1]) != NULL;
}

/* Which word the carrier at word i runs; 0: none that has a name. */
static size_t
find_carried(
    const struct words *program, size_t i, const struct carrier *carrier)
{
	const char *word;

	for (i++; i < program->count; i++) {
		word = program->word[i];
		if (word[0] == '-' && word[1] != '\0') {
			if (ends_in(word, carrier->code))
				return 0;
			i += ends_in(word, carrier->taking);
		} else if (!carrier->wraps || strchr(word, '=') == NULL)
			/* Neither "" nor "-", standard input, is a name. */
			return strchr("-", path_base(word)[0]) ? 0 : i;
	}
	return 0;
}

/* How much of a script's name is more than its language. */
static size_t
stem_length(const char *name)
{
	static const char *const ending[] = { ".sh", ".bash", ".ksh", ".zsh",
		".py", ".pyz", ".pl", ".rb", ".js", ".mjs", ".cjs", ".php",
		".lua", ".jar" };
	size_t i, len = strlen(name), cut;

	for (i = 0; i < sizeof(ending) / sizeof(ending[0]); i++) {
		cut = strlen(ending[i]);
		if (len > cut && strcmp(name + len - cut, ending[i]) == 0)
			return len - cut;
	}
	return len;
}

const char *
progname_of(const struct words *program, char *buf, size_t size)
{
	const struct carrier *carrier;
	const char *name;
	size_t at = 0, carried;
	bool script = false;

	if (program->count == 0)
		return NULL;
	while (!script &&
	    (carrier = find_carrier(program->word[at])) != NULL &&
	    (carried = find_carried(program, at, carrier)) != 0) {
		at = carried;
		script = !carrier->wraps;
	}
	name = path_base(program->word[at]);
	snprintf(buf, size, "%.*s",
	    (int)(script ? stem_length(name) : strlen(name)), name);
	return buf;
}
