/*
 * Names to numbers: the user, its group and its supplementary groups.
 */
#include "config.h"

#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "base/cause.h"
#include "base/units.h"
#include "options/user.h"

/* Who is meant, in numbers and, where there is an entry, by name. */
struct account {
	const char *name; /* NULL: a number without an entry */
	uid_t uid;
	gid_t gid;
};

/* 0, or -1 with cause. */
static int
find_account(struct account *account, const char *user, char **cause)
{
	const struct passwd *entry;
	long long number;
	bool numeric;

	numeric = units_parse_number(user, 0, (long long)UINT_MAX - 1, &number);
	errno = 0;
	entry = numeric ? getpwuid((uid_t)number) : getpwnam(user);
	if (entry != NULL) {
		*account = (struct account){ entry->pw_name, entry->pw_uid,
			entry->pw_gid };
		return 0;
	}
	if (errno != 0 && errno != ENOENT && errno != ESRCH) {
		cause_set(cause, "unable to look up user '%.100s': %s", user,
		    strerror(errno));
		return -1;
	}
	if (!numeric) {
		cause_set(cause, "username '%.100s' not found", user);
		return -1;
	}
	*account = (struct account){ NULL, (uid_t)number, (gid_t)number };
	return 0;
}

static int
find_groups(
    const struct account *account, gid_t *group, size_t *groups, char **cause)
{
	int count = *groups > INT_MAX ? INT_MAX : (int)*groups;

	if (account->name == NULL) {
		group[0] = account->gid;
		*groups = 1;
		return 0;
	}
	if (getgrouplist(account->name, account->gid, group, &count) == -1) {
		cause_set(cause, "user '%.100s' is in more than %zu groups",
		    account->name, *groups);
		return -1;
	}
	*groups = (size_t)count;
	return 0;
}

int
user_resolve(const char *user, uid_t *uid, gid_t *gid, gid_t *group,
    size_t *groups, char **cause)
{
	struct account account;

	if (user != NULL && find_account(&account, user, cause) == -1)
		return -1;
	if (user == NULL || account.uid == geteuid()) {
		*uid = (uid_t)-1;
		*gid = (gid_t)-1;
		*groups = 0;
		return 0;
	}
	if (geteuid() != 0) {
		cause_set(cause, "only root can use -u USER to change users");
		return -1;
	}
	if (find_groups(&account, group, groups, cause) == -1)
		return -1;
	*uid = account.uid;
	*gid = account.gid;
	return 0;
}

int
user_group(const char *group, gid_t *gid, char **cause)
{
	const struct group *entry;
	long long number;

	if (group == NULL) {
		*gid = (gid_t)-1;
		return 0;
	}
	if (units_parse_number(group, 0, (long long)UINT_MAX - 1, &number)) {
		*gid = (gid_t)number;
		return 0;
	}
	if ((entry = getgrnam(group)) == NULL) {
		cause_set(cause, "group '%.100s' not found", group);
		return -1;
	}
	*gid = entry->gr_gid;
	return 0;
}
