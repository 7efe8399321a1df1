/*
 * The schema of both file syntaxes, and the only file that knows libconfuse.
 * The schema is built from the option table; every value is a string to
 * libconfuse and enters the runner through option_set.
 *
 * libconfuse gets text in memory that the scanner has passed, one statement
 * in a line (a line more for each newline in a value), so a line number of
 * its errors names a statement, and the statement names file and line.  It
 * stops at the first error; the statement is then left out and the rest is
 * parsed again with a fresh cfg_t, so that every error is told.
 */
#include "config.h"

#include <confuse.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/cause.h"
#include "base/xmalloc.h"
#include "options/conf.h"
#include "options/format.h"
#include "options/prune.h"
#include "options/scan.h"
#include "options/statement.h"
#include "options/syntax.h"

#define PARSES_MAX   100
#define PARSED_MAX   (4 * 1024 * 1024) /* bytes, in all parses together */
#define SECTIONS_MAX 8 /* in one section */
#define TABLES_MAX   16 /* of a schema; eventlog has two places */

struct conf {
	struct scan scan;
	struct runner *runner;
	struct problems *problems;
	bool inner_eventlog; /* runner has one of its own, which wins */
	/* what libconfuse gets, and the statement of each of its lines */
	char *text;
	size_t len, size;
	size_t *statement;
	size_t lines;
	/* the last error of a parse */
	int error_line;
	char error[256];
};

/*
 * libconfuse's error function gets no pointer of ours; it is not thread-safe
 * anyway.  Set only while it parses.
 */
static struct conf *parsing;

/* --- the schema ---------------------------------------------------------- */

struct schema {
	cfg_opt_t *table[TABLES_MAX]; /* one of each section, to free */
	size_t tables;
};

/* A table with room for the keys of a section, the sections, and the end. */
static cfg_opt_t *
new_table(struct schema *schema, const char *section)
{
	size_t i, count = SECTIONS_MAX + 1;
	cfg_opt_t *table;

	for (i = 0; i < option_count; i++)
		count += section != NULL &&
		    strcmp(option_table[i].section, section) == 0;
	table = xcalloc(count, sizeof(*table));
	schema->table[schema->tables++] = table;
	return table;
}

static cfg_opt_t
key_option(const struct option_row *row)
{
	if (row->type == OPTION_WORDS || row->type == OPTION_CODES)
		return (cfg_opt_t)CFG_STR_LIST(row->name, NULL, CFGF_NODEFAULT);
	return (cfg_opt_t)CFG_STR(row->name, NULL, CFGF_NODEFAULT);
}

static cfg_opt_t *build_table(struct schema *schema, const char *section);

/* Whether option_table[i] is the first row of its section. */
static bool
is_first_of_section(size_t i)
{
	const char *section = option_table[i].section;

	while (i > 0)
		if (strcmp(option_table[--i].section, section) == 0)
			return false;
	return true;
}

/* Adds the section that option_table[i] is the first to name, if it is in. */
static void
add_section(struct schema *schema, cfg_opt_t *table, size_t *count,
    const char *parent, size_t i)
{
	const char *section = option_table[i].section;
	const char *name = strrchr(section, '.');
	cfg_flag_t flags = CFGF_NONE;

	name = name == NULL ? section : name + 1;
	if (!is_first_of_section(i) || scan_section(parent, name) != section)
		return;
	if (statement_repeats(section))
		flags |= CFGF_MULTI;
	if (option_table[i].type == OPTION_PAIRS)
		flags |= CFGF_KEYSTRVAL;
	table[(*count)++] = (cfg_opt_t)CFG_SEC(
	    name, build_table(schema, section), flags);
}

/* The keys and sections of a section; NULL: the top level. */
static cfg_opt_t *
build_table(struct schema *schema, const char *section)
{
	cfg_opt_t *table = new_table(schema, section);
	const struct option_row *row;
	size_t i, count = 0;

	for (i = 0; i < option_count; i++) {
		row = &option_table[i];
		if (section != NULL && strcmp(row->section, section) == 0 &&
		    row->type != OPTION_PAIRS)
			table[count++] = key_option(row);
		add_section(schema, table, &count, section, i);
	}
	table[count] = (cfg_opt_t)CFG_END();
	return table;
}

static void __attribute__((format(printf, 2, 0)))
on_error(cfg_t *cfg, const char *fmt, va_list ap)
{
	parsing->error_line = cfg->line;
	vsnprintf(parsing->error, sizeof(parsing->error), fmt, ap);
}

static cfg_t *
new_cfg(void)
{
	struct schema schema = { { NULL }, 0 };
	cfg_t *cfg;

	cfg = cfg_init(build_table(&schema, NULL), CFGF_NONE);
	while (schema.tables > 0)
		free(schema.table[--schema.tables]);
	if (cfg != NULL)
		cfg_set_error_function(cfg, on_error);
	return cfg;
}

/* --- parsing ------------------------------------------------------------- */

static void
put(struct conf *conf, const char *text)
{
	size_t len = strlen(text);

	if (conf->len + len >= conf->size) {
		conf->size = 2 * (conf->len + len) + 1;
		conf->text = xreallocarray(conf->text, conf->size, 1);
	}
	memcpy(conf->text + conf->len, text, len + 1);
	conf->len += len;
}

/* Puts statement i, which every newline since then belongs to. */
static void
put_statement(struct conf *conf, size_t i)
{
	const struct statement *statement = &conf->scan.statement[i];
	size_t start = conf->len;
	char *name;

	if (statement->kind != STATEMENT_CLOSE) {
		name = scan_quote(statement->name);
		put(conf, name);
		free(name);
	}
	if (statement->kind == STATEMENT_KEY) {
		put(conf, " = ");
		put(conf, statement->value);
	} else
		put(conf, statement->kind == STATEMENT_OPEN ? " {" : "}");
	put(conf, "\n");
	for (; start < conf->len; start++) {
		if (conf->text[start] != '\n')
			continue;
		if ((conf->lines & (conf->lines - 1)) == 0)
			conf->statement = xreallocarray(conf->statement,
			    conf->lines == 0 ? 1 : conf->lines * 2,
			    sizeof(*conf->statement));
		conf->statement[conf->lines++] = i;
	}
}

static void
put_all(struct conf *conf)
{
	size_t i;

	conf->len = conf->lines = 0;
	put(conf, "");
	for (i = 0; i < conf->scan.count; i++)
		if (!conf->scan.statement[i].dropped)
			put_statement(conf, i);
}

/* One parse of what is left; NULL on an error, which conf then holds. */
static cfg_t *
parse_once(struct conf *conf)
{
	cfg_t *cfg;

	put_all(conf);
	conf->error_line = 0;
	snprintf(conf->error, sizeof(conf->error), "out of memory");
	if ((cfg = new_cfg()) == NULL)
		return NULL;
	if (cfg_parse_buf(cfg, conf->text) == CFG_SUCCESS)
		return cfg;
	cfg_free(cfg);
	return NULL;
}

/* Parses until nothing is left that is wrong; NULL if that takes too long. */
static cfg_t *
parse_all(struct conf *conf, const char *name)
{
	size_t parses, parsed = 0, i;
	cfg_t *cfg;

	for (parses = 0; parses < PARSES_MAX; parses++) {
		if ((cfg = parse_once(conf)) != NULL)
			return cfg;
		if (conf->error_line < 1 ||
		    (size_t)conf->error_line > conf->lines) {
			problems_add(conf->problems, SEVERITY_ERROR, name, 0,
			    "%s", conf->error);
			return NULL;
		}
		i = conf->statement[conf->error_line - 1];
		statement_refused(
		    &conf->scan, &conf->scan.statement[i], conf->error);
		statement_drop(&conf->scan, i);
		if ((parsed += conf->len) > PARSED_MAX ||
		    parses == PARSES_MAX - 1)
			statement_tell(&conf->scan, SEVERITY_ERROR,
			    &conf->scan.statement[i],
			    "too many errors to read on");
		if (parsed > PARSED_MAX)
			break;
	}
	return NULL;
}

/* --- into the runner ----------------------------------------------------- */

/* The values of a key as the text that option_set takes. */
/* The numbers of a list, parted by commas. */
static char *
codes_text(cfg_opt_t *opt)
{
	char *text = xstrdup(""), *longer;
	unsigned int i;

	for (i = 0; i < cfg_opt_size(opt); i++) {
		longer = xasprintf(
		    "%s%s%s", text, i > 0 ? "," : "", cfg_opt_getnstr(opt, i));
		free(text);
		text = longer;
	}
	return text;
}

static char *
value_text(const struct option_row *row, bool list, cfg_opt_t *opt)
{
	struct words words = { NULL, 0 };
	unsigned int i;
	char *text;

	if (!list)
		return xstrdup(cfg_opt_getnstr(opt, 0));
	if (row->type == OPTION_CODES)
		return codes_text(opt);
	for (i = 0; i < cfg_opt_size(opt); i++)
		xwords_add(&words, cfg_opt_getnstr(opt, i));
	text = xwords_quote(&words);
	words_free(&words);
	return text;
}

/*
 * A format in the form that is kept, whatever style its section names.  Takes
 * over text; NULL with cause.
 */
static char *
classic_format(cfg_t *cfg, char *text, char **cause)
{
	const char *style = cfg_getstr(cfg, "style");
	char *made;

	if (style == NULL || strcasecmp(style, "classic") == 0)
		return text;
	made = format_translate(text, style, cause);
	free(text);
	return made;
}

static void
apply_key(struct conf *conf, struct runner *runner, const char *section,
    const struct statement *statement, cfg_t *cfg, cfg_opt_t *opt)
{
	const struct option_row *row = option_find(section, statement->name);
	struct origin origin = { ORIGIN_CONF, statement->file,
		statement->line };
	char *text, *cause = NULL;

	if (row == NULL || opt == NULL)
		return;
	if (row->where & OPTION_IGNORED)
		statement_tell(&conf->scan, SEVERITY_NOTICE, statement,
		    "'%s' is accepted and ignored", row->name);
	text = value_text(row, statement->list, opt);
	if (row->type == OPTION_FORMAT)
		text = classic_format(cfg, text, &cause);
	if (text == NULL ||
	    option_set(runner, row, statement->name, text, &origin, &cause) ==
		-1)
		statement_tell(&conf->scan, SEVERITY_ERROR, statement,
		    "%.64s: %s", statement->name, cause_text(cause));
	free(cause);
	free(text);
}

/* How many sections of the same name stand before this one, beside it. */
static unsigned int
ordinal(const struct conf *conf, size_t i)
{
	const struct statement *statement = &conf->scan.statement[i];
	const struct statement *one = conf->scan.statement;
	unsigned int count = 0;

	if (statement->parent != STATEMENT_NONE)
		one += statement->parent + 1;
	for (; one < statement; one++) {
		if (one->kind != STATEMENT_OPEN)
			continue;
		if (!one->dropped && one->section == statement->section)
			count++;
		one = &conf->scan.statement[one->close];
	}
	return count;
}

static void apply_inside(struct conf *conf, struct runner *runner,
    const char *section, size_t i, size_t end, cfg_t *cfg);

static void
check_target(struct conf *conf, const struct runner *runner,
    const struct statement *open)
{
	const struct eventlog *eventlog = &runner->eventlog;
	const struct logtarget *target;

	if (eventlog->count == 0)
		return;
	target = &eventlog->target[eventlog->count - 1];
	if (target->kind == LOGTARGET_FILE && target->path == NULL)
		statement_tell(&conf->scan, SEVERITY_ERROR, open,
		    "section '%s' has no path", open->name);
}

static void
apply_section(struct conf *conf, struct runner *runner, size_t i, cfg_t *cfg)
{
	const struct statement *open = &conf->scan.statement[i];
	struct origin origin = { ORIGIN_CONF, open->file, open->line };
	cfg_t *inside = cfg_getnsec(cfg, open->name, ordinal(conf, i));
	char *cause = NULL;

	if (inside == NULL ||
	    option_begin(runner, open->section, &origin, &cause) == -1) {
		statement_tell(
		    &conf->scan, SEVERITY_ERROR, open, "%s", cause_text(cause));
		free(cause);
		return;
	}
	apply_inside(conf, runner, open->section, i + 1, open->close, inside);
	if (statement_repeats(open->section))
		check_target(conf, runner, open);
}

/* The event log at top level, where the runner has one of its own. */
static void
apply_outer_eventlog(struct conf *conf, size_t i, cfg_t *cfg)
{
	struct runner scratch;

	statement_tell(&conf->scan, SEVERITY_NOTICE, &conf->scan.statement[i],
	    "this event log is not used: the runner has one of its own");
	if (runner_init(&scratch, NULL) == -1)
		return;
	apply_section(conf, &scratch, i, cfg);
	runner_free(&scratch);
}

static void
apply_inside(struct conf *conf, struct runner *runner, const char *section,
    size_t i, size_t end, cfg_t *cfg)
{
	const struct statement *statement;
	unsigned int keys = 0;
	bool free_keys;

	free_keys = section != NULL && option_find(section, "") != NULL;
	for (; i < end; i++) {
		statement = &conf->scan.statement[i];
		if (statement->kind == STATEMENT_KEY && !statement->dropped)
			apply_key(conf, runner, section, statement, cfg,
			    free_keys ? cfg_getnopt(cfg, keys++) :
					cfg_getopt(cfg, statement->name));
		if (statement->kind != STATEMENT_OPEN)
			continue;
		if (!statement->dropped && section == NULL &&
		    conf->inner_eventlog &&
		    strcmp(statement->section, "eventlog") == 0)
			apply_outer_eventlog(conf, i, cfg);
		else if (!statement->dropped)
			apply_section(conf, runner, i, cfg);
		i = statement->close;
	}
}

/* --- the whole ----------------------------------------------------------- */

/* Looks at what will be applied: is there a runner, with its own log? */
static void
survey(struct conf *conf, const char *name, bool good)
{
	const struct statement *statement;
	const char *section;
	bool found = false;
	size_t i;

	for (i = 0; i < conf->scan.count; i++) {
		statement = &conf->scan.statement[i];
		if (statement->kind != STATEMENT_OPEN || statement->dropped ||
		    statement->section == NULL)
			continue;
		section = statement_section(&conf->scan, statement);
		if (strcmp(statement->section, "runner") == 0)
			found = true;
		if (strcmp(statement->section, "eventlog") == 0 &&
		    section != NULL && strcmp(section, "runner") == 0)
			conf->inner_eventlog = true;
	}
	if (!found && good)
		problems_add(conf->problems, SEVERITY_WARNING, name, 0,
		    "there is no runner section");
}

/* From statements to the runner. */
static void
finish(struct conf *conf, const char *name, size_t errors_before)
{
	cfg_t *cfg = NULL;

	parsing = conf;
	if (!conf->scan.stopped) {
		prune_statements(&conf->scan);
		cfg = parse_all(conf, name);
		survey(conf, name, conf->problems->errors == errors_before);
	}
	if (cfg != NULL) {
		apply_inside(
		    conf, conf->runner, NULL, 0, conf->scan.count, cfg);
		cfg_free(cfg);
	}
	parsing = NULL;
	free(conf->text);
	free(conf->statement);
	scan_free(&conf->scan);
}

static void
begin(struct conf *conf, struct runner *runner, int ignore_unknown,
    struct problems *problems)
{
	memset(conf, 0, sizeof(*conf));
	conf->runner = runner;
	conf->problems = problems;
	scan_init(&conf->scan, syntax_choose, runner, problems);
	conf->scan.ignore_unknown = ignore_unknown;
}

void
conf_read(struct runner *runner, const char *path, int ignore_unknown,
    struct problems *problems)
{
	size_t errors = problems->errors;
	struct conf conf;

	begin(&conf, runner, ignore_unknown, problems);
	scan_file(&conf.scan, path);
	finish(&conf, path, errors);
}

void
conf_parse(struct runner *runner, const char *name, const char *text,
    size_t len, int ignore_unknown, struct problems *problems)
{
	size_t errors = problems->errors;
	struct conf conf;

	begin(&conf, runner, ignore_unknown, problems);
	scan_text(&conf.scan, name, text, len);
	finish(&conf, name, errors);
}
