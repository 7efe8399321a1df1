/* The closed table of what may be asked. */
#include "config.h"

#include <string.h>

#include "protocol/fields.h"
#include "protocol/request.h"

static const char *const verb_name[REQUEST__COUNT] = {
	[REQUEST_STATUS] = "status",
	[REQUEST_START] = "start",
	[REQUEST_STOP] = "stop",
	[REQUEST_RESTART] = "restart",
	[REQUEST_KILL] = "kill",
	[REQUEST_REOPEN] = "reopen_transcript",
	[REQUEST_ROTATE] = "rotate",
	[REQUEST_EXIT] = "exit",
	[REQUEST_TREE] = "tree",
	[REQUEST_UPGRADE] = "upgrade",
	[REQUEST_EVENTS] = "events",
	[REQUEST_HELP] = "help",
};

const char *
request_name(enum request_verb verb)
{
	return verb_name[verb];
}

enum request_error
request_parse(struct request *request, char *line, size_t len)
{
	char *word[REQUEST_WORD_MAX + 1];
	int count, verb;

	request->count = 0;
	if (strlen(line) != len)
		return REQUEST_MALFORMED;
	if ((count = fields_split(line, word, REQUEST_WORD_MAX + 1)) == -1)
		return REQUEST_MALFORMED;
	if (count == 0)
		return REQUEST_EMPTY;
	for (verb = 0; verb < REQUEST__COUNT; verb++)
		if (strcmp(verb_name[verb], word[0]) == 0)
			break;
	if (verb == REQUEST__COUNT) {
		request->word[0] = word[0];
		return REQUEST_UNKNOWN;
	}
	request->verb = (enum request_verb)verb;
	request->count = (size_t)count - 1;
	memcpy(request->word, word + 1, request->count * sizeof(word[0]));
	return REQUEST_OK;
}
