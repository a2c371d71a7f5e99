import { GATEWAY_FIELDS } from '../config/gateway-config.ts';
import { environmentNameOf, flagOf, SETTINGS } from '../config/settings.ts';
import {
  AGREE_FLAGS,
  APPEAL_FLAGS,
  COMMON_FLAGS,
  type Command,
  INIT_FLAGS,
  RUN_FLAGS,
  STATUS_FLAGS,
} from './arguments.ts';

const WIDTH = 30;

const table = (rows: readonly (readonly [string, string])[]): string =>
  rows
    .map(([left, right]) =>
      left.length >= WIDTH ? `  ${left}\n  ${' '.repeat(WIDTH)}${right}` : `  ${left.padEnd(WIDTH)}${right}`,
    )
    .join('\n');

const flags = (list: readonly { readonly name: string; readonly value?: string; readonly help: string }[]): string =>
  table(list.map(({ name, value, help }) => [`--${name}${value === undefined ? '' : ` ${value}`}`, help]));

const settings = (): string =>
  table(
    SETTINGS.map((setting) => {
      const { unit, help } = setting;
      const fallback =
        setting.default === undefined ? 'none' : `${String(setting.default)}${unit === undefined ? '' : ` ${unit}`}`;
      return [`--${flagOf(setting)}`, `${help} (default ${fallback})`] as const;
    }),
  );

const OVERVIEW = `sextant-bridge: makes a LoRa gateway a hotspot of a Sextant network

Examples
  Set up a hotspot, answering questions:
    sextant-bridge init --network https://oracle.example --invitation 7f3k-92ma
  The same without questions:
    sextant-bridge init --network https://oracle.example --invitation 7f3k-92ma --owner 0x52908400098527886E0F7030069857D2E4169EE7 \\
      --gateway-eui aa555a0000000001 --region EU868 --location 49.1951,16.6068 --antenna-height 12 --altitude 240
  Run it (point the packet forwarder's server_address to 127.0.0.1, both ports to 1700):
    sextant-bridge run
  What is it doing, and why not?
    sextant-bridge status
  Measure the streets: a gateway and a GNSS receiver in a car:
    sextant-bridge init --survey --network https://oracle.example --invitation 83hd-x21b --gateway-eui aa555a0000000002 --region EU868
    sextant-bridge survey

Commands
  init      make a key, join the network with an invitation, write the configuration
  run       serve every gateway of the configuration until stopped
  survey    serve the survey devices only, and say what is missing for one
  status    what a running bridge does: frames, beacons, verdicts, outbox, airtime
  agree     sign that an owner may register a hotspot on the network's chain
  appeal    what stands against a hotspot, and how its owner answers
  help X    more about a command`;

const DATA_NOTE = `The data folder is --data, else $SEXTANT_DATA, else $STATE_DIRECTORY (systemd), else $XDG_DATA_HOME/sextant-bridge, else
~/.local/share/sextant-bridge. Back up its folder "keys": who has it is the hotspot, and without it the hotspot is gone.`;

const ABOUT: Readonly<Record<Command, () => string>> = {
  init: () => `sextant-bridge init: set up a hotspot or a survey device

Examples
  sextant-bridge init --network https://oracle.example --invitation 7f3k-92ma
  sextant-bridge init --network https://oracle.example --invitation 7f3k-92ma --owner 0x5290…9EE7 --gateway-eui aa555a0000000001 \\
    --region EU868 --location 49.1951,16.6068 --antenna-height 12 --altitude 240

What is not given is asked for. Run it once for every gateway: one bridge serves them all.
The network's log is public for ever. It gets the hexagon your antenna is in, never its exact place, which is not even stored here.

Flags
${flags([...INIT_FLAGS, ...COMMON_FLAGS])}

${DATA_NOTE}`,
  run: () => `sextant-bridge run: serve the gateways of the configuration

Examples
  sextant-bridge run
  sextant-bridge run --data /var/lib/sextant-bridge --json-logs
  SEXTANT_SEMTECH_UDP_PORT=1701 sextant-bridge run

Flags
${flags([...RUN_FLAGS, ...COMMON_FLAGS])}

Settings: as a flag, as an environment variable (${environmentNameOf({ key: 'semtech_udp.port' } as never)} and so on), or in the file; the first of them counts
${settings()}

A [[gateway]] table of the file
${table(GATEWAY_FIELDS.map(({ name, help }) => [name, help] as const))}

${DATA_NOTE}`,
  survey: () => `sextant-bridge survey: serve the survey devices of the configuration

Example
  sextant-bridge survey

Sends about every 30 s where the receiver knows its place (4 satellites, HDOP 5 or better), and tells the hexagon afterwards.
It needs a gateway that can send, and gpsd: try  gpspipe -w -n 5.  Flags and settings are those of run.

${DATA_NOTE}`,
  appeal: () => `sextant-bridge appeal: what stands against a hotspot, and how its owner answers

Look first: what stands, on which evidence, until when, and what became of an appeal
  sextant-bridge appeal
Appeal, in three steps
  sextant-bridge appeal --accusation levels_not_reciprocal --write appeal.json
  sextant-claim appeal appeal.json --keystore wallet.json      (wherever the owner's key is; it signs, and adds that to the file)
  sextant-bridge appeal --send appeal.json

Only an accusation (three epochs have borne it out) can be appealed, once at a time, by the owner's key. The running bridge brings
the appeal into the log; it counts when the epoch it came in closes. Validators then have some epochs to review it. What enough of
them dismiss counts no more; what they uphold stays until it has decayed, and cannot be appealed again. If too few say anything, it
may be. Everything is in the public log, with the hash of --statement; publish that text where reviewers can read it.
A wallet that signs typed data (eth_signTypedData_v4) for chain id 0 can sign the file too: give what it prints with --signature.

Flags
${flags([...APPEAL_FLAGS, ...COMMON_FLAGS])}

${DATA_NOTE}`,
  status: () => `sextant-bridge status: what a running bridge does, and why not

Examples
  sextant-bridge status
  sextant-bridge status --json

Flags
${flags([...STATUS_FLAGS, ...COMMON_FLAGS])}

${DATA_NOTE}`,
  agree: () => `sextant-bridge agree: sign that an owner may register a hotspot on the network's chain

Example
  sextant-bridge agree --owner 0x5290…9EE7 --deployment deployment.json

Prints the command that the owner runs, with the hotspot's signature. The signature is good for that account, that chain and that
contract only: it is no secret. A registered hotspot can be transferred, frozen when it is stolen, and given up. A hotspot that joined
with an invitation can be registered by its owner alone. One that was set up with  init --by-deposit  is known to the network from the
end of the epoch on in which its registration is final, where the network's rules read the chain (rule set 2).

Flags
${flags([...AGREE_FLAGS, ...COMMON_FLAGS])}

${DATA_NOTE}`,
};

/** What --help prints. */
export function helpText(command: Command | undefined): string {
  return command === undefined ? `${OVERVIEW}\n\n${DATA_NOTE}` : ABOUT[command]();
}
