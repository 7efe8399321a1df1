#ifndef OPTIONS_DOCUMENT_H
#define OPTIONS_DOCUMENT_H

#include <stdio.h>

/* The annotated sample file, from the table alone. */
void document_sample(FILE *out);

/* The mdoc list of keys for zdaemon.conf(5), from the table alone. */
void document_keys(FILE *out);

#endif
