/* The topics of help and show that are neither a command nor a key. */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/near.h"
#include "base/xmalloc.h"
#include "control/command.h"
#include "control/settings.h"
#include "control/topics.h"
#include "options/options.h"

/* clang-format off */
static const char keys[] =
	"Tab\tcomplete; again: a menu (Tab, Shift-Tab or arrows choose, Enter "
	"or blank accepts, Esc closes it)\n"
	"Right, End, ^F\taccept the text proposed after the cursor; Alt-F: one "
	"word of it\n"
	"blank\tcomplete the name of an abbreviated command\n"
	"F1, ?\texplain the command below the line; ? only where an operand "
	"may begin\n"
	"Up, Down\tearlier and later lines of the history that begin like "
	"this one\n"
	"^R\tsearch the history backwards; again: further back; ^S: "
	"forwards\n"
	"^A ^E\tgo to the beginning, to the end\n"
	"^W ^U ^K\tdelete a word, the line, the rest; ^Y puts it back\n"
	"^L\tclear the screen\n"
	"^C\tdiscard the line, or stop waiting; the program goes on\n"
	"^Z\tsuspend the session; fg in your shell resumes it\n"
	"^D\ton an empty line: leave; the program keeps running\n"
	"Enter\ton an empty line: status\n";

static const char keys_after[] =
	"Keys can be changed in ~/.editrc, see editrc(5).  For the keys of "
	"vi, use set mode vi, or `bind -v' in that file.";

static const char language[] =
	"a ; b\tone command after the other, until one fails\n"
	"a | SHELL\tpipe the output of a into a shell command\n"
	"a > FILE\twrite the output to a file; >> appends\n"
	"!SHELL\trun the rest of the line in a shell; ! alone: an interactive "
	"shell\n"
	"!! !N !-N\trun again: the newest line, line N of history, the Nth "
	"newest\n"
	"?TOPIC\tthe same as help TOPIC\n"
	"$?\tthe exit status of the last command; alone, with its meaning\n"
	"-y COMMAND\trun it without asking for confirmation\n"
	"'a b'\tone word, taken literally\n"
	"\"a b\"\tone word in which $? and \\ keep their meaning\n"
	"\\c\tthe character c without its special meaning\n"
	"# ...\ta comment\n";

static const char language_after[] =
	"Commands may be shortened as long as they stay unambiguous; those "
	"that do harm need at least three letters.  A line that begins with a blank is not kept in the history.  An empty "
	"line is status.  A session first runs the start-up file, zdaemon/rc "
	"under $XDG_CONFIG_HOME (~/.config): the place for set and alias.";
/* clang-format on */

const struct topic help_topic_table[] = {
	{ .name = "codes", .about = "the exit statuses" },
	{ .name = "config", .about = "every configuration key" },
	{ .name = "keys",
	    .about = "the keys of the session",
	    .text = keys,
	    .after = keys_after },
	{ .name = "language",
	    .about = "what a line can hold",
	    .text = language,
	    .after = language_after },
	{ .name = "settings", .about = "what set can change" },
};
const size_t help_topic_count = sizeof help_topic_table /
    sizeof help_topic_table[0];

const struct topic show_topic_table[] = {
	{ .name = "options", .about = "every option, its value and origin" },
	{ .name = "config",
	    .about = "a native configuration file that says the same" },
	{ .name = "all", .about = "options, files and programs in use" },
};
const size_t show_topic_count = sizeof show_topic_table /
    sizeof show_topic_table[0];

char *
topics_list(const struct topic *topic, size_t count)
{
	char *list = xstrdup("");

	for (size_t i = 0; i < count; i++) {
		char *longer = xasprintf(
		    "%s%s%s", list, *list ? ", " : "", topic[i].name);

		free(list);
		list = longer;
	}
	return list;
}

const struct topic *
topics_find(const char *name)
{
	for (size_t i = 0; i < help_topic_count; i++) {
		if (strcmp(help_topic_table[i].name, name) == 0)
			return &help_topic_table[i];
	}
	return NULL;
}

const char *
topics_nearest(const char *word)
{
	const struct command *meant = command_meant(
	    word, COMMAND_ONESHOT | COMMAND_SESSION);
	struct near near;

	if (meant)
		return meant->name;
	near_begin(&near, word);
	for (size_t i = 0; i < command_count; i++) {
		if (!(command_table[i].where & COMMAND_HIDDEN))
			near_offer(&near, command_table[i].name);
	}
	for (size_t i = 0; i < help_topic_count; i++)
		near_offer(&near, help_topic_table[i].name);
	for (size_t i = 0; i < SETTING__COUNT; i++)
		near_offer(&near, setting_table[i].name);
	for (size_t i = 0; i < option_count; i++) {
		if (option_table[i].name)
			near_offer(&near, option_table[i].name);
	}
	return near.best;
}
