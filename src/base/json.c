/* A JSON writer: one value, compact, on a stream. */
#include "config.h"

#include <string.h>

#include "base/json.h"
#include "base/units.h"
#include "base/visible.h"

void
json_begin(struct json *json, FILE *out)
{
	json->out = out;
	json->comma = false;
}

/* text as a JSON string; false if some byte of it was no UTF-8. */
static bool
put_string(FILE *out, const char *text)
{
	size_t len = strlen(text), took;
	unsigned int code;
	bool clean = true;

	putc('"', out);
	for (; len > 0; text += took, len -= took) {
		if ((took = visible_utf8(text, len, &code)) == 0) {
			fputs("\\ufffd", out);
			took = 1;
			clean = false;
		} else if (code == '"' || code == '\\')
			fprintf(out, "\\%c", (char)code);
		else if (code == '\n')
			fputs("\\n", out);
		else if (code == '\t')
			fputs("\\t", out);
		else if (code < 0x20 || (code >= 0x7f && code < 0xa0))
			fprintf(out, "\\u%04x", code);
		else
			fwrite(text, 1, took, out);
	}
	putc('"', out);
	return clean;
}

static void
put_base64(FILE *out, const char *text)
{
	static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *byte = (const unsigned char *)text;
	size_t len = strlen(text);
	unsigned int bits;

	putc('"', out);
	for (; len > 0; byte += 3, len = len > 3 ? len - 3 : 0) {
		bits = (unsigned int)byte[0] << 16;
		if (len > 1)
			bits |= (unsigned int)byte[1] << 8;
		if (len > 2)
			bits |= byte[2];
		putc(digit[bits >> 18], out);
		putc(digit[bits >> 12 & 63], out);
		putc(len > 1 ? digit[bits >> 6 & 63] : '=', out);
		putc(len > 2 ? digit[bits & 63] : '=', out);
	}
	putc('"', out);
}

static void
put_key(struct json *json, const char *key)
{
	if (json->comma)
		fputs(", ", json->out);
	json->comma = true;
	if (key != NULL) {
		put_string(json->out, key);
		fputs(": ", json->out);
	}
}

static void
open_level(struct json *json, const char *key, char bracket)
{
	put_key(json, key);
	putc(bracket, json->out);
	json->comma = false;
}

static void
close_level(struct json *json, char bracket)
{
	putc(bracket, json->out);
	json->comma = true;
}

void
json_object(struct json *json, const char *key)
{
	open_level(json, key, '{');
}

void
json_object_end(struct json *json)
{
	close_level(json, '}');
}

void
json_array(struct json *json, const char *key)
{
	open_level(json, key, '[');
}

void
json_array_end(struct json *json)
{
	close_level(json, ']');
}

void
json_null(struct json *json, const char *key)
{
	put_key(json, key);
	fputs("null", json->out);
}

void
json_bool(struct json *json, const char *key, bool value)
{
	put_key(json, key);
	fputs(value ? "true" : "false", json->out);
}

void
json_number(struct json *json, const char *key, int64_t value)
{
	put_key(json, key);
	fprintf(json->out, "%lld", (long long)value);
}

void
json_seconds(struct json *json, const char *key, int64_t ms)
{
	char buf[32];

	put_key(json, key);
	fputs(units_print_duration(ms, buf, sizeof(buf)), json->out);
}

void
json_number_known(
    struct json *json, const char *key, int64_t value, bool known)
{
	if (known)
		json_number(json, key, value);
	else
		json_null(json, key);
}

void
json_seconds_known(struct json *json, const char *key, int64_t ms)
{
	if (ms >= 0)
		json_seconds(json, key, ms);
	else
		json_null(json, key);
}

void
json_string(struct json *json, const char *key, const char *text)
{
	if (text == NULL) {
		json_null(json, key);
		return;
	}
	put_key(json, key);
	if (put_string(json->out, text) || key == NULL)
		return;
	fputs(", \"", json->out);
	fputs(key, json->out);
	fputs("_base64\": ", json->out);
	put_base64(json->out, text);
}
