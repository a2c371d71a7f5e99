/**
 * Header of every answer about a closed epoch (its API answers, its tiles): SHA-256 of the epoch's summary in hex. Two answers
 * with the same value come from one snapshot.
 */
export const SUMMARY_HASH_HEADER = 'sextant-summary-hash';
