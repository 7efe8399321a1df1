/*
 * What libedit does with which key.  In this order, so that the later one is
 * the stronger: ours that a user may change, the user's editrc, ours that have
 * to be ours.
 */
#include "config.h"

#include <histedit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "base/xmalloc.h"
#include "shell/bindings.h"
#include "shell/keys.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* What users may bind otherwise in their editrc. */
static const struct {
	const wchar_t *key;
	const wchar_t *function;
} weak_bindings[] = {
	{ L"^I", L"zd-complete" },
	{ L" ", L"zd-space" },
	/* Free, as output is not stopped while a line is edited. */
	{ L"^S", L"em-inc-search-next" },
	{ L"^F", L"zd-right" },
	{ L"^E", L"zd-end" },
	{ L"\\ef", L"zd-word" },
	{ L"\\e[A", L"ed-search-prev-history" },
	{ L"\\e[B", L"ed-search-next-history" },
	{ L"\\eOA", L"ed-search-prev-history" },
	{ L"\\eOB", L"ed-search-next-history" },
	{ L"\\e[3~", L"ed-delete-next-char" },
	{ L"\\e[H", L"ed-move-to-beg" },
	{ L"\\eOH", L"ed-move-to-beg" },
	{ L"\\e[1~", L"ed-move-to-beg" },
	{ L"\\e[1;5C", L"zd-word" },
	{ L"\\e[1;5D", L"ed-prev-word" },
	{ L"\\e[1;3C", L"zd-word" },
	{ L"\\e[1;3D", L"ed-prev-word" },
	{ L"^W", L"ed-delete-prev-word" },
};

/* `bind -v' in an editrc takes what was bound before: this is bound again. */
static const wchar_t *const vi_bindings[][2] = {
	/* Whole sequences come at once, so a lone ESC need not wait. */
	{ L"^[", L"vi-command-mode" },
	{ L"^I", L"zd-complete" },
	{ L"^L", L"ed-clear-screen" },
	{ L" ", L"zd-space" },
};

/* Our own keys, in both maps. */
static const struct {
	enum key key;
	const wchar_t *function;
} strong_bindings[] = {
	{ KEY_PASTE, L"zd-paste" },
	{ KEY_RIGHT, L"zd-right" },
	{ KEY_END, L"zd-end" },
	{ KEY_F1, L"zd-explain" },
	{ KEY_BACKTAB, L"zd-complete" },
	{ KEY_MENU, L"zd-menu" },
	{ KEY_INTERRUPT, L"zd-interrupt" },
};

bool
bindings_is_mode(EditLine *el, const wchar_t *mode)
{
	const wchar_t *now = NULL;

	return el_wget(el, EL_EDITOR, &now) == 0 && now != NULL &&
	    wcscmp(now, mode) == 0;
}

static void
bind_weak(EditLine *el)
{
	size_t i;

	for (i = 0; i < COUNT(weak_bindings); i++)
		el_wset(el, EL_BIND, weak_bindings[i].key,
		    weak_bindings[i].function, NULL);
}

static void
bind_strong(EditLine *el)
{
	wchar_t key[2] = L"";
	size_t i;

	for (i = 0; i < COUNT(strong_bindings); i++) {
		key[0] = (wchar_t)strong_bindings[i].key;
		el_wset(el, EL_BIND, key, strong_bindings[i].function, NULL);
		el_wset(
		    el, EL_BIND, L"-a", key, strong_bindings[i].function, NULL);
	}
	/* libedit would run vi on the line, deaf to every signal meanwhile. */
	el_wset(el, EL_BIND, L"-a", L"v", L"ed-unassigned", NULL);
	/* Nor has it to ask for its own commands: a blank one can crash it. */
	el_wset(el, EL_BIND, L"-a", L":", L"ed-unassigned", NULL);
	if (bindings_is_mode(el, L"emacs"))
		el_wset(el, EL_BIND, L"\\ex", L"ed-unassigned", NULL);
	for (i = 0; bindings_is_mode(el, L"vi") && i < COUNT(vi_bindings); i++)
		el_wset(
		    el, EL_BIND, vi_bindings[i][0], vi_bindings[i][1], NULL);
}

/* Obeys one line; -1: libedit knows no such command, and reads no further. */
static int
obey_line(EditLine *el, const char *line)
{
	Tokenizer *tokenizer = tok_init(NULL);
	const char **argv;
	int argc, result = 0;

	if (tokenizer == NULL)
		return -1;
	if (tok_str(tokenizer, line, &argc, &argv) != -1 && argc > 0)
		result = el_parse(el, argc, argv);
	tok_end(tokenizer);
	return result;
}

/* As el_source() does, but from a text that was read with care. */
static void
obey(EditLine *el, const char *editrc)
{
	char *text = xstrdup(editrc), *rest = text, *line;

	while ((line = strsep(&rest, "\n")) != NULL) {
		line += strspn(line, " \t");
		if (*line != '\0' && *line != '#' && obey_line(el, line) == -1)
			break;
	}
	free(text);
}

void
bindings_set(EditLine *el, const wchar_t *mode, const char *editrc)
{
	el_wset(el, EL_EDITOR, mode != NULL ? mode : L"emacs");
	bind_weak(el);
	if (editrc != NULL)
		obey(el, editrc);
	/* A mode that was asked for is stronger than the user's file. */
	if (mode != NULL && !bindings_is_mode(el, mode)) {
		el_wset(el, EL_EDITOR, mode);
		bind_weak(el);
	}
	bind_strong(el);
}

/* It is asked as a user would ask, and answers to its streams. */
bool
bindings_has(EditLine *el, const wchar_t *keys)
{
	char *refusal = NULL;
	size_t len = 0;
	FILE *errors = open_memstream(&refusal, &len);

	if (errors == NULL)
		return true;
	el_set(el, EL_SETFP, 2, errors);
	el_wset(el, EL_BIND, keys, NULL);
	el_set(el, EL_SETFP, 2, stderr);
	fclose(errors);
	free(refusal);
	return len == 0;
}
