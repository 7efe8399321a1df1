/* The topics of help and show that are neither a command nor a key. */

#include "config.h"

#include "base/near.h"
#include "control/command.h"
#include "control/topics.h"
#include "options/options.h"

const struct topic help_topic_table[] = {
	{ "codes", "the exit statuses" },
	{ "config", "every configuration key" },
	{ "keys", "the keys of the session" },
};
const size_t help_topic_count = sizeof help_topic_table /
    sizeof help_topic_table[0];

const struct topic show_topic_table[] = {
	{ "options", "every option, its value and origin" },
	{ "config", "a native configuration file that says the same" },
	{ "all", "options, files and programs in use" },
};
const size_t show_topic_count = sizeof show_topic_table /
    sizeof show_topic_table[0];

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
	for (size_t i = 0; i < option_count; i++) {
		if (option_table[i].name)
			near_offer(&near, option_table[i].name);
	}
	return near.best;
}
