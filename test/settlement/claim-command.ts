import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Deployment } from '@sextant/contracts-client';
import { expect } from 'vitest';

const SCRIPT = fileURLToPath(new URL('../../contracts-client/bin/sextant-claim.js', import.meta.url));

/** `sextant-claim` as an owner runs it, with his key in the environment. */
export class ClaimCommand {
  readonly #rpcUrl: string;
  readonly #deploymentFile: string;

  private constructor(rpcUrl: string, deploymentFile: string) {
    this.#rpcUrl = rpcUrl;
    this.#deploymentFile = deploymentFile;
  }

  static async prepare(rpcUrl: string, deployment: Deployment, folder: string): Promise<ClaimCommand> {
    const file = join(folder, 'deployment.json');
    await writeFile(file, JSON.stringify(deployment));
    return new ClaimCommand(rpcUrl, file);
  }

  /** What it prints. Fails when it does. `privateKey` is `0x` and hex. */
  async run(privateKey: string, ...args: readonly string[]): Promise<string> {
    const child = spawn(process.execPath, [SCRIPT, ...args, '--deployment', this.#deploymentFile], {
      env: { PATH: process.env['PATH'] ?? '', SEXTANT_RPC_URL: this.#rpcUrl, SEXTANT_PRIVATE_KEY: privateKey },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [out, failure] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (out += String(chunk)));
    child.stderr.on('data', (chunk: Buffer) => (failure += String(chunk)));
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    expect([code, failure]).toEqual([0, '']);
    return out;
  }
}
