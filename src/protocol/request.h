#ifndef PROTOCOL_REQUEST_H
#define PROTOCOL_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A request: one line of words, at most REQUEST_MAX bytes with its newline.
 * The words zdaemon knows are split at blanks; so are ours, with quotes as
 * words_quote makes them.
 */
#define REQUEST_MAX	 4096
#define REQUEST_WORD_MAX 64

enum request_verb {
	REQUEST_STATUS,		/* the reply of protocol/status.h */
	REQUEST_START,
	REQUEST_STOP,
	REQUEST_RESTART,
	REQUEST_KILL,		/* kill [NUMBER or NAME] */
	REQUEST_REOPEN,		/* reopen_transcript */
	REQUEST_ROTATE,		/* rotate: begin a new transcript */
	REQUEST_EXIT,		/* stop the program, then leave */
	REQUEST_TREE,		/* the lines of protocol/processline.h */
	REQUEST_UPGRADE,	/* execute the installed zdrun in place */
	REQUEST_EVENTS,		/* events [COUNT]: replay so many, then stream */
	REQUEST_HELP,
	REQUEST__COUNT
};

struct request {
	enum request_verb verb;
	size_t count;			/* words after the verb */
	char *word[REQUEST_WORD_MAX];	/* point into the line given */
};

const char *request_name(enum request_verb verb);

enum request_error {
	REQUEST_OK,
	REQUEST_EMPTY,		/* no word */
	REQUEST_UNKNOWN,	/* word[0] is the word */
	REQUEST_MALFORMED	/* an open quote, a NUL, too many words */
};

/*
 * Takes a line (NUL-terminated, no newline) apart in place.  Closed table:
 * nothing is looked up by what a peer sends but these words.  No allocation.
 */
enum request_error request_parse(struct request *request, char *line,
    size_t len);

#endif
