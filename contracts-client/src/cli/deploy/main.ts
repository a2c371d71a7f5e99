import { type FileHandle, open, readFile, unlink } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { parseDeployment } from '../../chain/deployment.ts';
import { type DeployConfig, DeployConfigError, parseDeployConfig } from '../../deploy/deploy-config.ts';
import { deployContracts } from '../../deploy/deploy-contracts.ts';
import { verifyDeployment } from '../../deploy/verify-deployment.ts';
import { verifyValues } from '../../deploy/verify-values.ts';
import { createReader, createWallet, requireChain } from '../chain-access.ts';
import { runCli } from '../run-cli.ts';
import { UsageError } from '../usage-error.ts';
import { DEPLOY_HELP } from './help.ts';

const OPTIONS = {
  rpc: { type: 'string' },
  config: { type: 'string' },
  deployment: { type: 'string' },
  keystore: { type: 'string' },
  verify: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];
type Say = (facts: Readonly<Record<string, unknown>>, text: string) => void;

async function main(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...argv], options: OPTIONS, strict: true });
  if (values.help || argv.length === 0) {
    console.log(DEPLOY_HELP);
    return 0;
  }
  const rpcUrl = values.rpc ?? process.env['SEXTANT_RPC_URL'];
  if (rpcUrl === undefined) throw new UsageError('Give the chain with --rpc URL or SEXTANT_RPC_URL.');
  const keystoreFile = values.keystore ?? process.env['SEXTANT_KEYSTORE'];
  const chain = { rpcUrl, environment: process.env, ...(keystoreFile === undefined ? {} : { keystoreFile }) };
  const file = values.deployment ?? 'deployment.json';
  const say: Say = (facts, text) => console.log(values.json ? JSON.stringify(facts) : text);
  return values.verify ? verify(chain, values, file, say) : deploy(chain, values, file, say);
}

type Access = Parameters<typeof createWallet>[0];

async function deploy(chain: Access, values: Values, file: string, say: Say): Promise<number> {
  if (values.config === undefined) throw new UsageError('Give the configuration with --config FILE; --help shows one.');
  const config = await readConfig(values.config);
  const reader = createReader(chain);
  await requireChain(reader, config.chainId);
  // The file first: contracts whose addresses cannot be written down are lost.
  const handle = await openNew(file);
  let written = false;
  try {
    const deployment = await deployContracts(config, {
      reader,
      wallet: await createWallet(chain),
      onDeployed: (contract, address) => say({ contract, address }, `${contract.padEnd(12)}${address}`),
    });
    await handle.writeFile(`${JSON.stringify(deployment, undefined, 2)}\n`);
    written = true;
  } finally {
    await handle.close();
    if (!written) await unlink(file);
  }
  return verify(chain, values, file, say);
}

/** The code, and with a configuration also what its constructors wrote for ever. */
async function verify(chain: Access, values: Values, file: string, say: Say): Promise<number> {
  const config = values.config === undefined ? undefined : await readConfig(values.config);
  const deployment = parseDeployment(await readFile(file, 'utf8'));
  const reader = createReader(chain);
  const findings = await verifyDeployment(reader, deployment);
  for (const { contract, fault } of findings) say({ contract, fault }, `${contract}: ${fault}`);
  const others = config && findings.length === 0 ? await verifyValues(reader, deployment, config) : [];
  for (const other of others) {
    const { contract, fault, setting, configured, onChain } = other;
    say(
      { ...other },
      `${contract}: ${fault}, ${setting} is ${onChain} on the chain and ${configured} in the configuration`,
    );
  }
  const verified = findings.length + others.length === 0;
  const text = verified
    ? `${file}: every contract on the chain is what these sources compile to${config ? ', with the values of the configuration' : ''}`
    : `${file} is not to be trusted`;
  say({ deployment: file, verified }, text);
  return verified ? 0 : 1;
}

async function readConfig(path: string): Promise<DeployConfig> {
  return parseDeployConfig(parseJson(await readFile(path, 'utf8')));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new DeployConfigError('The configuration is not JSON.', { cause: error });
  }
}

async function openNew(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'wx', 0o644);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    throw new UsageError(`${path} exists already and is not overwritten. Give another --deployment FILE.`);
  }
}

await runCli('sextant-deploy', process.argv.slice(2), main);
