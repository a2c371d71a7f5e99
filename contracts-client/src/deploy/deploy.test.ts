import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EpochVote, emissionCap } from '../encoding/index.ts';
import { emissionControllerAbi } from '../generated/emission-controller.abi.ts';
import {
  activateEpochCall,
  bondCall,
  type Call,
  executeChangeCall,
  type GovernedChange,
  guardianChange,
  parseDeployment,
  pauseChange,
  postEpochCall,
  readHead,
  readValidatorSet,
  requestExitCall,
  scheduleChangeCall,
  signEpoch,
  submitCall,
  validatorSetChange,
  vetoEpochCall,
  withdrawBondCall,
} from '../index.ts';
import { SettlementFixture } from '../testing/settlement-fixture.ts';
import { CODE } from './constructor-arguments.ts';
import { parseDeployConfig } from './deploy-config.ts';
import { DeployRaceError, deployContracts } from './deploy-contracts.ts';
import { isCodeOf, verifyDeployment } from './verify-deployment.ts';
import { verifyValues } from './verify-values.ts';

/** The fixture's timelock. */
const TIMELOCK_SECONDS = 3600;
/** Where nothing else is. */
const ELSEWHERE = '0x00000000000000000000000000000000c0dec0de';
const EMPTY_ACCOUNT = '0x3333333333333333333333333333333333333333';

let fixture: SettlementFixture;
beforeAll(async () => {
  fixture = await SettlementFixture.start(4);
}, 60_000);
afterAll(() => fixture.stop());

describe('deployment', { timeout: 60_000 }, () => {
  it('is what the sources compile to, and its file comes back the same', async () => {
    expect(await verifyDeployment(fixture.reader, fixture.deployment)).toEqual([]);
    expect(parseDeployment(JSON.stringify(fixture.deployment))).toEqual(fixture.deployment);
  });

  it('has the values of its configuration, and says which it has not', async () => {
    const { config, deployment, reader } = fixture;
    expect(await verifyValues(reader, deployment, config)).toEqual([]);
    const { schedule } = config;
    const other = {
      ...config,
      token: { ...config.token, symbol: 'XXX' },
      schedule: { ...schedule, epochMs: schedule.epochMs + 1 },
      minBondWei: config.minBondWei + 1n,
      bondExitDelaySeconds: config.bondExitDelaySeconds + 1,
      hotspotDepositWei: config.hotspotDepositWei + 1n,
      hotspotReleaseDelaySeconds: config.hotspotReleaseDelaySeconds + 1,
      vetoSeconds: config.vetoSeconds + 1,
    };
    const found = await verifyValues(reader, deployment, other);
    expect(found.map(({ contract, setting }) => `${contract} ${setting}`).sort()).toEqual([
      'distributor schedule.epochMs',
      'distributor vetoSeconds',
      'emission schedule.epochMs',
      'hotspots hotspotDepositWei',
      'hotspots hotspotReleaseDelaySeconds',
      'token token.symbol',
      'validators bondExitDelaySeconds',
      'validators minBondWei',
    ]);
    expect(found.find(({ setting }) => setting === 'vetoSeconds')).toMatchObject({
      configured: String(config.vetoSeconds + 1),
      onChain: String(config.vetoSeconds),
    });
  });

  it('is not trusted with one byte of other code, no code, or another chain', async () => {
    const { deployment, reader, control } = fixture;
    const { contracts } = deployment;
    const at = (changes: Partial<typeof contracts>): typeof deployment => ({
      ...deployment,
      contracts: { ...contracts, ...changes },
    });
    const wrong = await verifyDeployment(reader, at({ token: contracts.emission, hotspots: fixture.address('owner') }));
    expect(wrong).toEqual([
      { contract: 'token', fault: 'other_code' },
      { contract: 'hotspots', fault: 'no_code' },
    ]);
    expect(await verifyDeployment(reader, { ...deployment, chainId: 1 })).toMatchObject([{ fault: 'other_chain' }]);
    const code = await reader.getCode({ address: contracts.distributor });
    if (code === undefined) throw new Error('no code');
    await control.setCode({ address: ELSEWHERE, bytecode: `${code.slice(0, -2)}00` as `0x${string}` });
    const patched = await verifyDeployment(reader, at({ distributor: ELSEWHERE }));
    expect(patched).toEqual([{ contract: 'distributor', fault: 'other_code' }]);
    expect(isCodeOf(CODE.distributor, code)).toBe(true);
  });

  it('is not trusted with a good contract of another deployment', async () => {
    const other = await deployContracts(fixture.config, { reader: fixture.reader, wallet: fixture.wallet('other') });
    const mixed = {
      ...fixture.deployment,
      contracts: { ...fixture.deployment.contracts, token: other.contracts.token },
    };
    expect(await verifyDeployment(fixture.reader, mixed)).toEqual([{ contract: 'token', fault: 'other_wiring' }]);
  });

  it('stops when its account sends something else meanwhile', async () => {
    const { reader, config } = fixture;
    const wallet = fixture.wallet('owner');
    const nonce = await reader.getTransactionCount({ address: wallet.account.address });
    await wallet.sendTransaction({ account: wallet.account, chain: null, to: fixture.address('other'), value: 1n });
    const late = { ...reader, getTransactionCount: () => Promise.resolve(nonce) };
    await expect(deployContracts(config, { reader: late, wallet })).rejects.toThrow();
    const skipped = { ...reader, waitForTransactionReceipt: wrongAddress(reader.waitForTransactionReceipt) };
    await expect(deployContracts(config, { reader: skipped, wallet })).rejects.toBeInstanceOf(DeployRaceError);
  });

  it('caps each epoch as the pure schedule does', async () => {
    const { schedule } = fixture.config;
    for (const epoch of [0, 1, 730 * 24 - 1, 730 * 24, 730 * 24 * 5 + 7, 730 * 24 * 300]) {
      const cap = await fixture.reader.readContract({
        address: fixture.deployment.contracts.emission,
        abi: emissionControllerAbi,
        functionName: 'capFor',
        args: [BigInt(epoch)],
      });
      expect(emissionCap(schedule, epoch)).toBe(cap);
    }
  });

  it('is governed through the timelock alone, after its delay', async () => {
    const { deployment, reader } = fixture;
    const pause = pauseChange(deployment, true);
    const direct = { ...pause, value: 0n };
    await expect(fixture.submit('governor', direct)).rejects.toMatchObject({ code: 'NotGovernor' });
    const announce = scheduleChangeCall(deployment, pause, TIMELOCK_SECONDS);
    await expect(fixture.submit('other', announce)).rejects.toMatchObject({ code: 'AccessControlUnauthorizedAccount' });
    const hasty = scheduleChangeCall(deployment, pause, TIMELOCK_SECONDS - 1);
    await expect(fixture.submit('governor', hasty)).rejects.toMatchObject({ code: 'TimelockInsufficientDelay' });
    await fixture.submit('governor', announce);
    const execute = executeChangeCall(deployment, pause);
    await expect(fixture.submit('other', execute)).rejects.toMatchObject({ code: 'TimelockUnexpectedOperationState' });
    await passTimelock();
    await fixture.submit('other', execute);
    expect((await readHead(reader, deployment)).paused).toBe(true);
    await govern(pauseChange(deployment, false));
    expect((await readHead(reader, deployment)).paused).toBe(false);
  });

  it('rotates its validators while an epoch waits: it activates, and the next needs the new set', async () => {
    const { deployment, reader } = fixture;
    const { statement } = fixture.plan({ leaves: [], total: 1n });
    const next = { ...statement, epoch: 1, prevRoot: statement.root };
    await fixture.endEpoch(1);
    await fixture.post(statement);
    const { validators, accounts } = await readValidatorSet(reader, deployment);
    const smaller = validatorSetChange(deployment, validators.slice(1), 3);
    await govern(smaller);
    expect(await readValidatorSet(reader, deployment)).toMatchObject({
      setId: 2,
      threshold: 3,
      accounts: accounts.slice(1),
    });
    await fixture.submit('other', activateEpochCall(deployment, statement));
    const votes = async (what: typeof next): Promise<readonly EpochVote[]> =>
      Promise.all(fixture.validators.slice(1).map((account) => signEpoch(deployment, what, account)));
    const old = postEpochCall(deployment, next, fixture.set, await votes(next));
    await expect(fixture.submit('other', old)).rejects.toMatchObject({ code: 'ForeignSet' });
    const current = { ...next, setId: 2 };
    const set = await readValidatorSet(reader, deployment);
    await fixture.submit('other', postEpochCall(deployment, current, set, await votes(current)));
    expect((await readHead(reader, deployment)).pending).toMatchObject({ attempt: 0 });
    const guardian = fixture.address('owner');
    await govern(guardianChange(deployment, guardian));
    await expect(fixture.submit('guardian', vetoEpochCall(deployment, 1, 0))).rejects.toMatchObject({
      code: 'NotGuardian',
    });
  });

  it('keeps the bond of whoever left the set until its delay is over', async () => {
    const { deployment } = fixture;
    const [leaver] = fixture.validators;
    if (leaver === undefined) throw new Error('no validator');
    const wallet = Object.assign(fixture.wallet('other'), { account: leaver });
    const send = (call: Call): Promise<unknown> => submitCall({ reader: fixture.reader, wallet }, call);
    await send(bondCall(deployment, 5n));
    await send(requestExitCall(deployment));
    const withdraw = withdrawBondCall(deployment, EMPTY_ACCOUNT);
    await expect(send(withdraw)).rejects.toMatchObject({ code: 'ExitNotDue' });
    const { timestamp } = await fixture.reader.getBlock();
    await fixture.passTo(Number(timestamp) + fixture.config.bondExitDelaySeconds);
    await send(withdraw);
    expect(await fixture.reader.getBalance({ address: EMPTY_ACCOUNT })).toBe(fixture.config.minBondWei + 5n);
  });
});

async function passTimelock(): Promise<void> {
  const { timestamp } = await fixture.reader.getBlock();
  await fixture.passTo(Number(timestamp) + TIMELOCK_SECONDS);
}

async function govern(change: GovernedChange): Promise<void> {
  const { deployment } = fixture;
  await fixture.submit('governor', scheduleChangeCall(deployment, change, TIMELOCK_SECONDS));
  await passTimelock();
  await fixture.submit('other', executeChangeCall(deployment, change));
}

describe('configuration', () => {
  it.each([
    ['threshold', { threshold: 2 }],
    ['vetoSeconds', { vetoSeconds: 3600 }],
    ['validators', { validators: [] }],
    ['guardian', { guardian: '0x12' }],
    ['minBondWei', { minBondWei: '1e18' }],
  ])('is refused before it costs gas: %s', (path, change) => {
    const good = JSON.parse(
      JSON.stringify(fixture.config, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
    ) as object;
    expect(() => parseDeployConfig(good)).not.toThrow();
    expect(() => parseDeployConfig({ ...good, ...change })).toThrow(new RegExp(path));
  });
});

/** Receipts whose contract is somewhere else, as when the account's nonce was used by another transaction. */
function wrongAddress(wait: SettlementFixture['reader']['waitForTransactionReceipt']): typeof wait {
  return async (args) => ({ ...(await wait(args)), contractAddress: '0x000000000000000000000000000000000000dEaD' });
}
