/*
 * Every option, a row each.  From a row come its default, its bounds, where
 * it may stand, the schema of both file syntaxes, getopt's arrays, what zdrun
 * is handed, `show`, the sample file and zdaemon.conf(5).  A new option is a
 * row here and a member in its struct.
 */
#include "config.h"

#include <limits.h>

#include "options/options.h"

#define FIELD(name)  offsetof(struct runner, name)
#define TARGET(name) offsetof(struct logtarget, name)
#define HOURS(n)     ((n)*3600 * 1000LL)
#define YEAR         HOURS(366 * 24)
#define SIZE_MOST    (1LL << 50)
#define PATHS        .low = 1, .high = PATH_MAX - 1
#define ANYWHERE     (OPTION_CONF | OPTION_CMDLINE)
#define FACILITIES                                                      \
	"auth authpriv cron daemon kern lpr mail news security syslog " \
	"user uucp local0 local1 local2 local3 local4 local5 local6 local7"

/* A key that zdaemon's files may have and that does nothing here. */
#define IGNORED(in, key, about)                                                \
	{                                                                      \
		.section = in, .name = key, .type = OPTION_STRING,             \
		.field = OPTION_NO_FIELD, .high = INT_MAX, .argument = "TEXT", \
		.where = OPTION_CONF | OPTION_IGNORED, .summary = about,       \
		.help = "Accepted and ignored.",                               \
	}

/* The style is translated away: formats are kept in the classic one. */
#define STYLE(in)                                                            \
	{                                                                    \
		.section = in, .name = "style", .type = OPTION_CHOICE,       \
		.field = OPTION_NO_FIELD,                                    \
		.choices = "classic format template safe-template",          \
		.argument = "classic", .where = OPTION_CONF,                 \
		.summary = "the notation of fields in format",               \
		.help = "classic is %(name)s, format is {name} or "          \
			"{name:SPEC}, template is $name or ${name}.  "       \
			"safe-template is template, but leaves unknown "     \
			"names as they are.  In native syntax, put ${name} " \
			"in single quotes; in <runner> syntax, write $$ "    \
			"for each $.  show prints the format as classic.",   \
	}

const struct option_row option_table[] = {
#ifdef OPTION_TEST_ROW
	{
	    .section = "runner",
	    .name = "test-row",
	    .letter = 'w',
	    .type = OPTION_STRING,
	    .field = FIELD(test_row),
	    .fallback = "planted",
	    .high = 255,
	    .argument = "TEXT",
	    .where = ANYWHERE,
	    .summary = "a row that a test has added",
	    .help = "It shows wherever an option shows.",
	},
#endif
	{
	    .section = "runner",
	    .name = "program",
	    .letter = 'p',
	    .type = OPTION_WORDS,
	    .field = FIELD(program),
	    .low = 1,
	    .high = INT_MAX,
	    .argument = "COMMAND",
	    .where = ANYWHERE | OPTION_CLASSIC,
	    .summary = "the program to run, with its arguments",
	    .help =
		"A list of words, or a string that is split the way a shell "
		"splits words.  No shell is involved: write {\"sh\", \"-c\", "
		"\"...\"} if you need one.  A program without a slash is "
		"looked up in the PATH of the environment section, or else "
		"in the caller's; one with a slash is relative to "
		"directory.  It is looked up at each start.",
	},
	{
	    .section = "runner",
	    .name = "socket-name",
	    .letter = 's',
	    .type = OPTION_PATH,
	    .field = FIELD(socket_name),
	    PATHS,
	    .fallback = "zdsock",
	    .argument = "SOCKET",
	    .where = ANYWHERE | OPTION_CLASSIC,
	    .summary = "the control socket",
	    .help =
		"An absolute path is best.  If its directory does not exist, "
		"it is created, one level deep.",
	},
	{
	    .section = "runner",
	    .name = "socket-mode",
	    .type = OPTION_RIGHTS,
	    .field = FIELD(socket_mode),
	    .fallback = "600",
	    .low = 0,
	    .high = 0666,
	    .argument = "MODE",
	    .where = OPTION_CONF,
	    .summary = "permissions of the control socket",
	    .help =
		"Who may query and who may control the program: three octal "
		"digits, for the owner (always 6), for socket-group and for "
		"everybody else.  6 = full control, 4 = read-only (status, "
		"events, tree), 0 = no access.  Root and the user who runs "
		"the supervisor always have full control.",
	},
	{
	    .section = "runner",
	    .name = "socket-group",
	    .type = OPTION_STRING,
	    .field = FIELD(socket_group),
	    .low = 1,
	    .high = 64,
	    .argument = "GROUP",
	    .where = OPTION_CONF,
	    .summary =
		"the group that the second digit of socket-mode applies to",
	    .help = "By name or number.  The socket belongs to this group; a "
		    "user other than root must be a member of it.",
	},
	{
	    .section = "runner",
	    .name = "daemon",
	    .letter = 'd',
	    .type = OPTION_BOOL,
	    .field = FIELD(daemon),
	    .fallback = "on",
	    .where = ANYWHERE | OPTION_CLASSIC,
	    .summary = "run in the background",
	    .help =
		"If on, the supervisor detaches from the terminal: it gets a "
		"session of its own, its standard streams are /dev/null, and "
		"directory and umask apply.  If off, start runs the program "
		"in the foreground with the caller's standard streams.  No "
		"command-line option turns it off.",
	},
	{
	    .section = "runner",
	    .name = "directory",
	    .letter = 'z',
	    .type = OPTION_PATH,
	    .field = FIELD(directory),
	    PATHS,
	    .argument = "DIRECTORY",
	    .where = ANYWHERE | OPTION_CLASSIC,
	    .summary = "the program's working directory",
	    .help =
		"If it does not exist, start creates it, one level deep.  "
		"The name is resolved at each start of the program: if it is "
		"a symbolic link that has changed, the next restart runs the "
		"program in the new place.  Ignored if daemon is off.",
	},
	{
	    .section = "runner",
	    .name = "backoff-limit",
	    .letter = 'b',
	    .type = OPTION_NUMBER,
	    .field = FIELD(backoff_limit),
	    .fallback = "10",
	    .low = INT_MIN,
	    .high = INT_MAX,
	    .argument = "SECONDS",
	    .where = ANYWHERE | OPTION_CLASSIC,
	    .summary = "how long, and how often, to retry a crashing program",
	    .help =
		"A program that exits within backoff-limit seconds of its "
		"start is restarted after 1, 2, 3, ... seconds; after "
		"backoff-limit such runs the supervisor gives up.  With "
		"forever, the delay stays at backoff-limit instead.  A "
		"program that ran longer is restarted at once.  Values below "
		"1 count as 1.",
	},
	{
	    .section = "runner",
	    .name = "forever",
	    .letter = 'f',
	    .type = OPTION_BOOL,
	    .field = FIELD(forever),
	    .fallback = "off",
	    .where = ANYWHERE | OPTION_CLASSIC,
	    .summary = "never give up on a crashing program",
	    .help = "The delay between restarts grows to backoff-limit seconds "
		    "and stays there.  exit-codes take precedence.",
	},
	{
	    .section = "runner",
	    .name = "exit-codes",
	    .letter = 'x',
	    .type = OPTION_CODES,
	    .field = FIELD(exit_codes),
	    .fallback = "0,2",
	    .low = -1,
	    .high = 255,
	    .argument = "LIST",
	    .where = ANYWHERE | OPTION_CLASSIC,
	    .summary = "exit statuses after which the program is not restarted",
	    .help =
		"A list of numbers, or a string of numbers separated by "
		"commas; it may be empty.  -1 stands for death by a signal; "
		"no other number matches that.",
	},
	{
	    .section = "runner",
	    .name = "user",
	    .letter = 'u',
	    .type = OPTION_STRING,
	    .field = FIELD(user),
	    .low = 1,
	    .high = 255,
	    .argument = "USER",
	    .where = ANYWHERE | OPTION_CLASSIC,
	    .summary = "the user to run as, by name or number",
	    .help = "Only root can name another user.  The supervisor and the "
		    "program take on the user's id, group and supplementary "
		    "groups before any file is opened.  A number without an "
		    "account is used as the group id, too.  HOME, USER and "
		    "LOGNAME keep the caller's values: set them in the "
		    "environment section if the program needs its own.",
	},
	{
	    .section = "runner",
	    .name = "umask",
	    .letter = 'm',
	    .type = OPTION_OCTAL,
	    .field = FIELD(umask),
	    .fallback = "022",
	    .low = 0,
	    .high = 0777,
	    .argument = "UMASK",
	    .where = ANYWHERE | OPTION_CLASSIC,
	    .summary = "the program's umask, in octal",
	    .help = "Written as 27, 027 or 0o27.  It also applies to the "
		    "transcript and the event log.  Ignored if daemon is off.",
	},
	{
	    .section = "runner",
	    .name = "hang-around",
	    .type = OPTION_BOOL,
	    .field = FIELD(hang_around),
	    .fallback = "off",
	    .where = OPTION_CONF,
	    .summary =
		"keep the supervisor running when the program is stopped",
	    .help = "If off, the supervisor exits once its program is down for "
		    "good.",
	},
	{
	    .section = "runner",
	    .name = "default-to-interactive",
	    .type = OPTION_BOOL,
	    .field = FIELD(default_to_interactive),
	    .fallback = "on",
	    .where = OPTION_CONF | OPTION_CLIENT,
	    .summary = "open a session when no command is given",
	    .help = "If off, a session needs -i.",
	},
	{
	    .section = "runner",
	    .name = "logfile",
	    .letter = 'l',
	    .type = OPTION_PATH,
	    .field = FIELD(logfile),
	    PATHS,
	    .argument = "FILE",
	    .where = ANYWHERE | OPTION_CLASSIC | OPTION_CLIENT,
	    .summary = "the log file that logtail shows",
	    .help =
		"The program writes this log itself; zdaemon only reads it.  "
		"If it is not set, logtail shows the transcript.",
	},
	{
	    .section = "runner",
	    .name = "transcript",
	    .letter = 't',
	    .type = OPTION_TARGET,
	    .field = FIELD(transcript),
	    PATHS,
	    .argument = "FILE",
	    .where = ANYWHERE | OPTION_CLASSIC,
	    .summary = "where the program's output goes",
	    .help =
		"The program's standard output and standard error are "
		"appended to this file, which is relative to directory.  "
		"Without it they are discarded.  Ignored if daemon is off.  "
		"If directory leads to another place at a start of the "
		"program, a relative file is opened there; one that was only "
		"renamed is written to until reopen_transcript.  "
		"syslog:FACILITY/TAG and journal:TAG send the output to the "
		"system log or to systemd's journal instead: each line "
		"becomes an entry of level info, and lines of more than 8 KiB "
		"(syslog) or 48 KiB (journal) are split.  By default the "
		"facility is daemon and the tag is the name of the program, "
		"as with syslog: and journal: alone.  @SOCKET at the end, an "
		"absolute path, names the socket of the log if it is not the "
		"usual one.  A file with such a name is written ./syslog:.",
	},
	{
	    .section = "runner",
	    .name = "transcript-stderr",
	    .type = OPTION_TARGET,
	    .field = FIELD(transcript_stderr),
	    PATHS,
	    .argument = "FILE",
	    .where = OPTION_CONF,
	    .summary = "a separate destination for standard error",
	    .help = "It takes the same values as transcript, and the other "
		    "transcript options apply to it, too.  If it is not set, "
		    "standard error goes where standard output goes.  In the "
		    "system log or the journal, its lines have level warning.",
	},
	{
	    .section = "runner",
	    .name = "transcript-buffer",
	    .type = OPTION_SIZE,
	    .field = FIELD(transcript_buffer),
	    .fallback = "1M",
	    .low = 64 * 1024,
	    .high = 1024 * 1024 * 1024,
	    .argument = "SIZE",
	    .where = OPTION_CONF,
	    .summary =
		"how much output to keep in memory while the disk is full",
	    .help =
		"The program never waits for its transcript: output that the "
		"file does not accept is kept in a buffer of this size.  "
		"When the buffer is full, whole lines are dropped and "
		"counted (see status), and a line in the transcript says how "
		"many bytes are missing.",
	},
	{
	    .section = "runner",
	    .name = "transcript-max-size",
	    .type = OPTION_SIZE,
	    .field = FIELD(transcript_max_size),
	    .fallback = "0",
	    .low = 0,
	    .high = SIZE_MOST,
	    .argument = "SIZE",
	    .where = OPTION_CONF,
	    .summary = "rotate the transcript at this size; 0: never",
	    .help = "The file is renamed at the next end of a line, and a new "
		    "one is started.  A line that runs on for another megabyte "
		    "is cut.",
	},
	{
	    .section = "runner",
	    .name = "transcript-max-age",
	    .type = OPTION_DURATION,
	    .field = FIELD(transcript_max_age),
	    .fallback = "0",
	    .low = 0,
	    .high = YEAR,
	    .argument = "SECONDS",
	    .where = OPTION_CONF,
	    .summary = "rotate the transcript at this age; 0: never",
	    .help = "The age, such as 1d, is counted from the creation of the "
		    "file.  An empty file is not rotated.",
	},
	{
	    .section = "runner",
	    .name = "transcript-keep",
	    .type = OPTION_NUMBER,
	    .field = FIELD(transcript_keep),
	    .fallback = "9",
	    .low = 1,
	    .high = 9999,
	    .argument = "NUMBER",
	    .where = OPTION_CONF,
	    .summary = "how many rotated transcripts to keep",
	    .help = "Older ones are deleted at each rotation.",
	},
	{
	    .section = "runner",
	    .name = "transcript-rotate-names",
	    .type = OPTION_CHOICE,
	    .field = FIELD(transcript_rotate_names),
	    .fallback = "numbered",
	    .choices = "numbered dated",
	    .argument = "numbered | dated",
	    .where = OPTION_CONF,
	    .summary = "how rotated transcripts are named",
	    .help =
		"numbered: FILE.1 is the newest, and each rotation raises "
		"the numbers by one.  dated: FILE.20261125T102030.123Z, the "
		"time of the rotation in UTC; this name never changes.",
	},
	{
	    .section = "runner",
	    .name = "transcript-compress",
	    .type = OPTION_WORDS,
	    .field = FIELD(transcript_compress),
	    .high = INT_MAX,
	    .argument = "COMMAND",
	    .where = OPTION_CONF,
	    .summary = "a command that compresses rotated transcripts",
	    .help =
		"A filter such as gzip, \"xz -9\" or zstd, which reads the "
		"file and writes the compressed one.  That gets the suffix "
		".gz, .xz, .zst and so on, and replaces the file once it is "
		"complete.  The filter runs beside the program; if it fails, "
		"the file stays as it is, and the event log says so.  It is "
		"looked up by its name for each file.",
	},
	{
	    .section = "runner",
	    .name = "transcript-marks",
	    .type = OPTION_BOOL,
	    .field = FIELD(transcript_marks),
	    .fallback = "off",
	    .where = OPTION_CONF,
	    .summary = "add zdaemon's own lines to the transcript",
	    .help =
		"If on, the transcript records when the program was started, "
		"how and after what time it ended, and where the file was "
		"rotated, in lines such as TIME --- zdaemon: pid 4711: exit "
		"status 1, up 2h 4m ---.",
	},
	{
	    .section = "runner",
	    .name = "transcript-timestamps",
	    .type = OPTION_CHOICE,
	    .field = FIELD(transcript_timestamps),
	    .fallback = "off",
	    .choices = "off utc local monotonic",
	    .argument = "off | utc | local | monotonic",
	    .where = OPTION_CONF,
	    .summary = "put the time in front of each line of the transcript",
	    .help =
		"The time has milliseconds: 2026-11-25T10:20:30.123Z for "
		"utc, 2026-11-25T11:20:30.123+01:00 for local, and "
		"[12345.678], the seconds since boot, for monotonic.  It is "
		"the time at which the beginning of the line arrived.",
	},
	{
	    .section = "runner",
	    .name = "prompt",
	    .type = OPTION_STRING,
	    .field = FIELD(prompt),
	    .high = 1023,
	    .argument = "TEXT",
	    .where = OPTION_CONF | OPTION_CLIENT,
	    .summary = "the prompt of the session",
	    .help = "A space is appended.  %n is the program's name, %s its "
		    "state, %p its pid, %u its uptime, %% a percent sign; any "
		    "other % is left as it is.  If not set, the prompt is "
		    "zdaemon>.",
	},
	{
	    .section = "runner",
	    .name = "start-test-program",
	    .type = OPTION_WORDS,
	    .field = FIELD(start_test_program),
	    .low = 1,
	    .high = INT_MAX,
	    .argument = "COMMAND",
	    .where = OPTION_CONF,
	    .summary = "a command that succeeds once the program is ready",
	    .help =
		"It is run about once a second after the program has been "
		"started.  The program counts as starting until this command "
		"exits with status 0.",
	},
	{
	    .section = "runner",
	    .name = "start-seconds",
	    .type = OPTION_DURATION,
	    .field = FIELD(start_seconds),
	    .fallback = "0.25",
	    .low = 0,
	    .high = YEAR,
	    .argument = "SECONDS",
	    .where = OPTION_CONF,
	    .summary = "how long the program must stay up to count as started",
	    .help =
		"Used if there is no start-test-program.  With 0, the "
		"program counts as started as soon as it has been executed.",
	},
	{
	    .section = "runner",
	    .name = "start-timeout",
	    .letter = 'T',
	    .type = OPTION_DURATION,
	    .field = FIELD(start_timeout),
	    .fallback = "300",
	    .low = 0,
	    .high = YEAR,
	    .argument = "SECONDS",
	    .where = ANYWHERE | OPTION_CLASSIC | OPTION_CLIENT,
	    .summary = "how long start waits for the program to be up",
	    .help = "When the time is up, start fails, but the program keeps "
		    "running and start-test-program is still run.",
	},
	{
	    .section = "runner",
	    .name = "stop-signal",
	    .type = OPTION_SIGNAL,
	    .field = FIELD(stop_signal),
	    .fallback = "TERM",
	    .argument = "SIGNAL",
	    .where = OPTION_CONF,
	    .summary = "the signal that asks the program to stop",
	    .help =
		"A name, with or without SIG, or a number; real-time signals "
		"are written RTMIN, RTMIN+3 or RTMAX-1.  If the program is "
		"suspended, CONT is sent as well.",
	},
	{
	    .section = "runner",
	    .name = "stop-timeout",
	    .type = OPTION_DURATION,
	    .field = FIELD(stop_timeout),
	    .fallback = "300",
	    .low = 0,
	    .high = YEAR,
	    .argument = "SECONDS",
	    .where = OPTION_CONF,
	    .summary = "how long stop waits before it kills the program",
	    .help =
		"stop-signal is sent to the program only.  When the time is "
		"up, all other processes that it started get SIGTERM; after "
		"kill-grace, all that remain, the program included, get "
		"SIGKILL.  With kill-tree off, the program gets SIGKILL at "
		"once.",
	},
	{
	    .section = "runner",
	    .name = "stop-schedule",
	    .type = OPTION_SCHEDULE,
	    .field = FIELD(stop_schedule),
	    .argument = "TERM/30/QUIT/5/KILL",
	    .where = OPTION_CONF,
	    .summary = "several signals that ask the program to stop, in turn",
	    .help =
		"It replaces stop-signal and stop-timeout.  Each signal is "
		"sent to the program only, followed by the seconds to wait "
		"before the next one.  The last signal may be KILL without a "
		"time; at most 8 signals are allowed.  When the last time is "
		"up, stop goes on as after stop-timeout.",
	},
	{
	    .section = "runner",
	    .name = "kill-grace",
	    .type = OPTION_DURATION,
	    .field = FIELD(kill_grace),
	    .fallback = "2",
	    .low = 0,
	    .high = HOURS(1),
	    .argument = "SECONDS",
	    .where = OPTION_CONF,
	    .summary = "how long the program's descendants may take to exit",
	    .help = "When the program is gone, its remaining descendants get "
		    "SIGTERM and, after this time, SIGKILL.",
	},
	{
	    .section = "runner",
	    .name = "kill-tree",
	    .type = OPTION_BOOL,
	    .field = FIELD(kill_tree),
	    .fallback = "on",
	    .where = OPTION_CONF,
	    .summary = "whether stop also ends what the program started",
	    .help =
		"If off, stop ends the program only, which is right for "
		"programs whose children must outlive them, such as sshd.  "
		"If zdrun exits too, a helper process keeps copying their "
		"output to the transcript until the last of them exits.  If "
		"on, and if zdrun runs in a delegated control group "
		"(Delegate=yes in a systemd unit), the program gets a "
		"control group of its own, which no descendant can leave.",
	},
	{
	    .section = "runner",
	    .name = "on-lost",
	    .type = OPTION_CHOICE,
	    .field = FIELD(on_lost),
	    .fallback = "restart",
	    .choices = "restart stop",
	    .argument = "restart | stop",
	    .where = OPTION_CONF,
	    .summary = "what to do if the program exited unobserved",
	    .help = "The program may exit while no supervisor is watching it, "
		    "because its supervisor was killed.  The next supervisor "
		    "then cannot know how it ended: restart counts this as a "
		    "crash; stop leaves the program down.",
	},
	{
	    .section = "runner",
	    .name = "pid-file",
	    .type = OPTION_PATH,
	    .field = FIELD(pid_file),
	    PATHS,
	    .argument = "FILE",
	    .where = OPTION_CONF,
	    .summary = "a file that holds the program's pid while it runs",
	    .help = "It is removed when the program exits.",
	},
	{
	    .section = "runner",
	    .name = "python",
	    .type = OPTION_PATH,
	    .field = FIELD(python),
	    PATHS,
	    .argument = "FILE",
	    .where = OPTION_CONF | OPTION_CLIENT | OPTION_IGNORED,
	    .summary = "zdaemon's Python interpreter",
	    .help = "Accepted and ignored.",
	},
	{
	    .section = "runner",
	    .name = "zdrun",
	    .type = OPTION_PATH,
	    .field = FIELD(zdrun),
	    PATHS,
	    .argument = "FILE",
	    .where = OPTION_CONF | OPTION_CLIENT | OPTION_IGNORED,
	    .summary = "zdaemon's supervisor script",
	    .help = "Accepted and ignored.",
	},
	{
	    .section = "environment",
	    .name = "environment",
	    .type = OPTION_PAIRS,
	    .field = FIELD(environment),
	    .high = 1000,
	    .argument = "VALUE",
	    .where = OPTION_CONF,
	    .summary = "environment variables for the program, as NAME = VALUE",
	    .help =
		"They are added to the caller's environment, for the program "
		"and its start-test-program only.  Names are case-sensitive.",
	},
	{
	    .section = "eventlog",
	    .name = "level",
	    .type = OPTION_LEVEL,
	    .field = FIELD(eventlog.level),
	    .fallback = "info",
	    .low = 0,
	    .high = 50,
	    .argument = "LEVEL",
	    .where = OPTION_CONF,
	    .summary = "how much the supervisor logs about itself",
	    .help =
		"One of critical, fatal, error, warn, warning, info, blather, "
		"debug, trace, all, notset, or a number from 0 to 50.  "
		"Without a logfile or syslog section, a daemon logs nothing "
		"about itself: start, status and events tell what happens.  If "
		"daemon is off, errors are told on standard error as well; and "
		"so are starts, ends and retries, if there is no such section "
		"and the supervisor is PID 1 or standard error is not a "
		"terminal.",
	},
	{
	    .section = "eventlog.logfile",
	    .name = "path",
	    .type = OPTION_PATH,
	    .field = TARGET(path),
	    PATHS,
	    .argument = "FILE",
	    .where = OPTION_CONF,
	    .summary = "the log file, or STDOUT or STDERR",
	    .help = "This key is required.  A daemon's standard streams go to "
		    "the transcript.",
	},
	{
	    .section = "eventlog.logfile",
	    .name = "level",
	    .type = OPTION_LEVEL,
	    .field = TARGET(level),
	    .fallback = "notset",
	    .low = 0,
	    .high = 50,
	    .argument = "LEVEL",
	    .where = OPTION_CONF,
	    .summary = "the minimum level of an entry in this log",
	    .help =
		"notset inherits the event log's level; the other values are "
		"the same as there.",
	},
	{
	    .section = "eventlog.logfile",
	    .name = "format",
	    .type = OPTION_FORMAT,
	    .field = TARGET(format),
	    .low = 1,
	    .high = 4096,
	    .fallback =
		"------\\n%(asctime)s %(levelname)s %(name)s %(message)s",
	    .argument = "FORMAT",
	    .where = OPTION_CONF,
	    .summary = "the format of a log entry",
	    .help =
		"Text with %(asctime)s, %(levelname)s, %(levelno)s, "
		"%(name)s, %(message)s, %(process)s and the other fields of "
		"Python's logging.  \\n, \\t, \\b, \\f and \\r stand for the "
		"control characters.",
	},
	{
	    .section = "eventlog.logfile",
	    .name = "dateformat",
	    .type = OPTION_STRING,
	    .field = TARGET(dateformat),
	    .low = 1,
	    .high = 255,
	    .fallback = "%Y-%m-%dT%H:%M:%S",
	    .argument = "FORMAT",
	    .where = OPTION_CONF,
	    .summary = "the format of %(asctime)s",
	    .help = "A format of strftime(3).",
	},
	IGNORED("eventlog.logfile", "max-size", "rotation by size"),
	IGNORED("eventlog.logfile", "old-files", "how many old files to keep"),
	IGNORED("eventlog.logfile", "when", "rotation by time"),
	IGNORED("eventlog.logfile", "interval", "rotation by time"),
	IGNORED("eventlog.logfile", "encoding", "the encoding of the file"),
	IGNORED("eventlog.logfile", "delay", "opening at the first entry"),
	STYLE("eventlog.logfile"),
	IGNORED("eventlog.logfile", "formatter", "a class of Python's"),
	IGNORED("eventlog.logfile", "arbitrary-fields", "unknown fields"),
	{
	    .section = "eventlog.syslog",
	    .name = "facility",
	    .type = OPTION_CHOICE,
	    .field = TARGET(facility),
	    .fallback = "user",
	    .choices = FACILITIES,
	    .argument = "FACILITY",
	    .where = OPTION_CONF,
	    .summary = "the facility of the log entries",
	    .help = "One of " FACILITIES ".",
	},
	{
	    .section = "eventlog.syslog",
	    .name = "address",
	    .type = OPTION_PATH,
	    .field = TARGET(address),
	    PATHS,
	    .fallback = "/dev/log",
	    .argument = "SOCKET",
	    .where = OPTION_CONF,
	    .summary = "the socket of the system log",
	    .help =
		"The path of a local socket.  A network address (HOST:PORT) "
		"is accepted, but entries go to the local system log instead.",
	},
	{
	    .section = "eventlog.syslog",
	    .name = "level",
	    .type = OPTION_LEVEL,
	    .field = TARGET(level),
	    .fallback = "notset",
	    .low = 0,
	    .high = 50,
	    .argument = "LEVEL",
	    .where = OPTION_CONF,
	    .summary = "the minimum level of an entry in this log",
	    .help =
		"notset inherits the event log's level; the other values are "
		"the same as there.",
	},
	{
	    .section = "eventlog.syslog",
	    .name = "format",
	    .type = OPTION_FORMAT,
	    .field = TARGET(format),
	    .low = 1,
	    .high = 4096,
	    .fallback = "%(name)s %(message)s",
	    .argument = "FORMAT",
	    .where = OPTION_CONF,
	    .summary = "the format of a log entry",
	    .help = "As for a logfile.",
	},
	{
	    .section = "eventlog.syslog",
	    .name = "dateformat",
	    .type = OPTION_STRING,
	    .field = TARGET(dateformat),
	    .low = 1,
	    .high = 255,
	    .fallback = "%Y-%m-%dT%H:%M:%S",
	    .argument = "FORMAT",
	    .where = OPTION_CONF,
	    .summary = "the format of %(asctime)s",
	    .help = "A format of strftime(3).",
	},
	STYLE("eventlog.syslog"),
	IGNORED("eventlog.syslog", "formatter", "a class of Python's"),
	IGNORED("eventlog.syslog", "arbitrary-fields", "unknown fields"),
};

const size_t option_count = sizeof(option_table) / sizeof(option_table[0]);

_Static_assert(sizeof(option_table) / sizeof(option_table[0]) <= OPTION_MAX,
    "struct runner keeps an origin for each row");
