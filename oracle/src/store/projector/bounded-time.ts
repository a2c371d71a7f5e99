const DAY_MS = 86_400_000;

/** Late reports are admitted for a few days; a month leaves room for every rule set. Retention is longer. */
const OLDEST_DAYS = 30;
/** Honest clocks are minutes off; time zones set wrongly are less than a day. */
const NEWEST_DAYS = 1;

/**
 * The time a row is filed under: what the signed report says, bounded by the log's own time where it stands, so that one
 * hostile report cannot open a partition in the year 3000. The same report at the same place has the same time for ever.
 */
export function boundedTime(atMs: number, logMs: number): number {
  const today = Math.floor(logMs / DAY_MS) * DAY_MS;
  return Math.min(Math.max(atMs, today - OLDEST_DAYS * DAY_MS), today + (NEWEST_DAYS + 1) * DAY_MS - 1);
}
