import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createSystemClock } from '@sextant/firmware-bridge/clock';
import { unixMs } from '@sextant/firmware-bridge/protocol';
import { expect, it } from 'vitest';
import { OracleWebsite } from './support/oracle-website.ts';
import { DEMO, TestOracle } from './support/test-oracle.ts';

const CLI = fileURLToPath(new URL('../../firmware-bridge/bin/sextant-bridge.js', import.meta.url));

/** Mosquitto knows accounts and passwords, no tokens: the oracle makes an account of a token that is brought to it. */
it('brings its login token to the oracle before it logs in, where the broker cannot judge tokens', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'broker-session-'));
  const oracle = new TestOracle(createSystemClock(), { genesisMs: unixMs(Date.now() - 600_000), ...DEMO });
  await oracle.start();
  const website = new OracleWebsite(oracle.facts());
  await website.start();
  oracle.tokensBrought = website.tokens;
  website.needsBrokerSession = true;
  website.isBrokerAway = true;
  website.codes.add('good-code');
  const { NODE_OPTIONS: _, ...rest } = process.env;
  const env = { ...rest, SEXTANT_DATA: folder };
  const init = `init --network ${website.url} --invitation good-code --region EU868 --gateway-eui aa555a0000000001
    --owner 0x52908400098527886e0f7030069857d2e4169ee7 --location 49.1951,16.6068 --antenna-height 12 --altitude 240`;
  await promisify(execFile)(process.execPath, [CLI, ...init.split(/\s+/)], { env });
  const bridge = fork(CLI, ['run', '--semtech-udp-port', '0'], {
    env,
    execArgv: [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  try {
    await expect.poll(() => oracle.refusedLogins + oracle.logins, { timeout: 3_000 }).toBe(0);
    website.isBrokerAway = false;
    await expect.poll(() => oracle.submissions.length, { timeout: 30_000 }).toBeGreaterThan(0);
    expect(oracle.refusedLogins).toBe(0);
    expect(website.tokens.size).toBe(oracle.logins);
  } finally {
    bridge.kill('SIGKILL');
    await once(bridge, 'exit');
    await website.stop();
    await oracle.stop();
    await rm(folder, { recursive: true, force: true });
  }
});
