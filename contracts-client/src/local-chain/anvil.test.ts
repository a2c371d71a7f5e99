import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPublicClient, createTestClient, http, parseEther } from 'viem';
import { describe, expect, it } from 'vitest';
import { LocalChainError, startLocalChain } from './anvil.ts';

const ACCOUNT = '0x1111111111111111111111111111111111111111';

describe('local chain', { timeout: 60_000 }, () => {
  it('goes on where it stopped, when it has a file for its state', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sextant-chain-'));
    const stateFile = join(folder, 'state.json');
    try {
      const first = await startLocalChain({ stateFile });
      const control = createTestClient({ transport: http(first.rpcUrl), mode: 'anvil' });
      await control.setBalance({ address: ACCOUNT, value: parseEther('7') });
      await control.mine({ blocks: 3 });
      await first.stop();
      const second = await startLocalChain({ stateFile });
      const reader = createPublicClient({ transport: http(second.rpcUrl) });
      expect(await reader.getBalance({ address: ACCOUNT })).toBe(parseEther('7'));
      expect(await reader.getBlockNumber()).toBe(3n);
      await second.stop();
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('starts at the time it is given, and says why it cannot start', async () => {
    const chain = await startLocalChain({ timestampSeconds: 1_900_000_000, chainId: 4242 });
    try {
      const reader = createPublicClient({ transport: http(chain.rpcUrl) });
      expect((await reader.getBlock()).timestamp).toBe(1_900_000_000n);
      expect(await reader.getChainId()).toBe(4242);
      const port = Number(new URL(chain.rpcUrl).port);
      await expect(startLocalChain({ port })).rejects.toBeInstanceOf(LocalChainError);
    } finally {
      await chain.stop();
    }
    await chain.ended;
  });
});
