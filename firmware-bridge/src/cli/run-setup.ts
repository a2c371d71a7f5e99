import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ParticipantOptions } from '../bridge/participant-options.ts';
import type { GatewayConfig } from '../config/gateway-config.ts';
import { type BridgeConfig, loadConfig } from '../config/load-config.ts';
import { type NetworkFacts, parsePinnedNetwork } from '../network/network-facts.ts';
import { ddbi, ddbm, metres } from '../protocol/index.ts';
import type { GatewayEui } from '../radio/gateway-eui.ts';
import type { GatewaySettings } from '../radio/semtech-udp/gateway-settings.ts';
import type { DataFolder } from './data-folder.ts';

/** The bridge cannot run as things are; the message says what to do. */
class CannotRunError extends Error {
  override readonly name = 'CannotRunError';
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The checked configuration. Rejects with ConfigError. */
export async function readConfig(
  folder: DataFolder,
  flags: Readonly<Record<string, string | true>>,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<BridgeConfig> {
  const text = await readIfThere(folder.config);
  const given = Object.fromEntries(
    Object.entries(flags).flatMap(([name, value]) => (value === true ? [] : [[name, value]])),
  );
  const file = text === undefined ? {} : { file: { path: folder.config, text } };
  return loadConfig({ flags: given, environment, ...file });
}

/** The authority that the owner trusts for brokers, PEM. Rejects with CannotRunError when the file is none. */
export async function readAuthority(file: string): Promise<Buffer> {
  const path = resolve(file);
  const pem = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new CannotRunError(
      `mqtt.ca_file: ${path} cannot be read (${error.code}). Correct the path, or leave it out.`,
    );
  });
  try {
    // TLS itself passes over what it cannot read, and then trusts nobody.
    new X509Certificate(pem);
  } catch {
    throw new CannotRunError(
      `mqtt.ca_file: ${path} holds no certificate. It begins with -----BEGIN CERTIFICATE-----; ask the validator's operator for it.`,
    );
  }
  return pem;
}

/** The network pinned at init. Rejects with CannotRunError, or NetworkFactsError for a damaged file. */
export async function readNetwork({ network, root }: DataFolder): Promise<NetworkFacts> {
  const text = await readIfThere(network);
  if (text !== undefined) return parsePinnedNetwork(JSON.parse(text));
  throw new CannotRunError(`${root} is not set up yet. Run:  sextant-bridge init  (or say --data FOLDER).`);
}

/** The gateways to serve: all of them, or the survey devices only. Throws CannotRunError when there are none. */
export function chooseGateways(
  command: 'run' | 'survey',
  gateways: readonly GatewayConfig[],
  { config }: DataFolder,
): readonly GatewayConfig[] {
  const chosen = command === 'run' ? gateways : gateways.filter(({ kind }) => kind === 'survey_device');
  if (chosen.length > 0) return chosen;
  throw new CannotRunError(
    command === 'run'
      ? `${config} has no [[gateway]] yet. Set one up:  sextant-bridge init`
      : `${config} has no survey device. A survey device is a gateway that can send and a GNSS receiver behind gpsd, with a key ` +
          'of its own. Set one up:  sextant-bridge init --survey',
  );
}

const tenths = (value: number): number => Math.round(value * 10);

export function participantOf(gateway: GatewayConfig): ParticipantOptions {
  const { id, eui } = gateway;
  const radio = {
    regionPlan: gateway.region,
    antennaGainDdbi: ddbi(tenths(gateway.antenna_gain_dbi)),
    txPowerLevelsDdbm: gateway.tx_power_levels_dbm.map((level) => ddbm(tenths(level))),
  };
  if (gateway.kind === 'survey_device') {
    return { kind: 'survey_device', id, eui, radio, intervalMs: gateway.interval_s * 1_000, gpsd: gateway.gpsd };
  }
  const place = {
    ...radio,
    cell: BigInt(`0x${gateway.cell}`),
    antennaAglM: metres(gateway.antenna_height_m),
    altitudeMslM: metres(gateway.altitude_m),
    canTransmit: !gateway.listen_only,
  };
  return { kind: 'hotspot', id, eui, place };
}

/** What the radio driver must know about each gateway. */
export function gatewaySettings(gateways: readonly GatewayConfig[]): (eui: GatewayEui) => GatewaySettings | undefined {
  const byEui = new Map(
    gateways.map((gateway) => [
      gateway.eui,
      {
        canTransmit: gateway.kind === 'survey_device' || !gateway.listen_only,
        forwarderAntennaGainDbi: gateway.forwarder_antenna_gain_dbi,
        reportsPowerCorrections: gateway.reports_power_corrections,
      },
    ]),
  );
  return (eui) => byEui.get(eui);
}
