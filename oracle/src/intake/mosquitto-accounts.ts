import { randomBytes } from 'node:crypto';
import type { Cancel, Clock } from '@sextant/firmware-bridge/clock';
import {
  epochTopic,
  type LoginClaims,
  parseId,
  receiptTopic,
  reportTopic,
  roundTopic,
  verdictTopic,
} from '@sextant/firmware-bridge/protocol';
import mqtt, { type MqttClient } from 'mqtt';
import type { Logger } from 'pino';
import { IntakeError } from './intake-error.ts';

const CONTROL_TOPIC = '$CONTROL/dynamic-security/v1';
const RESPONSE_TOPIC = `${CONTROL_TOPIC}/response`;
const ANSWER_WITHIN_MS = 5_000;
/** Name of the oracle's own account and role. One intake process uses a Mosquitto; several want EMQX. */
const ORACLE = 'sextant-oracle';

/** One command of the plugin's JSON interface (mosquitto.org, "Dynamic Security Plugin"). */
type Command = { readonly command: string } & Readonly<Record<string, unknown>>;

interface CommandAnswer {
  readonly command: string;
  readonly correlationData?: string;
  readonly error?: string;
  readonly data?: { readonly clients?: readonly string[] };
}

export interface MosquittoAccountsOptions {
  readonly networkId: string;
  readonly url: string;
  /** An account with the plugin's `admin` role. */
  readonly username: string;
  readonly password: string;
}

export interface MosquittoAccountsModules {
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Accounts of a Mosquitto with the dynamic-security plugin: one for each participant that showed a good login token,
 * with the token as its password and its topics as its rights, gone when the token expires.
 */
export class MosquittoAccounts {
  readonly #options: MosquittoAccountsOptions;
  readonly #modules: MosquittoAccountsModules;
  readonly #client: MqttClient;
  /** What this oracle logs in with to read reports and to publish. */
  readonly oracleLogin = { username: ORACLE, password: randomBytes(32).toString('base64url') };
  readonly #expiries = new Map<string, Cancel>();
  readonly #answers = new Map<string, (answer: CommandAnswer) => void>();
  #nextCorrelation = 1;

  private constructor(options: MosquittoAccountsOptions, modules: MosquittoAccountsModules, client: MqttClient) {
    this.#options = options;
    this.#modules = modules;
    this.#client = client;
    client.on('message', (_topic, payload) => this.#receive(payload));
    client.on('error', (error) => modules.logger.warn({ err: error }, 'the dynamic-security account cannot log in'));
  }

  /** Connects, makes this oracle's own account, and removes those that an earlier run left behind. */
  static async open(options: MosquittoAccountsOptions, modules: MosquittoAccountsModules): Promise<MosquittoAccounts> {
    const { url, username, password } = options;
    const login = { username, password, protocolVersion: 5, queueQoSZero: false } as const;
    const client = await mqtt.connectAsync(url, login, false).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      throw new IntakeError(
        'broker_unusable',
        `The Mosquitto at ${url} does not let ${username} in: ${reason}. Check that it runs, and the account that \`mosquitto_ctrl dynsec init\` made.`,
        error,
      );
    });
    const accounts = new MosquittoAccounts(options, modules, client);
    await client.subscribeAsync(RESPONSE_TOPIC, { qos: 1 });
    await accounts.#prepare();
    return accounts;
  }

  /** Lets the participant log in with this token until it expires. An older session of it ends. */
  async allow(participantId: string, claims: LoginClaims, token: string): Promise<void> {
    const rolename = roleOf(participantId);
    await this.#remove(participantId);
    await this.#run({ command: 'createRole', rolename, acls: this.#rightsOf(participantId) });
    await this.#run({
      command: 'createClient',
      username: participantId,
      clientid: participantId,
      password: token,
      roles: [{ rolename }],
    });
    const remove = async (): Promise<void> => {
      this.#expiries.delete(participantId);
      await this.#remove(participantId).catch((error: unknown) => {
        this.#modules.logger.error({ err: error, participantId }, 'an expired account is still at the MQTT broker');
      });
    };
    this.#expiries.set(participantId, this.#modules.clock.at(claims.expiresAtMs, remove));
  }

  async close(): Promise<void> {
    for (const cancel of this.#expiries.values()) cancel();
    await this.#client.endAsync(true);
  }

  async #prepare(): Promise<void> {
    const { networkId } = this.#options;
    const denied = { acltype: 'subscribe', allow: false };
    await this.#run({
      command: 'setDefaultACLAccess',
      acls: [denied, { acltype: 'publishClientSend', allow: false }, { acltype: 'publishClientReceive', allow: true }],
    });
    const everything = `${reportTopic(networkId, '').split('/report/')[0]}/#`;
    await this.#try({ command: 'deleteClient', username: ORACLE });
    await this.#try({ command: 'deleteRole', rolename: ORACLE });
    await this.#run({
      command: 'createRole',
      rolename: ORACLE,
      acls: [
        { acltype: 'publishClientSend', topic: everything, allow: true },
        { acltype: 'subscribePattern', topic: everything, allow: true },
      ],
    });
    await this.#run({ command: 'createClient', ...this.oracleLogin, roles: [{ rolename: ORACLE }] });
    const { data } = await this.#run({ command: 'listClients', verbose: false, count: -1, offset: 0 });
    for (const name of data?.clients ?? []) if (parseId(name)) await this.#remove(name);
  }

  #rightsOf(participantId: string): readonly object[] {
    const { networkId } = this.#options;
    const readable = [
      receiptTopic(networkId, participantId),
      verdictTopic(networkId, participantId),
      roundTopic(networkId),
      epochTopic(networkId),
    ];
    return [
      { acltype: 'publishClientSend', topic: reportTopic(networkId, participantId), allow: true },
      ...readable.map((topic) => ({ acltype: 'subscribeLiteral', topic, allow: true })),
    ];
  }

  async #remove(participantId: string): Promise<void> {
    this.#expiries.get(participantId)?.();
    this.#expiries.delete(participantId);
    await this.#try({ command: 'deleteClient', username: participantId });
    await this.#try({ command: 'deleteRole', rolename: roleOf(participantId) });
  }

  async #run(command: Command): Promise<CommandAnswer> {
    const answer = await this.#try(command);
    if (answer.error !== undefined) throw new Error(`the MQTT broker refused ${command.command}: ${answer.error}`);
    return answer;
  }

  /** Runs a command whose refusal ("not found") is no failure. */
  async #try(command: Command): Promise<CommandAnswer> {
    const correlationData = String(this.#nextCorrelation++);
    const answered = new Promise<CommandAnswer>((resolve, reject) => {
      this.#answers.set(correlationData, resolve);
      setTimeout(
        () => reject(new Error(`the MQTT broker did not answer ${command.command}`)),
        ANSWER_WITHIN_MS,
      ).unref();
    });
    const commands = JSON.stringify({ commands: [{ ...command, correlationData }] });
    try {
      await this.#client.publishAsync(CONTROL_TOPIC, commands, { qos: 1 });
      return await answered;
    } finally {
      this.#answers.delete(correlationData);
    }
  }

  #receive(payload: Buffer): void {
    const { responses } = JSON.parse(payload.toString('utf8')) as { responses?: readonly CommandAnswer[] };
    for (const answer of responses ?? []) this.#answers.get(answer.correlationData ?? '')?.(answer);
  }
}

const roleOf = (participantId: string): string => `participant-${participantId}`;
