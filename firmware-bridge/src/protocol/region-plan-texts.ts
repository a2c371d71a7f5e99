import type { RegionPlanName } from './reports.ts';

/** What a person is told about a plan. Never hashed, never compared: wording may change. */
export interface RegionPlanText {
  readonly title: string;
  /** Why the plan may not be used for beacons; present exactly when `beaconingAllowed` is false. */
  readonly noBeaconing?: string;
  /** What to know before the first beacon. */
  readonly setup?: string;
}

const AS923_SETUP =
  'Beacons use the two channels every AS923 gateway has. In Japan listen-before-talk is mandatory: run the hotspot ' +
  'receive-only there unless your gateway does it.';

/** Sources as in region-plans.ts; the listen-before-talk rules: LoRaWAN Regional Parameters 1.0.3 rev. A, AS923 and KR920. */
export const REGION_PLAN_TEXTS: Readonly<Record<RegionPlanName, RegionPlanText>> = {
  EU868: { title: 'Europe 863–870 MHz' },
  US915_FSB2: {
    title: 'North America 902–928 MHz, sub-band 2',
    // Lora-net/sx1302_hal V2.1.0, packet_forwarder/global_conf.json.sx1250.US915.
    setup:
      'The stock US915 configuration of the packet forwarder has tx_freq_min 923000000, which refuses every beacon with ' +
      'TX_FREQ. Set tx_freq_min 902000000 and tx_freq_max 928000000 for radio_0 in global_conf.json and restart it.',
  },
  AU915_FSB2: { title: 'Australia and South America 915–928 MHz, sub-band 2' },
  AS923_1: { title: 'Asia 915–928 MHz, group 1', setup: AS923_SETUP },
  AS923_2: { title: 'Asia 920–923 MHz, group 2 (Indonesia, Vietnam)', setup: AS923_SETUP },
  AS923_3: { title: 'Asia 915–921 MHz, group 3 (Philippines, Cuba and others)', setup: AS923_SETUP },
  AS923_4: { title: 'Israel 917–920 MHz, AS923 group 4', setup: AS923_SETUP },
  IN865: { title: 'India 865–867 MHz' },
  KR920: {
    title: 'South Korea 920–923 MHz',
    noBeaconing:
      'South Korea requires listen-before-talk, and a packet forwarder gives no way to ask for it or to see that it was ' +
      'done. The hotspot works as a witness.',
  },
  RU864: { title: 'Russia 864–870 MHz' },
  CN470: {
    title: 'China 470–510 MHz, sub-band 11',
    noBeaconing:
      'The band is shared under rules (listen-before-talk or adaptive frequency agility) that a packet forwarder gives no ' +
      'way to follow. The hotspot works as a witness.',
  },
  EU433: { title: 'Europe 433 MHz' },
};
