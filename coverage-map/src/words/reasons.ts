import type { Reason } from '@sextant/oracle/api';

export interface ReasonWords {
  /** A few words for lists. */
  readonly title: string;
  /** One sentence for the owner. */
  readonly sentence: string;
}

/** Every reason in words; a new code does not compile until it has some. */
export const REASON_WORDS: Readonly<Record<Reason, ReasonWords>> = {
  none: { title: 'All checks passed', sentence: 'Nothing speaks against this report.' },
  unknown_key: { title: 'Unknown key', sentence: 'The signing key is not known to the network.' },
  no_assertion_in_force: {
    title: 'No location asserted',
    sentence: 'The hotspot had no asserted location in force in this round.',
  },
  cannot_transmit: { title: 'Declared receive-only', sentence: 'The hotspot has declared that it cannot transmit.' },
  chain_link_mismatch: {
    title: 'Wrong chain link',
    sentence: 'The revealed secret does not continue the hash chain the hotspot committed to.',
  },
  round_void: { title: 'Void round', sentence: 'The round never got its certificate, so nothing in it counts.' },
  frame_mismatch: {
    title: 'Wrong frame',
    sentence: 'The bytes on the air are not the ones this round’s secret gives.',
  },
  frequency_mismatch: { title: 'Wrong frequency', sentence: 'The channel is not the one this round’s secret gives.' },
  spreading_factor_mismatch: {
    title: 'Wrong spreading factor',
    sentence: 'The spreading factor is not the one this round’s secret gives.',
  },
  bandwidth_mismatch: { title: 'Wrong bandwidth', sentence: 'The bandwidth is not the one the region plan gives.' },
  power_step_mismatch: {
    title: 'Wrong power step',
    sentence: 'The requested transmit power is not the step this round’s secret gives.',
  },
  slot_mismatch: { title: 'Wrong slot', sentence: 'It was not sent in the slot this round’s secret gives.' },
  power_above_plan: { title: 'Too much power', sentence: 'The radiated power is above what the region plan allows.' },
  power_above_assertion: {
    title: 'More power than declared',
    sentence: 'The transmit power is above every level the hotspot has declared.',
  },
  region_plan_mismatch: {
    title: 'Wrong region plan',
    sentence: 'The region plan is not the one for the asserted place.',
  },
  duplicate_beacon: {
    title: 'Two beacons in a round',
    sentence: 'A hotspot sends one beacon a round; it reported two, and neither counts.',
  },
  batch_name_conflict: {
    title: 'Conflicting batches',
    sentence: 'Two different batches carry the same name, for example after a restored backup; neither counts.',
  },
  revealed_before_slot_closed: {
    title: 'Revealed too early',
    sentence: 'The beacon was revealed before its slot had closed, so it could have been copied.',
  },
  outside_epoch: { title: 'Outside the epoch', sentence: 'The report does not belong to a round of this epoch.' },
  wrong_participant_kind: {
    title: 'Wrong kind of participant',
    sentence: 'This kind of report cannot come from this kind of key.',
  },
  no_such_beacon: { title: 'Nobody sent it', sentence: 'No revealed transmission matches what was reported as heard.' },
  commitment_mismatch: {
    title: 'Not really heard',
    sentence: 'The witness did not prove that it knew the beacon’s secret content.',
  },
  after_slot_closed: { title: 'Too late', sentence: 'The report reached the log after its slot had closed.' },
  conflicting_reports: {
    title: 'Contradicts itself',
    sentence: 'The witness sent different reports about the same beacon; none of them counts.',
  },
  self_witness: { title: 'Its own beacon', sentence: 'A hotspot cannot be the witness of its own beacon.' },
  same_owner: { title: 'Same owner', sentence: 'Sender and witness belong to one owner, so the link proves nothing.' },
  too_near: { title: 'Too near', sentence: 'The two are so close that hearing each other proves nothing.' },
  beyond_horizon: {
    title: 'Beyond the horizon',
    sentence: 'The asserted places are farther apart than radio reaches over the curve of the Earth.',
  },
  clock: { title: 'Clock is off', sentence: 'The times of sending and receiving do not fit together.' },
  too_loud: {
    title: 'Too loud for the distance',
    sentence: 'The signal was stronger than physics allows between the asserted places.',
  },
  too_quiet: { title: 'Too quiet to decode', sentence: 'No receiver decodes a signal this far below the noise.' },
  noise_too_low: {
    title: 'Impossible noise floor',
    sentence: 'Signal and noise figures together imply a receiver quieter than physics allows.',
  },
  beacon_not_valid: { title: 'Its beacon is not valid', sentence: 'The beacon it heard was itself not valid.' },
  no_grant: { title: 'No grant', sentence: 'The survey device holds no grant for this epoch.' },
  index_reused: {
    title: 'Secret used twice',
    sentence: 'A survey device spends each secret once; this one was spent.',
  },
  gnss_poor: { title: 'Uncertain position', sentence: 'The satellite position of the survey device was too poor.' },
  no_chain_anchor: { title: 'No chain anchor', sentence: 'The device has not committed to a hash chain yet.' },
  number_conflict: {
    title: 'Two assertions, one number',
    sentence: 'Two different assertions carry the same number; neither counts.',
  },
  cell_not_allowed: { title: 'Cell not allowed', sentence: 'The asserted cell has a resolution that is not allowed.' },
  antenna_height: { title: 'Antenna height', sentence: 'The declared antenna height is out of bounds.' },
  altitude: { title: 'Altitude', sentence: 'The declared altitude is out of bounds.' },
  too_few_witnesses: {
    title: 'Too few witnesses',
    sentence: 'Too few hotspots in different places are linked with it to prove where it is.',
  },
  untrusted: {
    title: 'Witnesses not trusted yet',
    sentence: 'The hotspots linked with it are not trusted enough yet to prove where it is.',
  },
  location_doubted: {
    title: 'Place in doubt',
    sentence: 'Its links fit another place better than the asserted one; it is unpaid until they do not.',
  },
  location_refuted: {
    title: 'Place refuted',
    sentence: 'Its links have spoken against the asserted place in several epochs, each with a new witness.',
  },
  residual_spread_narrow: {
    title: 'Signals too regular',
    sentence: 'Its signal levels scatter less around distance than radio does.',
  },
  levels_not_reciprocal: {
    title: 'Directions disagree',
    sentence: 'The two directions of its links differ by more than antennas and power explain.',
  },
  power_steps_ignored: {
    title: 'Power steps not seen',
    sentence: 'The levels it reports do not follow the secret power steps of the beacons.',
  },
  witness_sets_alike: {
    title: 'Same witnesses far apart',
    sentence: 'It is linked with the same hotspots as others that claim to be far away.',
  },
  unheard_cluster: {
    title: 'Unheard group',
    sentence: 'It belongs to a group that the hotspots around it never hear.',
  },
  no_such_accusation: {
    title: 'Nothing to appeal',
    sentence: 'The appeal is against something that is not held against it.',
  },
  appeal_open: { title: 'Appeal under review', sentence: 'An appeal against this accusation is being reviewed.' },
  already_reviewed: { title: 'Already ruled on', sentence: 'Validators have ruled on an appeal against this already.' },
  antenna_gain: { title: 'Antenna gain', sentence: 'The declared antenna gain is out of bounds.' },
  power_levels: { title: 'Power levels', sentence: 'The declared power levels are not possible.' },
  owner_signature: { title: 'Owner’s signature', sentence: 'The owner’s signature is missing or wrong.' },
  key_not_allowed: { title: 'Key not allowed', sentence: 'A key of this form is not accepted.' },
};
