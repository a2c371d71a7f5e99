import { encodeFunctionData, zeroHash } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emissionCap } from '../encoding/index.ts';
import { emissionControllerAbi } from '../generated/emission-controller.abi.ts';
import { rewardDistributorAbi } from '../generated/reward-distributor.abi.ts';
import { timelockControllerAbi } from '../generated/timelock-controller.abi.ts';
import { parseDeployment } from '../index.ts';
import { SettlementFixture } from '../testing/settlement-fixture.ts';
import { CODE } from './constructor-arguments.ts';
import { parseDeployConfig } from './deploy-config.ts';
import { DeployRaceError, deployContracts } from './deploy-contracts.ts';
import { isCodeOf, verifyDeployment } from './verify-deployment.ts';

/** Where nothing else is. */
const ELSEWHERE = '0x00000000000000000000000000000000C0deC0DE';

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
    const data = encodeFunctionData({ abi: rewardDistributorAbi, functionName: 'setPaused', args: [true] });
    const change = [deployment.contracts.distributor, 0n, data, zeroHash, zeroHash] as const;
    const call = (to: `0x${string}`, callData: `0x${string}`): Parameters<typeof fixture.submit>[1] => ({
      name: 'govern',
      to,
      data: callData,
      value: 0n,
    });
    await expect(fixture.submit('governor', call(deployment.contracts.distributor, data))).rejects.toMatchObject({
      code: 'NotGovernor',
    });
    const abi = timelockControllerAbi;
    const schedule = encodeFunctionData({ abi, functionName: 'schedule', args: [...change, 3600n] });
    const execute = encodeFunctionData({ abi, functionName: 'execute', args: change });
    await expect(fixture.submit('other', call(deployment.contracts.timelock, schedule))).rejects.toMatchObject({
      code: 'AccessControlUnauthorizedAccount',
    });
    await fixture.submit('governor', call(deployment.contracts.timelock, schedule));
    await expect(fixture.submit('other', call(deployment.contracts.timelock, execute))).rejects.toMatchObject({
      code: 'TimelockUnexpectedOperationState',
    });
    const { timestamp } = await reader.getBlock();
    await fixture.passTo(Number(timestamp) + 3600);
    await fixture.submit('other', call(deployment.contracts.timelock, execute));
    const [, , , , paused] = await reader.readContract({
      address: deployment.contracts.distributor,
      abi: rewardDistributorAbi,
      functionName: 'head',
    });
    expect(paused).toBe(true);
  });
});

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
