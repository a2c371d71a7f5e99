import type {
  ChainView,
  EpochListItem,
  EpochView,
  HotspotSummary,
  HotspotView,
  JoinRequest,
  LocationView,
  NetworkView,
  OwnerView,
  Page,
  Problem,
  VerdictView,
} from '@sextant/oracle/api';

/** The oracle refused; `code` is its own. */
class OracleApiError extends Error {
  override readonly name = 'OracleApiError';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

const TIMEOUT_MS = 30_000;
const PAGE = 200;
const PASSING: ReadonlySet<string> = new Set(['timeout', 'database_unavailable', 'ledger_unavailable']);

/** What a busy oracle answers, or does not: asking again is all there is to do. An oracle that has ended is noticed otherwise. */
export function isPassing(error: unknown): boolean {
  if (error instanceof OracleApiError) return PASSING.has(error.code);
  return error instanceof Error && (error.name === 'TimeoutError' || error.message === 'fetch failed');
}

/** The public HTTP API of an oracle, as everybody can use it. Rejects with OracleApiError when it says no. */
export class OracleApi {
  readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  network(): Promise<NetworkView> {
    return this.#get('/api/v1/network');
  }

  chain(): Promise<ChainView> {
    return this.#get('/api/v1/chain');
  }

  owner(address: string): Promise<OwnerView> {
    return this.#get(`/api/v1/owners/${address.toLowerCase()}`);
  }

  /** Newest first. */
  async epochs(limit: number): Promise<readonly EpochListItem[]> {
    return (await this.#get<Page<EpochListItem>>(`/api/v1/epochs?limit=${limit}`)).items;
  }

  epoch(epoch: number): Promise<EpochView> {
    return this.#get(`/api/v1/epochs/${epoch}`);
  }

  hotspots(): Promise<readonly HotspotSummary[]> {
    return this.#all<HotspotSummary>((next) => `/api/v1/hotspots?limit=1000${next ? `&after=${next}` : ''}`);
  }

  hotspot(id: string): Promise<HotspotView> {
    return this.#get(`/api/v1/hotspots/${id}`);
  }

  /** What the newest closed epoch said about its place. */
  location(id: string): Promise<LocationView> {
    return this.#get(`/api/v1/hotspots/${id}/location`);
  }

  /** Newest first; those that `wanted` says no to, and all older ones, are left out. */
  verdicts(id: string, wanted: (verdict: VerdictView) => boolean = () => true): Promise<readonly VerdictView[]> {
    const path = `/api/v1/hotspots/${id}/verdicts?limit=${PAGE}`;
    return this.#all<VerdictView>((next) => `${path}${next ? `&before=${encodeURIComponent(next)}` : ''}`, wanted);
  }

  async join(request: JoinRequest): Promise<void> {
    await this.#request('/api/v1/join', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request),
    });
  }

  async #all<Item>(pathOf: (next?: string) => string, wanted: (item: Item) => boolean = () => true): Promise<Item[]> {
    const items: Item[] = [];
    let next: string | undefined;
    do {
      const page = await this.#get<Page<Item>>(pathOf(next));
      const unwanted = page.items.findIndex((item) => !wanted(item));
      items.push(...(unwanted < 0 ? page.items : page.items.slice(0, unwanted)));
      next = unwanted < 0 ? page.next : undefined;
    } while (next !== undefined);
    return items;
  }

  #get<Answer>(path: string): Promise<Answer> {
    return this.#request(path, {});
  }

  async #request<Answer>(path: string, init: RequestInit): Promise<Answer> {
    const response = await fetch(new URL(path, this.url), { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
    const body: unknown = await response.json();
    if (response.ok) return body as Answer;
    const { code = 'unknown', title = '', detail = '' } = body as Partial<Problem>;
    throw new OracleApiError(code, `${title}. ${detail}`);
  }
}
