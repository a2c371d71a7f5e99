import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { NetworkFacts } from '@sextant/firmware-bridge/bridge';
import {
  bytesToHex,
  hexToBytes,
  invitationCodeHash,
  joinMessage,
  parseId,
  verifySignature,
} from '@sextant/firmware-bridge/protocol';

export interface Joined {
  readonly key: string;
  readonly participant: string;
  readonly owner: string;
}

/** The two questions a bridge asks an oracle's HTTP API, answered for the network of a test oracle. */
export class OracleWebsite {
  readonly codes = new Set<string>();
  readonly joined: Joined[] = [];
  /** Login tokens that were brought for a broker that cannot judge them. */
  readonly tokens = new Set<string>();
  needsBrokerSession = false;
  /** It answers nobody who brings a token. */
  isBrokerAway = false;
  /** Added to the time it tells. */
  clockErrorMs = 0;
  readonly #facts: NetworkFacts;
  readonly #server: Server;

  constructor(facts: NetworkFacts) {
    this.#facts = facts;
    this.#server = createServer((request, response) => {
      const json = (status: number, body: unknown): void => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      };
      if (request.url === '/api/v1/network') return json(200, this.#network());
      const isJoin = request.url === '/api/v1/join';
      if (!isJoin && request.url !== '/api/v1/broker/session') return json(404, {});
      let text = '';
      request.on('data', (bytes: Buffer) => {
        text += bytes.toString();
      });
      request.on('end', () => {
        const body = JSON.parse(text) as Record<string, string>;
        const problem = isJoin ? this.#join(body) : this.#takeToken(body);
        if (problem) json(problem.status, problem);
        else json(201, {});
      });
    });
  }

  async start(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  #network() {
    const { ruleSetId, validators, ...rest } = this.#facts;
    return {
      ...rest,
      ruleSetId: bytesToHex(ruleSetId),
      serverTimeMs: Date.now() + this.clockErrorMs,
      validators: validators.map(({ id, origin, brokerUrl, firstRound, chainAnchor, owner }) => ({
        id,
        origin,
        brokerUrl,
        needsBrokerSession: this.needsBrokerSession,
        firstRound,
        chainAnchor: bytesToHex(chainAnchor),
        owner: `0x${bytesToHex(owner)}`,
      })),
      hotspots: 0,
    };
  }

  #takeToken({ token = '' }: Record<string, string>) {
    if (this.isBrokerAway) {
      const detail = 'The broker does not answer now. Ask again in a moment.';
      return { type: 'about:blank', title: 'Service Unavailable', status: 503, detail, code: 'broker_unavailable' };
    }
    this.tokens.add(token);
    return undefined;
  }

  #join(body: Record<string, string>) {
    const { key = '', participant, owner = '', code = '', keySignature = '' } = body;
    const refuse = (title: string, about: string) => ({
      type: 'about:blank',
      title,
      status: 403,
      detail: 'Ask for another one.',
      code: about,
    });
    if (!this.codes.has(code)) return refuse('The invitation is not good', 'invitation_unknown');
    const publicKey = parseId(key)?.publicKey ?? new Uint8Array(32);
    const claims = {
      key: publicKey,
      participant: participant as 'hotspot',
      owner: hexToBytes(owner.slice(2)),
      codeHash: invitationCodeHash(code),
    };
    const message = joinMessage(this.#facts.networkId, claims);
    if (!verifySignature(hexToBytes(keySignature), message, publicKey))
      return refuse('The signature does not hold', 'bad_signature');
    this.codes.delete(code);
    this.joined.push({ key, participant: participant ?? '', owner });
    return undefined;
  }
}
