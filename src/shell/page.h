#ifndef SHELL_PAGE_H
#define SHELL_PAGE_H

struct session;

/* Shows a text a screen at a time, by keys; where there is no other pager. */
void page_show(struct session *session, const char *text);

#endif
