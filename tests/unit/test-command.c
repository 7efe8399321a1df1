/* src/control: the command table, its lookup, flags, help, manual. */
#include "config.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/check.h"

#include "base/cause.h"
#include "control/command.h"
#include "control/flags.h"
#include "control/handlers.h"
#include "control/help.h"
#include "control/manual.h"
#include "control/output.h"
#include "options/cmdline.h"

/* An output into memory. */
struct printed {
	struct output output;
	char *text;
	size_t len;
	struct output_state state;
};

static void
print_begin(struct printed *printed, int columns)
{
	memset(printed, 0, sizeof *printed);
	printed->output.out = open_memstream(&printed->text, &printed->len);
	assert_non_null(printed->output.out);
	printed->output.err = printed->output.out;
	printed->output.columns = columns;
	printed->output.state = &printed->state;
}

static const char *
print_end(struct printed *printed)
{
	fclose(printed->output.out);
	return printed->text;
}

static const struct command *
found(const char *word, unsigned int where)
{
	const struct command *command;

	assert_int_equal(command_find(word, where, &command), LOOKUP_FOUND);
	return command;
}

/* --- command_find ----------------------------------------------------------
 */

static void
find_takes_names_and_aliases(void **state)
{
	(void)state;
	assert_string_equal(found("status", COMMAND_ONESHOT)->name, "status");
	assert_string_equal(found("", COMMAND_ONESHOT)->name, "status");
	assert_string_equal(found("fg", COMMAND_ONESHOT)->name, "foreground");
	assert_string_equal(found("?", COMMAND_ONESHOT)->name, "help");
	assert_string_equal(found("!", COMMAND_SESSION)->name, "shell");
	assert_string_equal(found("EOF", COMMAND_SESSION)->name, "quit");
}

static void
find_takes_unambiguous_beginnings(void **state)
{
	const struct command *command;

	(void)state;
	assert_string_equal(found("stat", COMMAND_ONESHOT)->name, "status");
	assert_string_equal(found("f", COMMAND_ONESHOT)->name, "foreground");
	assert_int_equal(
	    command_find("sta", COMMAND_ONESHOT, &command), LOOKUP_AMBIGUOUS);
	assert_int_equal(
	    command_find("re", COMMAND_ONESHOT, &command), LOOKUP_AMBIGUOUS);
}

static void
find_is_careful_with_what_does_harm(void **state)
{
	static const char *const shorts[] = { "k", "ki", "shu", "kil", "sto",
		"rest" };
	const struct command *command;

	(void)state;
	for (size_t i = 0; i < sizeof shorts / sizeof shorts[0]; i++) {
		enum command_lookup lookup = command_find(
		    shorts[i], COMMAND_ONESHOT, &command);

		assert_non_null(command);
		assert_true(command->where & COMMAND_CAREFUL);
		assert_int_equal(lookup,
		    strlen(shorts[i]) < 3 ? LOOKUP_SHORT : LOOKUP_FOUND);
	}
}

/* What zdaemon's users type means what it meant, whatever rows are added. */
static void
find_keeps_the_old_abbreviations(void **state)
{
	const struct command *command;

	(void)state;
	assert_string_equal(found("relo", COMMAND_SESSION)->name, "reload");
	assert_string_equal(found("ex", COMMAND_SESSION)->name, "quit");
	assert_string_equal(found("e", COMMAND_SESSION)->name, "events");
	assert_int_equal(
	    command_find("EO", COMMAND_ONESHOT, &command), LOOKUP_UNKNOWN);
}

static void
find_takes_a_word_glued_to_a_sign(void **state)
{
	const struct command *command;

	(void)state;
	assert_string_equal(found("?stop", COMMAND_ONESHOT)->name, "help");
	assert_string_equal(found("??", COMMAND_SESSION)->name, "help");
	assert_int_equal(
	    command_find("!ls", COMMAND_SESSION, &command), LOOKUP_UNKNOWN);
	assert_int_equal(
	    command_find("$?x", COMMAND_SESSION, &command), LOOKUP_UNKNOWN);
}

static void
find_knows_what_others_call_it(void **state)
{
	const struct command *command;

	(void)state;
	assert_int_equal(
	    command_find("top", COMMAND_ONESHOT, &command), LOOKUP_UNKNOWN);
	assert_string_equal(command->name, "tree");
	assert_int_equal(
	    command_find("bye", COMMAND_ONESHOT, &command), LOOKUP_UNKNOWN);
	assert_null(command);
	assert_int_equal(
	    command_find("bye", COMMAND_SESSION, &command), LOOKUP_UNKNOWN);
	assert_string_equal(command->name, "quit");
}

static void
find_offers_the_nearest(void **state)
{
	const struct command *command;

	(void)state;
	assert_int_equal(
	    command_find("restrat", COMMAND_ONESHOT, &command), LOOKUP_UNKNOWN);
	assert_string_equal(command->name, "restart");
	assert_int_equal(command_find("xyzzyxyzzy", COMMAND_ONESHOT, &command),
	    LOOKUP_UNKNOWN);
	assert_null(command);
}

static void
find_knows_where_a_command_belongs(void **state)
{
	const struct command *command;

	(void)state;
	assert_int_equal(
	    command_find("quit", COMMAND_ONESHOT, &command), LOOKUP_UNKNOWN);
	assert_string_equal(found("qu", COMMAND_SESSION)->name, "quit");
	/* Hidden ones answer to their whole name alone. */
	assert_string_equal(
	    found("self-test", COMMAND_ONESHOT)->name, "self-test");
	assert_int_equal(
	    command_find("self", COMMAND_ONESHOT, &command), LOOKUP_UNKNOWN);
	assert_int_equal(command_find("complete", COMMAND_SESSION, &command),
	    LOOKUP_UNKNOWN);
}

/* --- flags ------------------------------------------------------------------
 */

static int
run_nothing(struct context *context, const struct invocation *invocation)
{
	(void)context;
	(void)invocation;
	return STATUS_DONE;
}

static const struct command sample = { .name = "sample",
	.where = COMMAND_ONESHOT,
	.synopsis = "",
	.min = 1,
	.max = 2,
	.operand = { { "FILE", COMPLETE_FILE, "a file" } },
	.flag = { { 'n', "lines", "LINES", "how many" },
	    { 'v', NULL, NULL, "more" }, { 0, "no-follow", NULL, "leave" },
	    { 0, "no-color", NULL, "plain" } },
	.run = run_nothing };

/* Parses a line that has no quotes; the words live in buf. */
static int
parse(struct invocation *invocation, const struct command *command, char *buf,
    char **cause)
{
	char *word[20];
	int count = 0;

	for (char *at = strtok(buf, " "); at; at = strtok(NULL, " "))
		word[count++] = at;
	return flags_parse(invocation, command, count, word, cause);
}

static void
expect_parse(const char *line, const char *lines, bool more, bool leave,
    const char *operands)
{
	struct invocation invocation;
	char buf[100], joined[100] = "", *cause = NULL;

	snprintf(buf, sizeof buf, "%s", line);
	assert_int_equal(parse(&invocation, &sample, buf, &cause), 0);
	if (lines)
		assert_string_equal(
		    invocation_argument(&invocation, "lines"), lines);
	else
		assert_null(invocation_argument(&invocation, "n"));
	assert_int_equal(invocation_has(&invocation, "n"), lines != NULL);
	assert_int_equal(invocation_has(&invocation, "v"), more);
	assert_int_equal(invocation_has(&invocation, "no-follow"), leave);
	for (int i = 0; i < invocation.count; i++) {
		strcat(joined, i > 0 ? " " : "");
		strcat(joined, invocation.operand[i]);
	}
	assert_null(invocation.operand[invocation.count]);
	assert_string_equal(joined, operands);
	flags_free(&invocation);
}

static void
flags_are_taken_in_every_form(void **state)
{
	(void)state;
	expect_parse("a", NULL, false, false, "a");
	expect_parse("-n 5 a", "5", false, false, "a");
	expect_parse("-n5 a b", "5", false, false, "a b");
	expect_parse("-vn5 a", "5", true, false, "a");
	expect_parse("a -v b", NULL, true, false, "a b");
	expect_parse("--lines=7 a", "7", false, false, "a");
	expect_parse("--lines 7 a", "7", false, false, "a");
	expect_parse("--li 7 --no-f a", "7", false, true, "a");
	expect_parse("-n 1 -n 2 a", "2", false, false, "a");
	expect_parse("-- -v -n", NULL, false, false, "-v -n");
	expect_parse("- -v", NULL, true, false, "-");
	expect_parse("--lines= a", "", false, false, "a");
}

static void
expect_refusal(const char *line, const char *part)
{
	struct invocation invocation;
	char buf[100], *cause = NULL;

	snprintf(buf, sizeof buf, "%s", line);
	assert_int_equal(parse(&invocation, &sample, buf, &cause), -1);
	assert_non_null(strstr(cause_text(cause), part));
	free(cause);
}

static void
flags_refuse_what_is_wrong(void **state)
{
	(void)state;
	expect_refusal("", "FILE is missing");
	expect_refusal("a b c", "'c' is one word too many");
	expect_refusal("-x a", "unknown flag '-x'");
	expect_refusal("-vx a", "unknown flag '-x'");
	expect_refusal("a -n", "flag '-n' needs LINES");
	expect_refusal("--no a", "ambiguous");
	expect_refusal("--no-folow a", "did you mean '--no-follow'?");
	expect_refusal("--no-follow=1 a", "takes no argument");
}

static void
flags_leave_raw_words_alone(void **state)
{
	struct command raw = sample;
	struct invocation invocation;
	char buf[] = "-n --", leading[] = "-v -v x -v", *cause = NULL;

	(void)state;
	raw.where |= COMMAND_RAW;
	assert_int_equal(parse(&invocation, &raw, buf, &cause), 0);
	assert_int_equal(invocation.count, 2);
	assert_string_equal(invocation.operand[0], "-n");
	assert_string_equal(invocation.operand[1], "--");
	flags_free(&invocation);
	assert_int_equal(parse(&invocation, &raw, leading, &cause), 0);
	assert_true(invocation_has(&invocation, "v"));
	assert_int_equal(invocation.count, 2);
	assert_string_equal(invocation.operand[0], "x");
	assert_string_equal(invocation.operand[1], "-v");
	flags_free(&invocation);
}

/* --- help -------------------------------------------------------------------
 */

static void
help_fits_every_width(void **state)
{
	static const int widths[] = { 40, 60, 80, 120 };
	struct printed printed;
	const char *text;

	(void)state;
	for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++) {
		print_begin(&printed, widths[i]);
		help_list(&printed.output, COMMAND_SESSION);
		help_codes(&printed.output);
		text = print_end(&printed);
		for (const char *line = text; *line;) {
			size_t len = strcspn(line, "\n");

			assert_true(len <= (size_t)widths[i]);
			line += len + 1;
		}
		free(printed.text);
	}
}

static void
help_lists_every_command_once_and_no_hidden_one(void **state)
{
	struct printed printed;
	const char *text, *at;

	(void)state;
	print_begin(&printed, 80);
	help_list(&printed.output, COMMAND_ONESHOT | COMMAND_SESSION);
	text = print_end(&printed);
	for (size_t i = 0; i < command_count; i++) {
		char line[60];

		snprintf(line, sizeof line, "\n  %s", command_table[i].name);
		at = strstr(text, line);
		if (command_table[i].where & COMMAND_HIDDEN) {
			assert_null(at);
			continue;
		}
		assert_non_null(at);
	}
	free(printed.text);
}

static void
help_tells_all_of_a_command(void **state)
{
	struct printed printed;
	const char *text;

	(void)state;
	print_begin(&printed, 80);
	help_command(&printed.output, found("logtail", COMMAND_ONESHOT));
	text = print_end(&printed);
	assert_non_null(strstr(text, "\nShow the end of a log and follow it."));
	assert_non_null(strstr(text, "logtail [-a] [-n LINES] "));
	assert_non_null(strstr(text, "-n, --lines=LINES"));
	assert_non_null(strstr(text, "examples\n"));
	assert_non_null(strstr(text, "exit statuses\n"));
	assert_non_null(strstr(text, "see also: reopen_transcript"));
	free(printed.text);
}

static void
help_knows_every_key(void **state)
{
	struct printed printed;
	const char *text;

	(void)state;
	for (size_t i = 0; i < option_count; i++) {
		print_begin(&printed, 200);
		assert_true(
		    help_key(&printed.output, NULL, option_table[i].name));
		text = print_end(&printed);
		assert_non_null(strstr(text, option_table[i].section));
		assert_non_null(strstr(text, option_table[i].summary + 1));
		assert_null(strstr(text, "(null)"));
		free(printed.text);
	}
	print_begin(&printed, 80);
	assert_false(help_key(&printed.output, NULL, "no-such-key"));
	print_end(&printed);
	free(printed.text);
}

static void
help_wraps_at_blanks_and_keeps_long_words(void **state)
{
	struct printed printed;

	(void)state;
	print_begin(&printed, 80);
	help_wrap(&printed.output, "aaaa bbbb cccc dddd eeee", 2, 20);
	help_wrap(&printed.output, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa b", 0, 20);
	help_wrap(&printed.output, "A sentence, no more.  Next", 0, 20);
	help_wrap(&printed.output, "one\ntwo", 1, 40);
	assert_string_equal(print_end(&printed),
	    "  aaaa bbbb cccc dddd\n  eeee\n"
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\nb\n"
	    "A sentence, no more.\nNext\n"
	    " one\n two\n");
	free(printed.text);
}

/* A comma parts the statuses: `$?` tells what stands between two of them. */
static void
each_status_is_followed_by_its_meaning(void **state)
{
	(void)state;
	for (size_t i = 0; i < command_count; i++) {
		const char *part = command_table[i].statuses;

		while ((part = strstr(part, ", ")) != NULL) {
			part += 2;
			assert_true((*part >= '0' && *part <= '9') ||
			    strncmp(part, "else ", 5) == 0);
		}
	}
}

/* --- the whole
 * ---------------------------------------------------------------- */

static void
the_table_is_whole(void **state)
{
	struct invocation invocation = { 0 };
	struct context context = { 0 };
	struct printed printed;

	(void)state;
	print_begin(&printed, 80);
	context.output = &printed.output;
	if (cmd_self_test(&context, &invocation) != STATUS_DONE)
		fail_msg("%s", print_end(&printed));
	print_end(&printed);
	free(printed.text);
}

static char *
read_file(const char *path)
{
	FILE *in = fopen(path, "r");
	char *text = calloc(1, 1 << 20);

	assert_non_null(in);
	assert_non_null(text);
	assert_true(fread(text, 1, (1 << 20) - 1, in) > 0);
	fclose(in);
	return text;
}

static void
the_manual_is_not_stale(void **state)
{
	const char *srcdir = getenv("srcdir");
	char path[4096], *page, *made, *cause = NULL;
	size_t len;
	FILE *out;

	(void)state;
#ifdef COMMAND_TEST_ROW
	skip();
#endif
	snprintf(path, sizeof path, "%s/doc/zdaemon.1", srcdir ? srcdir : ".");
	page = read_file(path);
	out = open_memstream(&made, &len);
	assert_int_equal(manual_write(out, page, &cause), 0);
	fclose(out);
	if (strcmp(page, made) != 0)
		fail_msg("doc/zdaemon.1 is stale: make regen");
	free(made);
	free(page);
}

static void
the_manual_refuses_what_it_does_not_know(void **state)
{
	char *made, *cause = NULL;
	size_t len;
	FILE *out = open_memstream(&made, &len);

	(void)state;
	assert_int_equal(
	    manual_write(out, ".\\\" BEGIN nonsense\n", &cause), -1);
	assert_non_null(strstr(cause, "nonsense"));
	assert_int_equal(
	    manual_write(out, ".\\\" BEGIN statuses\nx\n", &cause), -1);
	assert_non_null(strstr(cause, "statuses"));
	fclose(out);
	free(made);
	free(cause);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(find_takes_names_and_aliases),
		cmocka_unit_test(find_takes_unambiguous_beginnings),
		cmocka_unit_test(find_is_careful_with_what_does_harm),
		cmocka_unit_test(find_keeps_the_old_abbreviations),
		cmocka_unit_test(find_takes_a_word_glued_to_a_sign),
		cmocka_unit_test(find_knows_what_others_call_it),
		cmocka_unit_test(find_offers_the_nearest),
		cmocka_unit_test(find_knows_where_a_command_belongs),
		cmocka_unit_test(flags_are_taken_in_every_form),
		cmocka_unit_test(flags_refuse_what_is_wrong),
		cmocka_unit_test(flags_leave_raw_words_alone),
		cmocka_unit_test(help_fits_every_width),
		cmocka_unit_test(
		    help_lists_every_command_once_and_no_hidden_one),
		cmocka_unit_test(help_tells_all_of_a_command),
		cmocka_unit_test(help_knows_every_key),
		cmocka_unit_test(each_status_is_followed_by_its_meaning),
		cmocka_unit_test(help_wraps_at_blanks_and_keeps_long_words),
		cmocka_unit_test(the_table_is_whole),
		cmocka_unit_test(the_manual_is_not_stale),
		cmocka_unit_test(the_manual_refuses_what_it_does_not_know),
	};

	return cmocka_run_group_tests_name("command", tests, NULL, NULL);
}
