/** What a check compares, by its name in a verdict. */
const CHECK_WORDS: Readonly<Record<string, string>> = {
  horizon: 'Distance against the radio horizon',
  beyond_horizon: 'Distance against the radio horizon',
  too_near: 'Distance between the two',
  too_loud: 'Signal power against free space',
  too_quiet: 'Signal-to-noise ratio',
  noise_too_low: 'Noise the figures imply',
  clock: 'Time between sending and receiving',
  frequency: 'Frequency',
  frequency_mismatch: 'Frequency',
  spreading_factor: 'Spreading factor',
  bandwidth: 'Bandwidth',
  power_step: 'Requested power step',
  slot: 'Slot',
  power_above_plan: 'Radiated power against the plan',
  power_above_assertion: 'Power against the declaration',
};

/** A check's name in words; one without words of its own is shown as it is named. */
export function checkWords(check: string): string {
  const words = CHECK_WORDS[check] ?? check.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
