import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { NetworkFacts } from '@sextant/firmware-bridge/bridge';
import type { Clock } from '@sextant/firmware-bridge/clock';
import { createSeedSigner } from '@sextant/firmware-bridge/native-ed25519';
import {
  type AdmissionReason,
  certificateMessage,
  chainLink,
  createHashChain,
  decodeEnvelope,
  decodeReportBatch,
  encodeReceiptMessage,
  encodeRoundAnnouncement,
  encodeVerdict,
  envelopeMessage,
  equalBytes,
  formatCheckpoint,
  formatId,
  formatSignedNote,
  isTopicAllowed,
  leafHash,
  NOTE_SIGNATURE_TYPES,
  noteKeyId,
  parseId,
  payloadHash,
  type Receipt,
  type Refusal,
  type ReportBatch,
  type RoundCertificate,
  receiptTopic,
  refusalMessage,
  roundEntropy,
  roundTopic,
  type Timing,
  type UnixMs,
  unixMs,
  utf8ToBytes,
  type Verdict,
  verdictTopic,
  verifyLoginToken,
  verifySignature,
} from '@sextant/firmware-bridge/protocol';
import { Aedes, type Client } from 'aedes';
import { auditPath, rootOf } from './merkle-tree.ts';

export const NETWORK_ID = 'test';
const ORIGIN = 'test/log';
const VALIDATOR_SEED = new Uint8Array(32).fill(9);
const RULE_SET_ID = new Uint8Array(32).fill(8);

/** Slots of 5 s, rounds of 60 s, W of 3 s: the demo's. */
export const DEMO: Omit<Timing, 'genesisMs'> = {
  slotMs: 5_000,
  roundMs: 60_000,
  epochMs: 300_000,
  clockMarginMs: 3_000,
  epochGraceMs: 8_000,
};

let entropyChain: ReturnType<typeof createHashChain> | undefined;

/** The network of the test oracle whose broker is there. */
export function factsOf(brokerUrl: string, genesisMs: UnixMs): NetworkFacts {
  entropyChain ??= createHashChain(VALIDATOR_SEED);
  const { publicKey: logKey } = createSeedSigner(VALIDATOR_SEED);
  const [id, chainAnchor] = [formatId('validator', logKey), entropyChain.anchor];
  const timing = { genesisMs, ...DEMO };
  const owner = new Uint8Array(20);
  const broker = { brokerUrl, needsBrokerSession: false };
  const validators = [{ id, logKey, origin: ORIGIN, chainAnchor, firstRound: 0, owner, ...broker }];
  return { networkId: NETWORK_ID, ruleSet: 1, ruleSetId: RULE_SET_ID, timing, validators };
}

export interface Submission {
  readonly hotspotId: string;
  readonly envelope: Uint8Array;
  readonly batch: ReportBatch;
  /** A receipt for the log as it is now; appends the envelope if it is not there. */
  receipt(): Receipt;
  refusal(reason: AdmissionReason, retryAfterMs: number): Refusal;
}

/** The messages a submission is answered with; undefined = nothing, not even a PUBACK. */
export type Answer = (submission: Submission) => readonly Uint8Array[] | undefined;

export const withReceipt: Answer = (submission) => [encodeReceiptMessage(submission.receipt())];

/**
 * What a bridge sees of an oracle, as small as it can be: a real MQTT broker with the login rule and the ACL, a log in
 * memory, receipts that prove inclusion, and round announcements. One signature a receipt; nothing is judged.
 */
export class TestOracle {
  readonly timing: Timing;
  readonly validator = createSeedSigner(VALIDATOR_SEED);
  /** Envelopes in the order of the log. */
  readonly log: Uint8Array[] = [];
  /** Every publish, repeats too. */
  readonly submissions: Submission[] = [];
  answer: Answer = withReceipt;
  /** A broker that cannot judge tokens lets in who brought one first. */
  tokensBrought: ReadonlySet<string> | undefined;
  readonly #clock: Clock;
  readonly #leaves: Uint8Array[] = [];
  readonly #positions = new Map<string, number>();
  readonly #sockets = new Set<Socket>();
  #aedes: Aedes | undefined;
  #server: Server | undefined;
  #port = 0;
  logins = 0;
  refusedLogins = 0;

  constructor(clock: Clock, timing: Timing) {
    this.#clock = clock;
    this.timing = timing;
  }

  /** Starts the broker; after `stop` on the same port again. */
  async start(): Promise<void> {
    const aedes = await Aedes.createBroker({ heartbeatInterval: 3_600_000 });
    aedes.authenticate = (client, username, password, done) => {
      const accepted = this.#mayLogin(client, username, password);
      if (accepted) this.logins++;
      else this.refusedLogins++;
      done(null, accepted);
    };
    aedes.authorizePublish = (client, { topic, payload }, done) => {
      if (!client || !isTopicAllowed('publish', topic, NETWORK_ID, client.id)) return done(new Error('not yours'));
      this.#admit(client.id, new Uint8Array(Buffer.from(payload)), done);
    };
    aedes.authorizeSubscribe = (client, subscription, done) => {
      const allowed = isTopicAllowed('subscribe', subscription.topic, NETWORK_ID, client.id);
      done(null, allowed ? subscription : null);
    };
    const server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      aedes.handle(socket);
    });
    server.listen(this.#port, '127.0.0.1');
    await once(server, 'listening');
    this.#port = (server.address() as AddressInfo).port;
    this.#aedes = aedes;
    this.#server = server;
  }

  async stop(): Promise<void> {
    const aedes = this.#aedes;
    const server = this.#server;
    this.#aedes = undefined;
    this.#server = undefined;
    if (!aedes || !server) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => aedes.close(() => resolve()));
    await closed;
  }

  get brokerUrl(): string {
    return `mqtt://127.0.0.1:${this.#port}`;
  }

  facts(): NetworkFacts {
    return factsOf(this.brokerUrl, this.timing.genesisMs);
  }

  certificate(round: number): RoundCertificate {
    entropyChain ??= createHashChain(VALIDATOR_SEED);
    const { publicKey: validator } = this.validator;
    const reveals = [{ validator, chainLink: chainLink(entropyChain, round + 1) }];
    const entropy = roundEntropy(NETWORK_ID, round, reveals);
    const message = certificateMessage(NETWORK_ID, { round, ruleSetId: RULE_SET_ID, entropy });
    const signatures = [{ validator, signature: this.validator.sign(message) }];
    return { kind: 'round_certificate', round, ruleSetId: RULE_SET_ID, reveals, entropy, signatures };
  }

  announcement(certificates: readonly RoundCertificate[], serverTimeMs: number = this.#clock.now()): Uint8Array {
    const content = { certificates, ruleSet: 1, ruleSetId: RULE_SET_ID, timing: this.timing };
    return encodeRoundAnnouncement(NETWORK_ID, { ...content, serverTimeMs: unixMs(serverTimeMs) }, this.validator);
  }

  /** Publishes, retained, the certificates of these rounds. Resolves when the broker has it. */
  announce(...rounds: number[]): Promise<void> {
    return this.publish(
      roundTopic(NETWORK_ID),
      this.announcement(rounds.map((round) => this.certificate(round))),
      true,
    );
  }

  sendVerdict(hotspotId: string, verdict: Verdict): Promise<void> {
    return this.publish(verdictTopic(NETWORK_ID, hotspotId), encodeVerdict(verdict, false), false);
  }

  sendReceipt(hotspotId: string, bytes: Uint8Array): Promise<void> {
    return this.publish(receiptTopic(NETWORK_ID, hotspotId), bytes, false);
  }

  publish(topic: string, bytes: Uint8Array, retain: boolean): Promise<void> {
    const aedes = this.#aedes;
    if (!aedes) return Promise.resolve();
    const packet = { cmd: 'publish', topic, payload: Buffer.from(bytes), qos: 0, retain, dup: false } as const;
    return new Promise((resolve, reject) => {
      aedes.publish(packet, (error) => (error ? reject(error) : resolve()));
    });
  }

  /** Cuts every connection, as a broker does when a session's token has expired. */
  dropConnections(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #mayLogin(client: Client, username: string | undefined, password: Buffer | undefined): boolean {
    const id = parseId(username ?? '');
    if (!id || client.id !== username) return false;
    const expected = {
      networkId: NETWORK_ID,
      validator: this.validator.publicKey,
      hotspot: id.publicKey,
      nowMs: this.#clock.now(),
    };
    const token = password?.toString() ?? '';
    if (this.tokensBrought && !this.tokensBrought.has(token)) return false;
    return verifyLoginToken(token, expected, verifySignature).ok;
  }

  #admit(hotspotId: string, envelope: Uint8Array, done: (error?: Error | null) => void): void {
    const submission = this.#read(hotspotId, envelope);
    if (!submission) return done(new Error('no batch'));
    this.submissions.push(submission);
    const messages = this.answer(submission);
    if (!messages) return;
    done(null);
    for (const message of messages) void this.sendReceipt(hotspotId, message);
  }

  #read(hotspotId: string, bytes: Uint8Array): Submission | undefined {
    const envelope = decodeEnvelope(bytes);
    if (!envelope.ok) return undefined;
    const { payload, signer, signature } = envelope.value;
    const batch = decodeReportBatch(payload);
    const message = envelopeMessage(NETWORK_ID, 'report_batch', payload);
    if (!batch.ok || !equalBytes(batch.value.hotspot, signer) || !verifySignature(signature, message, signer)) return;
    const { incarnation, sequence } = batch.value;
    const name = { incarnation, sequence, payloadHash: payloadHash(payload) };
    return {
      hotspotId,
      envelope: bytes,
      batch: batch.value,
      receipt: () => ({ kind: 'receipt', ...name, ...this.#prove(bytes) }),
      refusal: (reason, retryAfterMs) => {
        const signed = this.validator.sign(refusalMessage(NETWORK_ID, signer, { ...name, reason }));
        const { publicKey: validator } = this.validator;
        return { kind: 'refusal', ...name, reason, retryAfterMs, validator, signature: signed };
      },
    };
  }

  #prove(envelope: Uint8Array): Pick<Receipt, 'leafIndex' | 'proof' | 'checkpoint'> {
    const leaf = leafHash(envelope);
    const key = Buffer.from(leaf).toString('hex');
    let leafIndex = this.#positions.get(key);
    if (leafIndex === undefined) {
      leafIndex = this.#leaves.length;
      this.#positions.set(key, leafIndex);
      this.#leaves.push(leaf);
      this.log.push(envelope);
    }
    const size = this.#leaves.length;
    return {
      leafIndex,
      proof: auditPath(this.#leaves, leafIndex),
      checkpoint: this.checkpoint(size, rootOf(this.#leaves), ORIGIN),
    };
  }

  checkpoint(size: number, root: Uint8Array, origin: string): Uint8Array {
    const text = formatCheckpoint({ origin, size, root });
    const key = { name: origin, type: NOTE_SIGNATURE_TYPES.ed25519, publicKey: this.validator.publicKey };
    return formatSignedNote(text, [
      { name: origin, keyId: noteKeyId(key), signature: this.validator.sign(utf8ToBytes(text)) },
    ]);
  }
}
