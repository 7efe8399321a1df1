/*
 * The name a mistyped word most likely meant: edit distance with swapped
 * neighbours (optimal string alignment), a third of the word at the most;
 * else one that begins with the word.
 */
#include "config.h"

#include <string.h>

#include "base/ascii.h"
#include "base/near.h"

#define NEAR_BEGUN 3	/* letters: less could be anything */
#define NEAR_MAX 64	/* longer words are no typing errors of ours */

static size_t
smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

static bool
same(char a, char b)
{
	return ascii_lower(a) == ascii_lower(b);
}

size_t
near_distance(const char *a, const char *b, size_t limit)
{
	size_t before[NEAR_MAX + 1], last[NEAR_MAX + 1], now[NEAR_MAX + 1];
	size_t i, j, la = strlen(a), lb = strlen(b);

	if (la > NEAR_MAX || lb > NEAR_MAX)
		return limit + 1;
	for (j = 0; j <= lb; j++)
		last[j] = j;
	memcpy(before, last, sizeof(before));
	for (i = 1; i <= la; i++) {
		now[0] = i;
		for (j = 1; j <= lb; j++) {
			now[j] = last[j - 1] + !same(a[i - 1], b[j - 1]);
			now[j] = smaller(now[j], smaller(last[j], now[j - 1]) + 1);
			if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) &&
			    same(a[i - 2], b[j - 1]))
				now[j] = smaller(now[j], before[j - 2] + 1);
		}
		memcpy(before, last, (lb + 1) * sizeof(last[0]));
		memcpy(last, now, (lb + 1) * sizeof(last[0]));
	}
	return smaller(last[lb], limit + 1);
}

void
near_begin(struct near *near, const char *word)
{
	near->word = word;
	near->best = NULL;
	near->distance = strlen(word) < 6 ? strlen(word) > 1 :
					    strlen(word) / 3;
	near->begins = false;
}

/* Of two equally near, the one that was only cut short. */
static bool
is_nearer(const struct near *near, size_t distance, bool begins)
{
	if (distance != near->distance)
		return distance < near->distance;
	return near->best == NULL || (begins && !near->begins);
}

void
near_offer(struct near *near, const char *name)
{
	size_t distance = near_distance(near->word, name, near->distance);
	size_t len = strlen(near->word);
	bool begins = ascii_same_part(near->word, name, len);

	if (begins && len >= NEAR_BEGUN && near->best == NULL &&
	    distance > near->distance)
		distance = near->distance;
	if (is_nearer(near, distance, begins)) {
		near->best = name;
		near->distance = distance;
		near->begins = begins;
	}
}
