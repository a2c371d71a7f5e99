import type {
  Bounds,
  CellText,
  EpochListItem,
  EpochView,
  FootprintView,
  HexView,
  HotspotRewardView,
  HotspotSummary,
  HotspotView,
  LocationView,
  NetworkView,
  Page,
  ParticipantId,
  Problem,
  VerdictView,
} from '@sextant/oracle/api';

/** The oracle answered with an error, or (status 0) did not answer. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, problem: Partial<Problem>) {
    super(problem.detail ?? problem.title ?? 'The oracle did not answer');
    this.status = status;
    this.code = problem.code ?? 'unreachable';
  }
}

export interface ApiClientModules {
  readonly fetch: (url: string, init: { signal?: AbortSignal; headers: Record<string, string> }) => Promise<Response>;
}

/** Reads the oracle's public API. Every call throws `ApiError` when there is no good answer, `AbortError` when it is called off. */
export class ApiClient {
  readonly #base: string;
  readonly #modules: ApiClientModules;

  constructor(options: { readonly base: string }, modules: ApiClientModules) {
    this.#base = options.base;
    this.#modules = modules;
  }

  network(): Promise<NetworkView> {
    return this.get('/network', {});
  }

  hotspots(bounds: Bounds, limit: number, signal: AbortSignal): Promise<Page<HotspotSummary>> {
    return this.get('/hotspots', { bbox: bounds.map((degrees) => degrees.toFixed(4)).join(','), limit }, signal);
  }

  hotspot(id: ParticipantId, signal: AbortSignal): Promise<HotspotView> {
    return this.get(`/hotspots/${id}`, {}, signal);
  }

  verdicts(
    id: ParticipantId,
    before: string | undefined,
    limit: number,
    signal: AbortSignal,
  ): Promise<Page<VerdictView>> {
    return this.get(`/hotspots/${id}/verdicts`, { before, limit }, signal);
  }

  rewards(id: ParticipantId, limit: number, signal: AbortSignal): Promise<Page<HotspotRewardView>> {
    return this.get(`/hotspots/${id}/rewards`, { limit }, signal);
  }

  location(id: ParticipantId, signal: AbortSignal): Promise<LocationView> {
    return this.get(`/hotspots/${id}/location`, {}, signal);
  }

  footprint(id: ParticipantId, signal: AbortSignal): Promise<FootprintView> {
    return this.get(`/hotspots/${id}/footprint`, {}, signal);
  }

  hex(cell: CellText, epoch: number | undefined, signal: AbortSignal): Promise<HexView> {
    return this.get(`/hexes/${cell}`, { epoch }, signal);
  }

  epochs(before: string | undefined, limit: number): Promise<Page<EpochListItem>> {
    return this.get('/epochs', { before, limit });
  }

  epoch(index: number): Promise<EpochView> {
    return this.get(`/epochs/${index}`, {});
  }

  /** Any question of the API, for panels that come later. */
  async get<Answer>(
    path: string,
    query: Readonly<Record<string, string | number | undefined>>,
    signal?: AbortSignal,
  ): Promise<Answer> {
    const given = Object.entries(query).filter(([, value]) => value !== undefined);
    const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
    const url = `${this.#base}${path}${search === '' ? '' : `?${search}`}`;
    const init = { headers: { accept: 'application/json' }, ...(signal === undefined ? {} : { signal }) };
    const response = await this.#modules.fetch(url, init).catch((error: unknown) => {
      if (signal?.aborted === true) throw error;
      throw new ApiError(0, {});
    });
    if (!response.ok) throw new ApiError(response.status, await readProblem(response));
    return (await response.json()) as Answer;
  }
}

async function readProblem(response: Response): Promise<Partial<Problem>> {
  try {
    return (await response.json()) as Partial<Problem>;
  } catch {
    return { title: `The oracle answered ${response.status}` };
  }
}
