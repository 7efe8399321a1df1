/*
 * Any line as a request: its words lie in the line, and the request quoted
 * anew is the same request.
 */
#include "config.h"

#include <stdio.h>

#include "base/words.h"
#include "fuzz.h"
#include "protocol/request.h"

static void
check_again(const struct request *request)
{
	struct words words = { NULL, 0 };
	struct request again;
	char *line;
	size_t i;

	assert(words_add(&words, request_name(request->verb)) == 0);
	for (i = 0; i < request->count; i++)
		assert(words_add(&words, request->word[i]) == 0);
	line = words_quote(&words);
	assert(line != NULL);
	assert(request_parse(&again, line, strlen(line)) == REQUEST_OK);
	assert(again.verb == request->verb && again.count == request->count);
	for (i = 0; i < again.count; i++)
		assert(strcmp(again.word[i], words.word[i + 1]) == 0);
	free(line);
	words_free(&words);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *line = fuzz_text(data, size), *end = line + size;
	bool nul = strlen(line) != size;
	struct request request;
	size_t i;

	switch (request_parse(&request, line, size)) {
	case REQUEST_OK:
		assert(!nul && request.verb < REQUEST__COUNT);
		assert(request.count <= REQUEST_WORD_MAX);
		for (i = 0; i < request.count; i++)
			assert(request.word[i] > line && request.word[i] < end);
		check_again(&request);
		break;
	case REQUEST_UNKNOWN:
		assert(!nul);
		assert(request.word[0] >= line && request.word[0] < end);
		break;
	case REQUEST_EMPTY:
		assert(strspn(line, " \t\r\n\v\f") == size);
		break;
	case REQUEST_MALFORMED:
		break;
	}
	free(line);
	return 0;
}
