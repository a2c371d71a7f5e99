import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrokerChoice } from '@sextant/oracle/intake';
import { freePort, untilListening } from '../../support/server-process.ts';
import type { LoginTerms } from './hotspot-client.ts';
import type { TestHotspot } from './participants.ts';
import { embedded, type TestIntake } from './test-intake.ts';

/** A broker that the intake's tests run over. */
export interface BrokerUnderTest {
  readonly name: string;
  /** Why it cannot be tested here. */
  readonly missing: string | undefined;
  readonly prepare: () => Promise<PreparedBroker>;
}

export interface PreparedBroker {
  readonly choice: BrokerChoice;
  url(intake: TestIntake): string;
  /** Whatever has to happen before this participant can log in; the HTTP status where there is one. */
  announce(intake: TestIntake, login: LoginTerms): Promise<number>;
  close(): Promise<void>;
}

const embeddedBroker: BrokerUnderTest = {
  name: 'embedded broker',
  missing: undefined,
  prepare: () =>
    Promise.resolve({
      choice: embedded,
      url: (intake) => `mqtt://127.0.0.1:${intake.port}`,
      announce: () => Promise.resolve(200),
      close: () => Promise.resolve(),
    }),
};

const binary = process.env['SEXTANT_TEST_MOSQUITTO'];
const PLUGIN = [
  '/usr/lib/x86_64-linux-gnu/mosquitto_dynamic_security.so',
  '/usr/lib/aarch64-linux-gnu/mosquitto_dynamic_security.so',
  '/usr/lib/mosquitto_dynamic_security.so',
].find((path) => existsSync(path));

function whyNoMosquitto(): string | undefined {
  if (!binary) return 'SEXTANT_TEST_MOSQUITTO does not name a mosquitto';
  return PLUGIN ? undefined : 'its dynamic-security plugin is not installed';
}

const ADMIN = { username: 'oracle-admin', password: 'for this test only' };

const mosquitto: BrokerUnderTest = {
  name: `real Mosquitto${whyNoMosquitto() ? ` (skipped: ${whyNoMosquitto()})` : ''}`,
  missing: whyNoMosquitto(),
  async prepare() {
    const folder = await mkdtemp(join(tmpdir(), 'sextant-mosquitto-'));
    const accounts = join(folder, 'dynamic-security.json');
    const made = spawnSync('mosquitto_ctrl', ['dynsec', 'init', accounts, ADMIN.username, ADMIN.password]);
    if (made.status !== 0) throw new Error(`mosquitto_ctrl: ${made.stderr.toString()}`);
    const port = await freePort();
    const settings = [
      `listener ${port} 127.0.0.1`,
      'allow_anonymous false',
      `plugin ${PLUGIN}`,
      `plugin_opt_config_file ${accounts}`,
      `user ${process.getuid?.() === 0 ? 'root' : ''}`,
      'max_packet_size 66000',
    ];
    await writeFile(join(folder, 'mosquitto.conf'), `${settings.filter((line) => !line.endsWith(' ')).join('\n')}\n`);
    const child = spawn(binary ?? '', ['-c', join(folder, 'mosquitto.conf')], { stdio: 'ignore' });
    await untilListening(port, child);
    const url = `mqtt://127.0.0.1:${port}`;
    return {
      choice: { kind: 'mosquitto', url, connectMs: 5_000, ...ADMIN },
      url: () => url,
      async announce(intake, login) {
        const answer = await intake.handleBrokerSession?.({ id: login.username, token: login.password });
        return answer?.status ?? 404;
      },
      async close() {
        const ended = once(child, 'exit');
        child.kill('SIGTERM');
        await ended;
        await rm(folder, { recursive: true });
      },
    };
  },
};

/** Embedded always; a real Mosquitto where the machine has one. */
export const brokersUnderTest: readonly BrokerUnderTest[] = [embeddedBroker, mosquitto];

export const loginOf = (sender: TestHotspot, password: string): LoginTerms => ({
  username: sender.id,
  clientId: sender.id,
  password,
});
