/*
 * The prompts.  The left one is the key `prompt` with its escapes, and one blank.  Names come
 * from files and programs, so the whole is made visible; a percent sign that
 * begins no escape stays what it is.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/units.h"
#include "base/visible.h"
#include "base/xmalloc.h"
#include "shell/prompt.h"

#define FACT_MAX 256

static void
show_pid(char *buf, size_t size, pid_t pid)
{
	if (pid > 0)
		snprintf(buf, size, "%ld", (long)pid);
	else
		snprintf(buf, size, "-");
}

static void
show_uptime(char *buf, size_t size, int64_t uptime)
{
	/* Minutes are the grain: a prompt with seconds is wrong at once. */
	if (uptime < 0)
		snprintf(buf, size, "-");
	else
		units_show_age(uptime - uptime % 60000, buf, size);
}

/* The text of one escape into buf; false if there is none of that letter. */
static bool
show_fact(char *buf, size_t size, char letter, const struct prompt_facts *facts)
{
	switch (letter) {
	case 'n':
		snprintf(buf, size, "%s", facts->name);
		return true;
	case 's':
		snprintf(buf, size, "%s", facts->state);
		return true;
	case 'p':
		show_pid(buf, size, facts->pid);
		return true;
	case 'u':
		show_uptime(buf, size, facts->uptime);
		return true;
	case '%':
		snprintf(buf, size, "%%");
		return true;
	default:
		return false;
	}
}

char *
prompt_expand(const char *format, const struct prompt_facts *facts)
{
	char fact[FACT_MAX], *text, *shown;
	size_t len = 0;

	if (format == NULL)
		format = PROMPT_DEFAULT;
	text = xmalloc(strlen(format) * FACT_MAX + 1);
	for (; *format != '\0'; format++) {
		if (*format == '%' &&
		    show_fact(fact, sizeof(fact), format[1], facts)) {
			len += (size_t)sprintf(text + len, "%s", fact);
			format++;
		} else
			text[len++] = *format;
	}
	text[len] = '\0';
	shown = visible_copy(text, len, 0);
	free(text);
	if (shown == NULL)
		return xstrdup(PROMPT_DEFAULT " ");
	text = xasprintf("%s ", shown);
	free(shown);
	return text;
}

static const char *
color_of(enum facts_tone tone)
{
	switch (tone) {
	case TONE_GOOD:
		return "32";
	case TONE_WAIT:
		return "33";
	case TONE_BAD:
		return "31";
	case TONE_IDLE:
		break;
	}
	return "2";
}

/* A last blank takes the reset: libedit drops an escape at the very end. */
static char *
paint(const char *text, const char *color)
{
	return xasprintf("\1\033[%sm\1%s\1\033[0m\1 ", color, text);
}

char *
prompt_paint(const char *prompt, enum facts_tone tone)
{
	size_t len = strlen(prompt);
	char *text = xstrndup(prompt, len > 0 ? len - 1 : 0), *painted;

	painted = paint(text, tone == TONE_IDLE ? "0" : color_of(tone));
	free(text);
	return painted;
}

char *
prompt_right(
    const char *name, const char *words, enum facts_tone tone, bool color)
{
	char *text = xasprintf("%s %s", name, words), *shown, *prompt;

	shown = visible_copy(text, strlen(text), 0);
	free(text);
	if (shown == NULL)
		return xstrdup("");
	prompt = color ? paint(shown, color_of(tone)) :
			 xasprintf("%s ", shown);
	free(shown);
	return prompt;
}
