#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/*
 * Writes one JSON value to a stream, commas and quotes by itself.  A key is
 * NULL inside arrays and at the top.
 */
struct json {
	FILE *out;
	bool comma;		/* something stands before on this level */
};

void json_begin(struct json *json, FILE *out);
void json_object(struct json *json, const char *key);
void json_object_end(struct json *json);
void json_array(struct json *json, const char *key);
void json_array_end(struct json *json);
void json_null(struct json *json, const char *key);
void json_bool(struct json *json, const char *key, bool value);
void json_number(struct json *json, const char *key, int64_t value);

/* Milliseconds as seconds, with a fraction where there is one. */
void json_seconds(struct json *json, const char *key, int64_t ms);

/* The same where it is known, else null; a negative duration is not. */
void json_number_known(
    struct json *json, const char *key, int64_t value, bool known);
void json_seconds_known(struct json *json, const char *key, int64_t ms);

/*
 * text as a string, NULL as null.  Bytes that are not UTF-8 become U+FFFD,
 * and, with a key, KEY_base64 follows with the bytes as they are.
 */
void json_string(struct json *json, const char *key, const char *text);

#endif
