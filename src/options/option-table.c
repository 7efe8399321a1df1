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

const struct option_row option_table[] = {
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
		"A list of words, or a string that is split as a shell "
		"splits words; no shell is involved, so write "
		"{\"sh\", \"-c\", \"...\"} where one is wanted.  A program "
		"without a slash is searched in the PATH of the environment "
		"section, else of the caller; with one it is relative to "
		"directory.",
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
	    .help = "Better an absolute path.  Its directory is created, one "
		    "level deep, if it is missing.",
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
	    .summary = "who may look and who may control",
	    .help = "An octal mode: a digit for the owner, always 6, one for "
		    "socket-group and one for all others: 6 may control, 4 "
		    "may only look (status, events, tree), 0 neither. Root "
		    "and the user who runs the supervisor always may all.",
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
	    .summary = "the group that socket-mode speaks of",
	    .help = "By name or number. The socket gets it as its group; a "
		    "user that is not root must be in it.",
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
		"When on, the supervisor leaves the terminal: a session "
		"of its own, the directory, the umask, its standard streams "
		"at /dev/null.  When off, start runs the program in the "
		"foreground with the caller's streams.  No command-line "
		"option turns it off.",
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
	    .summary = "where the program runs",
	    .help = "Created, one level deep, if it is missing.  Without "
		    "effect when daemon is off.",
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
	    .summary = "how long, and how often, to try a crashing program",
	    .help =
		"A program that ends before it has been up for so many "
		"seconds is started again after 1, 2, 3... seconds; at the "
		"limit the supervisor gives up, so the program runs so many "
		"times.  With forever, it goes on at that delay.  Less than 1 "
		"counts as 1.",
	},
	{
	    .section = "runner",
	    .name = "forever",
	    .letter = 'f',
	    .type = OPTION_BOOL,
	    .field = FIELD(forever),
	    .fallback = "off",
	    .where = ANYWHERE | OPTION_CLASSIC,
	    .summary = "never give up a crashing program",
	    .help = "Keeps restarting it with backoff-limit seconds between "
		    "two runs.  exit-codes come first.",
	},
	{
	    .section = "runner",
	    .name = "exit-codes",
	    .letter = 'x',
	    .type = OPTION_CODES,
	    .field = FIELD(exit_codes),
	    .fallback = "0,2",
	    .low = 0,
	    .high = 255,
	    .argument = "LIST",
	    .where = ANYWHERE | OPTION_CLASSIC,
	    .summary = "exit statuses after which it is not restarted",
	    .help =
		"A list of numbers, or a string of numbers parted by "
		"commas; it may be empty.  Death by a signal never matches.",
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
	    .help =
		"For root only: others may name nobody but themselves.  "
		"The supervisor and the program get the user's id, group and "
		"supplementary groups before anything is opened.",
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
	    .summary = "the umask of the program, in octal",
	    .help = "Without effect when daemon is off.",
	},
	{
	    .section = "runner",
	    .name = "hang-around",
	    .type = OPTION_BOOL,
	    .field = FIELD(hang_around),
	    .fallback = "off",
	    .where = OPTION_CONF,
	    .summary = "keep the supervisor when the program is stopped",
	    .help = "When off, the supervisor ends with its program.",
	},
	{
	    .section = "runner",
	    .name = "default-to-interactive",
	    .type = OPTION_BOOL,
	    .field = FIELD(default_to_interactive),
	    .fallback = "on",
	    .where = OPTION_CONF | OPTION_CLIENT,
	    .summary = "open a session when no command is given",
	    .help = "When off, a session needs -i.",
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
	    .summary = "the file that logtail shows",
	    .help = "The program's own log, which zdaemon only reads.",
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
	    .help = "Its standard output and error are appended to this file, "
		    "which is relative to directory.  Without it they are "
		    "discarded.  Without effect when daemon is off.  "
		    "syslog:FACILITY/TAG and journal:TAG name the system log "
		    "and systemd's journal in place of a file: an entry for "
		    "each line, of level info, those longer than 8 and 48 "
		    "KiB in parts.  The facility is daemon, the tag the "
		    "program's name where they are left out, as in syslog: "
		    "and journal: alone.  @SOCKET behind it, an absolute "
		    "path, says where the log listens if not at its usual "
		    "place.  A file of such a name is written ./syslog:.",
	},
	{
	    .section = "runner",
	    .name = "transcript-stderr",
	    .type = OPTION_TARGET,
	    .field = FIELD(transcript_stderr),
	    PATHS,
	    .argument = "FILE",
	    .where = OPTION_CONF,
	    .summary = "where its standard error goes, if apart",
	    .help = "Treated as the transcript is, with the same options.  "
		    "Without it standard error goes where standard output "
		    "goes.  In a log of the system's its lines have level "
		    "warning.",
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
	    .summary = "how much output waits while the disk is full",
	    .help = "The program never waits for its transcript: what the "
		    "file does not take waits in memory of this size.  What "
		    "does not fit there either is dropped by whole lines and "
		    "counted (see status), and a line in the transcript says "
		    "how many bytes are missing.",
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
	    .summary = "at which size the transcript is rotated; 0: at none",
	    .help = "The file is renamed at the next end of a line, and a "
		    "new one begun.  A line that goes on for another "
		    "megabyte is cut.",
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
	    .summary = "at which age the transcript is rotated; 0: at none",
	    .help = "Such as 1d.  The age counts from when the file was "
		    "made; an empty one is not rotated.",
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
	    .summary = "how many rotated transcripts are kept",
	    .help = "The oldest beyond them are removed at a rotation.",
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
	    .summary = "how rotated transcripts are called",
	    .help = "numbered: FILE.1 is the newest, and each moves on by one "
		    "at a rotation.  dated: FILE.20261125T102030.123Z, the "
		    "time of the rotation in UTC, for good.",
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
	    .help = "A filter such as gzip, \"xz -9\" or zstd: it reads the "
		    "file and writes the compressed one, which gets .gz, "
		    ".xz, .zst and so on behind its name, and takes the "
		    "file's place once it is whole.  It runs beside the "
		    "program; if it fails, the file stays as it is, and the "
		    "event log says so.",
	},
	{
	    .section = "runner",
	    .name = "transcript-marks",
	    .type = OPTION_BOOL,
	    .field = FIELD(transcript_marks),
	    .fallback = "off",
	    .where = OPTION_CONF,
	    .summary = "lines of zdaemon's own in the transcript",
	    .help = "When on, the transcript says when the program was "
		    "started, how and after what time it ended, and where "
		    "the file was rotated, in lines such as TIME --- "
		    "zdaemon: pid 4711: exit status 1, up 2h 4m ---.",
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
	    .summary = "the time in front of every line of the transcript",
	    .help =
		"With milliseconds: 2026-11-25T10:20:30.123Z for utc, "
		"2026-11-25T11:20:30.123+01:00 for local, [12345.678], the "
		"seconds since the system's start, for monotonic.  It is the "
		"time at which the beginning of the line came.",
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
	    .help = "A blank follows it.  %n is the program's name, %s its "
		    "state, %p its pid, %u its uptime, %% a percent sign.",
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
	    .summary = "a command that succeeds once the program serves",
	    .help =
		"It is run about once a second after the program was "
		"started; until it exits with status 0 the program counts as "
		"starting.",
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
	    .summary = "how long it must stay up to count as started",
	    .help = "Where there is no start-test-program.  With 0 it counts "
		    "as started when it was executed.",
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
	    .help = "After that start fails; the program keeps running and "
		    "being tested.",
	},
	{
	    .section = "runner",
	    .name = "stop-signal",
	    .type = OPTION_SIGNAL,
	    .field = FIELD(stop_signal),
	    .fallback = "TERM",
	    .argument = "SIGNAL",
	    .where = OPTION_CONF,
	    .summary = "the signal that asks the program to end",
	    .help = "By name, with or without SIG, or by number. A program "
		    "that is stopped is also told to continue.",
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
	    .summary = "how long stop waits before it kills",
	    .help = "The program alone is asked to end, by stop-signal. When "
		    "the time is over, so is all that it started, by SIGTERM, "
		    "and after kill-grace SIGKILL follows for all of it.",
	},
	{
	    .section = "runner",
	    .name = "stop-schedule",
	    .type = OPTION_SCHEDULE,
	    .field = FIELD(stop_schedule),
	    .argument = "TERM/30/QUIT/5/KILL",
	    .where = OPTION_CONF,
	    .summary = "several signals that ask it to end, one after another",
	    .help = "Instead of stop-signal and stop-timeout: each signal goes "
		    "to the program alone, and the next follows when its time "
		    "is over, as in TERM/30/QUIT/5/KILL. The last may be KILL "
		    "without a time; at most 8 signals. After the last time "
		    "all goes on as after stop-timeout.",
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
	    .summary = "how long what the program left behind may take to end",
	    .help = "Its remaining descendants get SIGTERM when the program "
		    "is gone, and SIGKILL after this time.",
	},
	{
	    .section = "runner",
	    .name = "kill-tree",
	    .type = OPTION_BOOL,
	    .field = FIELD(kill_tree),
	    .fallback = "on",
	    .where = OPTION_CONF,
	    .summary = "whether stopping also ends what the program started",
	    .help = "If off, a stop ends the program alone. That is right "
		    "for programs whose children are to outlive them, such "
		    "as sshd. If on, and where zdrun runs in a delegated "
		    "control group (Delegate=yes in a unit of systemd), the "
		    "program gets a group of its own, which nothing leaves.",
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
	    .summary = "what to do when the program ended unseen",
	    .help = "A supervisor that took over the program of a killed "
		    "one may find it gone without knowing how it ended. "
		    "restart counts that as a crash; stop leaves the "
		    "program down.",
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
	    .help = "It is removed when the program ends.",
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
	    .summary = "variables for the program, NAME = VALUE each",
	    .help = "Added to the environment of the caller, for the program "
		    "and its start-test-program alone.  Names keep their case.",
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
	    .summary = "what the supervisor logs about itself",
	    .help = "One of critical, fatal, error, warn, warning, info, "
		    "blather, debug, trace, all, notset, or a number from 0 to "
		    "50.",
	},
	{
	    .section = "eventlog.logfile",
	    .name = "path",
	    .type = OPTION_PATH,
	    .field = TARGET(path),
	    PATHS,
	    .argument = "FILE",
	    .where = OPTION_CONF,
	    .summary = "the file, or STDOUT or STDERR",
	    .help = "The standard streams of a daemon end in the transcript.  "
		    "Required.",
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
	    .summary = "what goes to this log; notset: as the event log",
	    .help = "As the level of the event log.",
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
	    .summary = "how an entry looks",
	    .help = "%(asctime)s, %(levelname)s, %(levelno)s, %(name)s, "
		    "%(message)s, %(process)s and the other names of Python's "
		    "logging; \\n, \\t, \\b, \\f and \\r are known.",
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
	    .summary = "how %(asctime)s looks",
	    .help = "In the language of strftime(3).",
	},
	IGNORED("eventlog.logfile", "max-size", "rotation by size"),
	IGNORED("eventlog.logfile", "old-files", "how many old files to keep"),
	IGNORED("eventlog.logfile", "when", "rotation by time"),
	IGNORED("eventlog.logfile", "interval", "rotation by time"),
	IGNORED("eventlog.logfile", "encoding", "the encoding of the file"),
	IGNORED("eventlog.logfile", "delay", "opening at the first entry"),
	IGNORED("eventlog.logfile", "style", "the language of format"),
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
	    .summary = "the facility of the entries",
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
	    .help = "The path of a local socket; a network address (HOST:PORT) "
		    "is accepted, and the local system log is used instead.",
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
	    .summary = "what goes to this log; notset: as the event log",
	    .help = "As the level of the event log.",
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
	    .summary = "how an entry looks",
	    .help = "As the format of a log file.",
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
	    .summary = "how %(asctime)s looks",
	    .help = "In the language of strftime(3).",
	},
	IGNORED("eventlog.syslog", "style", "the language of format"),
	IGNORED("eventlog.syslog", "formatter", "a class of Python's"),
	IGNORED("eventlog.syslog", "arbitrary-fields", "unknown fields"),
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
};

const size_t option_count = sizeof(option_table) / sizeof(option_table[0]);

_Static_assert(sizeof(option_table) / sizeof(option_table[0]) <= OPTION_MAX,
    "struct runner keeps an origin for each row");
