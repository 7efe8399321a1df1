/* The topics of help and show that are neither a command nor a key. */

#include "config.h"

#include <string.h>

#include "base/near.h"
#include "control/command.h"
#include "control/settings.h"
#include "control/topics.h"
#include "options/options.h"

/* clang-format off */
static const char keys[] =
	"Tab\tcomplete; again: a menu, with Tab, Shift-Tab or arrows to choose, "
	"Enter or blank to take, Esc to leave it\n"
	"Right, End, ^F\ttake what is proposed behind the cursor; Alt-F: one "
	"word\n"
	"blank\tcompletes the name of an abbreviated command\n"
	"F1, ?\texplain the command under the line; ? where an operand may begin\n"
	"Up, Down\tearlier and later lines that begin as this one\n"
	"^R\tsearch in the lines typed before; again: further back; ^S: "
	"forwards again\n"
	"^A ^E\tto the beginning, to the end\n"
	"^W ^U ^K\tdelete a word, all, to the end; ^Y puts it back\n"
	"^L\tclear the screen\n"
	"^C\tdrop the line, or stop waiting; the program goes on\n"
	"^Z\tleave for a while; fg of your shell returns\n"
	"^D\ton an empty line: leave; the program keeps running\n"
	"Enter\ton an empty line: status\n";

static const char keys_after[] =
	"Keys can be changed in ~/.editrc, see editrc(5); set mode vi, or "
	"`bind -v' there, chooses the keys of vi.";

static const char language[] =
	"a ; b\tone after the other, until one fails\n"
	"a | SHELL\twhat a prints, into a command of the shell\n"
	"a > FILE\tinto a file; >> appends to it\n"
	"!SHELL\ta command of the shell, with the rest of the line; ! alone: "
	"a shell\n"
	"!! !N !-N\tthe newest line again, line N of history, the Nth newest\n"
	"$?\tthe exit status of the last command; alone, also what it means\n"
	"-y COMMAND\twithout the question before harm\n"
	"'a b'\tone word, as it is\n"
	"\"a b\"\tone word, in which $? and \\ keep their meaning\n"
	"\\c\tthe character c without its meaning\n"
	"# ...\ta comment\n";

static const char language_after[] =
	"Commands may be shortened as long as they stay unambiguous; what "
	"does harm takes three letters.  A line that begins with a blank is "
	"not remembered.  An empty line is status.  A session begins with "
	"the lines of zdaemon/rc under $XDG_CONFIG_HOME (~/.config), if there "
	"is such a file: set and alias belong there.";
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
	struct near near;

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
