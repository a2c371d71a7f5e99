import type { AccusationCode, Reason } from '@sextant/firmware-bridge/protocol';

interface Words {
  /** What is the matter. */
  readonly what: string;
  readonly advice: string;
}

const BY_REASON: Partial<Readonly<Record<Reason, Words>>> = {
  none: {
    what: 'The place is proven: all its links together fit the asserted cell.',
    advice: 'Nothing: all is well.',
  },
  too_few_witnesses: {
    what: 'Too few independent hotspots in different cells are linked with it. Nothing is held against it.',
    advice: 'Wait for neighbours or a survey drive; a higher antenna reaches more of them.',
  },
  untrusted: {
    what: 'The hotspots linked with it are not trusted enough yet. Nothing is held against it.',
    advice: 'Wait until hotspots the network trusts are linked with it or with its neighbours.',
  },
  location_doubted: {
    what: 'Its links fit another place better than the asserted cell. It is unpaid until they do not; that is no accusation.',
    advice: 'Check the asserted cell, antenna gain and power levels. If it stands elsewhere, assert that place.',
  },
  too_new: {
    what: 'All is well so far, but the place has not been watched for long enough. What it earns is held until then.',
    advice: 'Wait: what is held is paid out when the place is proven.',
  },
  location_refuted: {
    what: 'Its links spoke against the asserted cell in several epochs, each with a witness that was new.',
    advice: 'Assert the true place, or let the owner appeal.',
  },
  residual_spread_narrow: {
    what: 'The signal levels lie closer to a formula of distance than radio ever does.',
    advice: 'Let the bridge report what the radio measures, with no software in between.',
  },
  levels_not_reciprocal: {
    what: 'It is heard much louder or softer than it hears: the two directions of its links do not agree.',
    advice: 'Assert the power levels and antenna gain it really has; calibrate rssi_offset in the forwarder.',
  },
  power_steps_ignored: {
    what: 'The levels it reports do not follow the secret power steps the beacons were sent at.',
    advice: 'Let the bridge report what the radio measures.',
  },
  witness_sets_alike: {
    what: 'It is linked with the same hotspots, at the same levels, as keys that claim places far away: as if they shared an antenna.',
    advice: 'Assert where the antenna is; hotspots on one roof may say so.',
  },
  unheard_cluster: {
    what: 'It belongs to a group that confirms itself, and the trusted hotspots around never hear any of it.',
    advice: 'Assert the true place; a survey drive past it proves what can be heard.',
  },
  late_both_ways: {
    what: 'What it hears and what others hear of it comes late, as if beacons were recorded and sent again.',
    advice: 'Put no repeater between the gateway and the air.',
  },
};

export function wordsOf(reason: Reason | AccusationCode): Words {
  return BY_REASON[reason] ?? { what: `Reason ${reason}.`, advice: `See ${reason} in rules.md.` };
}

const CHECKS: Readonly<Record<string, string>> = {
  doubtful_epochs: 'epochs with new witnesses against it',
  likelihood_gap: 'how much better the likeliest place fits',
  witness_cells: 'different cells with witnesses',
  witness_trust: 'witnesses, each counted as it is trusted',
  residual_links: 'strong links compared',
  residual_spread: 'scatter of levels around distance',
  reciprocal_pairs: 'pairs compared both ways',
  loss_out_less_in: 'difference of the two directions',
  excess_power_by_rates: 'sends more than it says, by how often it is heard',
  excess_power_by_levels: 'sends more than it says, by levels',
  step_observations: 'receptions compared with power steps',
  step_senders: 'senders compared',
  power_step_slope: 'how levels follow the steps (1 = fully)',
  slope_errors_below_one: 'standard errors that is below 1',
  claimed_apart: 'distance between the asserted places',
  common_links: 'links in common',
  one_antenna_likelier: 'one antenna likelier than two by',
  unheard_members: 'members of the group',
  trusted_in_reach: 'trusted hotspots in reach of each',
  claimed_reach: 'how far they claim to hear each other',
  epochs_watched: 'epochs it has been watched for',
  late_links: 'links compared in each direction',
  heard_later_than_others: 'how much later than others it hears the same',
  delay_both_ways: 'how late both directions are together',
  trusted_that_hear: 'trusted hotspots that hear any',
};

/** A check's name for people. */
export function checkName(check: string): string {
  return CHECKS[check] ?? check.replaceAll('_', ' ');
}
