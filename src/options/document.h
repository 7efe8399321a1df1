#ifndef OPTIONS_DOCUMENT_H
#define OPTIONS_DOCUMENT_H

#include <stdio.h>

struct option_row;

/* What a row accepts, in words: "a size from 64K to 1G"; returns buf. */
const char *document_type(const struct option_row *row, char *buf, size_t size);

/* The annotated sample file, from the table alone. */
void document_sample(FILE *out);

/* The mdoc list of keys for zdaemon.conf(5), from the table alone. */
void document_keys(FILE *out);

#endif
