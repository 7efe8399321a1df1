#ifndef CONTROL_TOPICS_H
#define CONTROL_TOPICS_H

#include <stddef.h>

/* What help and show know beside the names of commands and keys. */
struct topic {
	const char *name;
	const char *about;
	const char *text; /* "LEFT\tRIGHT\n" lines; NULL: made elsewhere */
	const char *after; /* sentences below them, or NULL */
};

extern const struct topic help_topic_table[];
extern const size_t help_topic_count;
extern const struct topic show_topic_table[];
extern const size_t show_topic_count;

/* The names of count topics, as "options, config, all"; to be freed. */
char *topics_list(const struct topic *topic, size_t count);

/* The topic of help of that name, or NULL. */
const struct topic *topics_find(const char *name);

/* The topic of help, the command or the key nearest to a word, or NULL. */
const char *topics_nearest(const char *word);

#endif
