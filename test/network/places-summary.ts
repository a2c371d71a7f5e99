import type { OutcomeCounts } from '@sextant/oracle/api';
import type { Cheat } from '../simulator/city-plan.ts';
import type { RunningNetwork } from './bring-up.ts';

/** What the newest closed epoch said about places, apart by whether a hotspot of the city cheats. */
export interface PlacesSummary {
  readonly honest: GroupSummary;
  readonly cheating: GroupSummary;
  readonly cheats: readonly CheatSummary[];
}

interface GroupSummary {
  readonly places: OutcomeCounts;
  /** Hotspots that were ever paid. */
  readonly paid: number;
  /** Base units since genesis, as text; what waits for a proven place is apart. */
  readonly amount: string;
  readonly held: string;
}

interface CheatSummary {
  readonly id: string;
  readonly cheat: Cheat;
  readonly outcome: string;
  readonly reason: string;
  /** In 1/10,000. */
  readonly trust: number;
  readonly accusations: readonly string[];
  readonly paid: string;
  readonly held: string;
}

/** Asks about every hotspot. Null where the rule set judges no places. */
export async function summarisePlaces(running: RunningNetwork): Promise<PlacesSummary | null> {
  const { api, network } = running;
  if (network.ruleSet < 2) return null;
  const [honest, cheating, cheats] = [new Group(), new Group(), [] as CheatSummary[]];
  for (const { id } of await api.hotspots()) {
    const { location, paid, held } = await api.hotspot(id);
    const cheat = running.cheatOf(id);
    (cheat ? cheating : honest).add(location?.outcome, paid, held);
    if (!cheat || !location) continue;
    const { accusations } = await api.location(id);
    cheats.push({ id, cheat, ...location, accusations: accusations.map(({ code }) => code), paid, held });
  }
  return { honest: honest.summary(), cheating: cheating.summary(), cheats };
}

class Group {
  readonly #places = { valid: 0, invalid: 0, insufficient: 0 };
  #paid = 0;
  #amount = 0n;
  #held = 0n;

  add(outcome: keyof OutcomeCounts | undefined, paid: string, held: string): void {
    if (outcome) this.#places[outcome]++;
    if (paid !== '0') this.#paid++;
    this.#amount += BigInt(paid);
    this.#held += BigInt(held);
  }

  summary(): GroupSummary {
    return { places: { ...this.#places }, paid: this.#paid, amount: String(this.#amount), held: String(this.#held) };
  }
}
