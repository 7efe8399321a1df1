/* src/control: completion, with a provider that makes things up. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/check.h"

#include "control/command.h"
#include "control/complete.h"

static void
give_files(void *data, const char *prefix, struct candidates *out)
{
	(void)data;
	candidates_offer(out, prefix, "some file", "3 bytes", ' ');
	candidates_offer(out, prefix, "some/", NULL, '\0');
}

static void
give_logs(void *data, const char *prefix, struct candidates *out)
{
	(void)data;
	candidates_offer(out, prefix, "/var/app.log", "(logfile)", ' ');
}

static char *
give_value(void *data, const char *option)
{
	(void)data;
	return strcmp(option, "transcript") == 0 ? strdup("app.out") : NULL;
}

static char *
give_setting(void *data, enum setting setting)
{
	(void)data;
	return strdup(setting == SETTING_MODE ? "vi" : "off");
}

static void
give_aliases(void *data, const char *prefix, struct candidates *out)
{
	(void)data;
	candidates_offer(out, prefix, "sta", "status -l", ' ');
	candidates_offer(out, prefix, "up", "start", ' ');
}

static const struct provider provider = {
	.files = give_files,
	.logs = give_logs,
	.value = give_value,
	.aliases = give_aliases,
	.setting = give_setting,
};

/*
 * Completes line at the bar, which is taken out; expected are the candidates
 * joined by blanks, or only the first ones if it ends in "...".
 */
static void
expect(
    const char *marked, unsigned int where, const char *expected, size_t start)
{
	char line[200], joined[4000] = "";
	size_t cursor = strcspn(marked, "|"), len = strlen(expected);
	struct candidates out;

	snprintf(line, sizeof line, "%.*s%s", (int)cursor, marked,
	    marked + cursor + (marked[cursor] == '|'));
	complete_line(&out, line, cursor, where, &provider);
	for (size_t i = 0; i < out.count; i++) {
		strcat(joined, i > 0 ? " " : "");
		strcat(joined, out.candidate[i].text);
	}
	if (len >= 3 && strcmp(expected + len - 3, "...") == 0)
		joined[len - 3 < strlen(joined) ? len - 3 :
						  strlen(joined)] = '\0',
						  len -= 3;
	if (strncmp(joined, expected, len) != 0 || joined[len] != '\0')
		fail_msg("'%s': %s, not %s", marked, joined, expected);
	assert_int_equal(out.start, start);
	candidates_free(&out);
}

static void
commands_are_completed(void **state)
{
	(void)state;
	expect("sta|", COMMAND_SESSION, "start status sta", 0);
	expect("  sta|", COMMAND_SESSION, "start status sta", 2);
	expect("sta|tus", COMMAND_SESSION, "start status sta", 0);
	expect("sta|", COMMAND_ONESHOT, "start status", 0);
	expect("f|", COMMAND_ONESHOT, "foreground fg", 0);
	expect("qu|", COMMAND_SESSION, "quit", 0);
	expect("qu|", COMMAND_ONESHOT, "", 0);
	expect("self|", COMMAND_ONESHOT, "", 0);
	expect("|", COMMAND_ONESHOT, "start stop restart shutdown...", 0);
	expect("status; lo|", COMMAND_SESSION, "logtail logreopen", 8);
}

static void
operands_are_completed(void **state)
{
	(void)state;
	expect("kill HU|", COMMAND_SESSION, "HUP", 5);
	expect("kill hu|", COMMAND_SESSION, "HUP", 5);
	expect("kill SIGHU|", COMMAND_SESSION, "SIGHUP", 5);
	expect("kil HU|", COMMAND_SESSION, "HUP", 4);
	expect("kill HUP |", COMMAND_SESSION, "", 9);
	expect("help sto|", COMMAND_SESSION, "stop stop-signal stop-timeout stop-schedule", 5);
	expect("help co|", COMMAND_SESSION, "codes config color confirm", 5);
	expect("show tr|", COMMAND_SESSION, "transcript ...", 5);
	expect("show c|", COMMAND_SESSION, "config", 5);
	expect("start so|", COMMAND_SESSION, "some file some/", 6);
	expect("start a b so|", COMMAND_SESSION, "some file some/", 10);
	expect("logtail |", COMMAND_SESSION, "/var/app.log some file some/ --lines...", 8);
	expect("wait |", COMMAND_SESSION, "", 5);
	expect("nonsense |", COMMAND_SESSION, "", 9);
	expect("set |", COMMAND_SESSION,
	    "color confirm history mode notices pager timing --json", 4);
	expect("set no|", COMMAND_SESSION, "notices", 4);
	expect("set notices |", COMMAND_SESSION, "all crash off", 12);
	expect("set not c|", COMMAND_SESSION, "crash", 8);
	expect("set nonsense |", COMMAND_SESSION, "", 13);
	expect("set mode vi |", COMMAND_SESSION, "", 12);
	expect("notices c|", COMMAND_SESSION, "crash", 8);
	expect("not c|", COMMAND_SESSION, "crash", 4);
	expect("set |", COMMAND_ONESHOT, "", 4);
	expect("unalias u|", COMMAND_SESSION, "up", 8);
	expect("watch stat|", COMMAND_SESSION, "status", 6);
	/* Only what watch runs. */
	expect("watch st|", COMMAND_SESSION, "status sta", 6);
	expect("watch kill HU|", COMMAND_SESSION, "HUP", 11);
	expect("watch 0.5 stat|", COMMAND_SESSION, "status", 10);
	expect("-y sta|", COMMAND_SESSION, "start status sta", 3);
	expect("reload -|", COMMAND_SESSION, "--backoff-limit...", 7);
	expect("reload -C so|", COMMAND_SESSION, "some file some/", 10);
	expect("reload --configure=so|", COMMAND_SESSION,
	    "--configure=some file --configure=some/", 7);
	expect("reload -p |", COMMAND_SESSION, "", 10);
}

static const char *
give_past(const void *past_data, size_t i, size_t *number)
{
	static const char *const line[] = { "kill usr2", "start -v 80",
		"status | sort", "kill WINCH" };

	(void)past_data;
	*number = 14 - i;
	return i < 4 ? line[i] : NULL;
}

/* What was typed before comes first. */
static void
the_past_is_offered(void **state)
{
	struct provider knowing = provider;
	struct candidates out;

	(void)state;
	knowing.past = give_past;
	complete_line(&out, "kill ", 5, COMMAND_SESSION, &knowing);
	assert_string_equal(out.candidate[0].text, "USR2");
	assert_string_equal(out.candidate[1].text, "WINCH");
	assert_string_equal(out.candidate[2].text, "HUP");
	candidates_free(&out);
	complete_line(&out, "start x 8", 9, COMMAND_SESSION, &knowing);
	assert_int_equal(out.count, 1);
	assert_string_equal(out.candidate[0].text, "80");
	candidates_free(&out);
	complete_line(&out, "!1", 2, COMMAND_SESSION, &knowing);
	assert_int_equal(out.count, 4);
	assert_true(out.literal);
	assert_string_equal(out.candidate[0].text, "!14");
	assert_string_equal(out.candidate[0].about, "kill usr2");
	candidates_free(&out);
	complete_line(&out, "!-2", 3, COMMAND_SESSION, &knowing);
	assert_int_equal(out.count, 1);
	assert_string_equal(out.candidate[0].about, "start -v 80");
	candidates_free(&out);
	complete_line(&out, "history st", 10, COMMAND_SESSION, &knowing);
	assert_int_equal(out.count, 2);
	assert_string_equal(out.candidate[1].text, "status");
	candidates_free(&out);
}

static void
flags_are_completed(void **state)
{
	(void)state;
	expect("logtail -|", COMMAND_SESSION,
	    "--lines --since --grep --stderr --all --follow --no-follow", 8);
	expect("logtail --no|", COMMAND_SESSION, "--no-follow", 8);
	expect("logtail -n |", COMMAND_SESSION, "", 11);
	expect("logtail -n 5 so|", COMMAND_SESSION, "some file some/", 13);
	expect("logtail -- -|", COMMAND_SESSION, "", 11);
	/* Where nothing is typed they are shown, but for what is given. */
	expect("status |", COMMAND_SESSION, "-l --json", 7);
	expect("status -l |", COMMAND_SESSION, "--json", 10);
	expect("status |", COMMAND_ONESHOT, "", 7);
	/* A question is never answered by a Tab. */
	expect("stop |", COMMAND_SESSION, "", 5);
	expect("stop -|", COMMAND_SESSION, "-y", 5);
	expect("kill -|", COMMAND_SESSION, "-y", 5);
	expect("kill HUP -|", COMMAND_SESSION, "", 9);
	expect("logtail --since |", COMMAND_SESSION,
	    "10m 1h 1d today yesterday", 16);
	/* The words of the program are its own. */
	expect("start -|", COMMAND_SESSION, "", 6);
}

static void
quotes_and_operators_are_seen(void **state)
{
	(void)state;
	expect("logtail 'some f|", COMMAND_SESSION, "some file", 8);
	expect("logtail some\\ f|", COMMAND_SESSION, "some file", 8);
	expect("logtail \"some f|", COMMAND_SESSION, "some file", 8);
	expect("kill ';' |", COMMAND_SESSION, "", 9);
	expect("status > so|", COMMAND_SESSION, "some file some/", 9);
	expect("status ; !so|", COMMAND_SESSION, "some file some/", 10);
	expect("!so|", COMMAND_SESSION, "some file some/", 1);
}

static void
hints_name_the_operand(void **state)
{
	static const char *const lines[] = { "kill ", "logtail -n ", "wait ",
		"start a " };
	static const char *const hints[] = { "SIGNAL", "LINES", NULL,
		"ARGUMENT" };
	struct candidates out;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		complete_line(&out, lines[i], strlen(lines[i]), COMMAND_SESSION,
		    &provider);
		if (hints[i])
			assert_string_equal(out.hint, hints[i]);
		else
			assert_null(out.hint);
		candidates_free(&out);
	}
}

static void
values_are_described(void **state)
{
	struct candidates out;

	(void)state;
	complete_line(&out, "show transcri", 13, COMMAND_SESSION, &provider);
	assert_true(out.count > 1);
	assert_string_equal(out.candidate[0].text, "transcript");
	assert_string_equal(out.candidate[0].about, "app.out");
	candidates_free(&out);
	complete_line(&out, "show umask", 10, COMMAND_SESSION, &provider);
	assert_string_equal(out.candidate[0].about, "not set");
	candidates_free(&out);
}

static void
common_part_never_splits_a_character(void **state)
{
	struct candidates out = { .count = 0 };
	char *common;

	(void)state;
	common = candidates_common(&out);
	assert_string_equal(common, "");
	free(common);
	candidates_offer(&out, "", "h\xc3\xa4user", NULL, ' ');
	common = candidates_common(&out);
	assert_string_equal(common, "h\xc3\xa4user");
	free(common);
	candidates_offer(&out, "", "h\xc3\xb6her", NULL, ' ');
	candidates_offer(&out, "", "h\xc3\xb6her", NULL, ' ');
	assert_int_equal(out.count, 2);
	common = candidates_common(&out);
	assert_string_equal(common, "h");
	free(common);
	candidates_free(&out);
}

/* Whatever is typed: no crash, and the word begins within the line. */
static void
any_line_is_survived(void **state)
{
	static const char bits[] = "ab'\"\\ ;|>-=!kills\t\xc3\xff";
	unsigned int seed = 4711;
	char line[40];

	(void)state;
	for (int i = 0; i < 20000; i++) {
		struct candidates out;
		size_t len = (seed >> 8) % (sizeof line - 1);

		for (size_t j = 0; j < len; j++) {
			seed = seed * 1103515245u + 12345u;
			line[j] = bits[(seed >> 16) % (sizeof bits - 1)];
		}
		line[len] = '\0';
		seed = seed * 1103515245u + 12345u;
		complete_line(&out, line, len, COMMAND_SESSION, &provider);
		assert_true(out.start <= len);
		candidates_free(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(commands_are_completed),
		cmocka_unit_test(operands_are_completed),
		cmocka_unit_test(the_past_is_offered),
		cmocka_unit_test(flags_are_completed),
		cmocka_unit_test(quotes_and_operators_are_seen),
		cmocka_unit_test(hints_name_the_operand),
		cmocka_unit_test(values_are_described),
		cmocka_unit_test(common_part_never_splits_a_character),
		cmocka_unit_test(any_line_is_survived),
	};

	return cmocka_run_group_tests_name("complete", tests, NULL, NULL);
}
