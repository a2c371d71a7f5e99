import type { RegionPlanName } from '@sextant/firmware-bridge/protocol';

export interface CountryPlans {
  /** Every plan that one of the lists names for these countries. */
  readonly plans: readonly RegionPlanName[];
  /** ISO 3166-1 numeric code → name, as in world-atlas. */
  readonly countries: Readonly<Record<string, string>>;
}

/**
 * Which plans may be used where: the union of two public lists, so that a plan is refused only where neither names it.
 * - dewi-alliance/hplans at 0f6a61e, regions.csv: LoRa Alliance RP002-1.0.3, "channel plan per country", with additions
 *   of the Helium community. CN779 has no plan here.
 * - TheThingsNetwork/lorawan-frequency-plans at 02073e5, frequency-plans.yml, `country-codes`.
 *
 * Countries for which the lists know nothing, or nothing above 433 MHz, are left out: every plan passes there.
 * Overseas parts that world-atlas counts to France, the Netherlands and Norway have the plans of those.
 */
export const COUNTRY_PLANS: readonly CountryPlans[] = [
  {
    plans: ['EU868'],
    countries: {
      '336': 'Vatican',
      '384': "Côte d'Ivoire",
      '686': 'Senegal',
    },
  },
  {
    plans: ['EU868', 'AS923_1'],
    countries: {
      '116': 'Cambodia',
    },
  },
  {
    plans: ['EU868', 'AS923_1', 'EU433'],
    countries: {
      '096': 'Brunei',
      '348': 'Hungary',
      '418': 'Laos',
      '834': 'Tanzania',
    },
  },
  {
    plans: ['EU868', 'AS923_3'],
    countries: {
      '608': 'Philippines',
    },
  },
  {
    plans: ['EU868', 'AS923_3', 'EU433'],
    countries: {
      '008': 'Albania',
      '174': 'Comoros',
      '208': 'Denmark',
      '233': 'Estonia',
      '239': 'S. Geo. and the Is.',
      '304': 'Greenland',
      '364': 'Iran',
      '372': 'Ireland',
      '414': 'Kuwait',
      '438': 'Liechtenstein',
      '442': 'Luxembourg',
      '498': 'Moldova',
      '578': 'Norway',
      '616': 'Poland',
      '634': 'Qatar',
      '682': 'Saudi Arabia',
      '703': 'Slovakia',
      '705': 'Slovenia',
      '706': 'Somalia',
      '756': 'Switzerland',
      '760': 'Syria',
      '784': 'United Arab Emirates',
      '826': 'United Kingdom',
      '831': 'Guernsey',
      '832': 'Jersey',
      '833': 'Isle of Man',
    },
  },
  {
    plans: ['EU868', 'AS923_3', 'RU864', 'EU433'],
    countries: {
      '643': 'Russia',
    },
  },
  {
    plans: ['EU868', 'EU433'],
    countries: {
      '020': 'Andorra',
      '040': 'Austria',
      '048': 'Bahrain',
      '051': 'Armenia',
      '056': 'Belgium',
      '064': 'Bhutan',
      '070': 'Bosnia and Herz.',
      '072': 'Botswana',
      '100': 'Bulgaria',
      '112': 'Belarus',
      '132': 'Cabo Verde',
      '191': 'Croatia',
      '196': 'Cyprus',
      '203': 'Czechia',
      '204': 'Benin',
      '226': 'Eq. Guinea',
      '234': 'Faeroe Is.',
      '238': 'Falkland Is.',
      '246': 'Finland',
      '248': 'Åland',
      '250': 'France',
      '258': 'Fr. Polynesia',
      '260': 'Fr. S. Antarctic Lands',
      '268': 'Georgia',
      '276': 'Germany',
      '292': 'Gibraltar',
      '300': 'Greece',
      '352': 'Iceland',
      '380': 'Italy',
      '404': 'Kenya',
      '422': 'Lebanon',
      '428': 'Latvia',
      '440': 'Lithuania',
      '450': 'Madagascar',
      '470': 'Malta',
      '478': 'Mauritania',
      '492': 'Monaco',
      '499': 'Montenegro',
      '512': 'Oman',
      '516': 'Namibia',
      '528': 'Netherlands',
      '540': 'New Caledonia',
      '566': 'Nigeria',
      '620': 'Portugal',
      '642': 'Romania',
      '646': 'Rwanda',
      '652': 'St-Barthélemy',
      '663': 'St-Martin',
      '666': 'St. Pierre and Miquelon',
      '674': 'San Marino',
      '688': 'Serbia',
      '710': 'South Africa',
      '724': 'Spain',
      '752': 'Sweden',
      '788': 'Tunisia',
      '792': 'Turkey',
      '804': 'Ukraine',
      '807': 'Macedonia',
      '876': 'Wallis and Futuna Is.',
      '882': 'Samoa',
      '894': 'Zambia',
    },
  },
  {
    plans: ['EU868', 'IN865', 'EU433'],
    countries: {
      '818': 'Egypt',
    },
  },
  {
    plans: ['US915_FSB2'],
    countries: {
      '016': 'American Samoa',
      '044': 'Bahamas',
      '060': 'Bermuda',
      '136': 'Cayman Is.',
      '316': 'Guam',
      '328': 'Guyana',
      '484': 'Mexico',
      '580': 'N. Mariana Is.',
      '581': 'U.S. Minor Outlying Is.',
      '630': 'Puerto Rico',
      '840': 'United States of America',
      '850': 'U.S. Virgin Is.',
    },
  },
  {
    plans: ['US915_FSB2', 'AS923_1', 'EU433'],
    countries: {
      '188': 'Costa Rica',
    },
  },
  {
    plans: ['US915_FSB2', 'AU915_FSB2'],
    countries: {
      '124': 'Canada',
      '218': 'Ecuador',
      '591': 'Panama',
      '780': 'Trinidad and Tobago',
    },
  },
  {
    plans: ['AU915_FSB2'],
    countries: {
      '032': 'Argentina',
      '052': 'Barbados',
      '068': 'Bolivia',
      '084': 'Belize',
      '092': 'British Virgin Is.',
      '212': 'Dominica',
      '214': 'Dominican Rep.',
      '222': 'El Salvador',
      '308': 'Grenada',
      '320': 'Guatemala',
      '340': 'Honduras',
      '388': 'Jamaica',
      '500': 'Montserrat',
      '558': 'Nicaragua',
      '604': 'Peru',
      '659': 'St. Kitts and Nevis',
      '660': 'Anguilla',
      '662': 'Saint Lucia',
      '670': 'St. Vin. and Gren.',
      '740': 'Suriname',
      '796': 'Turks and Caicos Is.',
      '858': 'Uruguay',
    },
  },
  {
    plans: ['AU915_FSB2', 'AS923_1'],
    countries: {
      '036': 'Ashmore and Cartier Is.',
      '334': 'Heard I. and McDonald Is.',
      '574': 'Norfolk Island',
    },
  },
  {
    plans: ['AU915_FSB2', 'AS923_1', 'EU433'],
    countries: {
      '184': 'Cook Is.',
      '554': 'New Zealand',
      '570': 'Niue',
      '598': 'Papua New Guinea',
    },
  },
  {
    plans: ['AU915_FSB2', 'EU433'],
    countries: {
      '076': 'Brazil',
      '152': 'Chile',
      '170': 'Colombia',
      '600': 'Paraguay',
      '776': 'Tonga',
    },
  },
  {
    plans: ['AS923_1'],
    countries: {
      '090': 'Solomon Is.',
      '158': 'Taiwan',
      '392': 'Japan',
      '862': 'Venezuela',
    },
  },
  {
    plans: ['AS923_1', 'AS923_2'],
    countries: {
      '360': 'Indonesia',
      '704': 'Vietnam',
    },
  },
  {
    plans: ['AS923_1', 'CN470'],
    countries: {
      '156': 'China',
    },
  },
  {
    plans: ['AS923_1', 'EU433'],
    countries: {
      '050': 'Bangladesh',
      '104': 'Myanmar',
      '144': 'Sri Lanka',
      '446': 'Macao',
      '458': 'Malaysia',
      '531': 'Curaçao',
      '702': 'Singapore',
      '764': 'Thailand',
    },
  },
  {
    plans: ['AS923_1', 'IN865', 'EU433'],
    countries: {
      '344': 'Hong Kong',
      '586': 'Pakistan',
      '800': 'Uganda',
    },
  },
  {
    plans: ['AS923_3', 'EU433'],
    countries: {
      '012': 'Algeria',
      '192': 'Cuba',
    },
  },
  {
    plans: ['AS923_3', 'IN865', 'EU433'],
    countries: {
      '400': 'Jordan',
      '548': 'Vanuatu',
    },
  },
  {
    plans: ['AS923_4'],
    countries: {
      '376': 'Israel',
    },
  },
  {
    plans: ['IN865'],
    countries: {
      '356': 'India',
      '562': 'Niger',
    },
  },
  {
    plans: ['KR920'],
    countries: {
      '410': 'South Korea',
    },
  },
];
