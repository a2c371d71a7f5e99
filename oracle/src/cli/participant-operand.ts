import { type ParticipantKind, parseId } from '@sextant/firmware-bridge/protocol';
import { SettingsError } from './settings.ts';

/** The one id a command is about. Throws SettingsError that says what is wrong with it. */
export function participantOperand(
  operands: readonly string[],
  usage: string,
): { readonly id: string; readonly kind: ParticipantKind; readonly publicKey: Uint8Array } {
  const [id, ...rest] = operands;
  if (id === undefined) throw new SettingsError(`Which one? ${usage}`);
  if (rest.length > 0) throw new SettingsError(`One at a time, please: "${rest[0]}" is too much. ${usage}`);
  const parsed = parseId(id);
  if (!parsed) {
    throw new SettingsError(
      /^(hs|sv)1/i.test(id)
        ? `"${id}" is mistyped: its checksum is wrong. Copy it from the map, or from  sextant-bridge status.`
        : `"${id}" is no id: a hotspot's begins with hs1, a survey device's with sv1. ${usage}`,
    );
  }
  if (parsed.kind === 'validator') {
    throw new SettingsError(`"${id}" is a validator. A hotspot's id begins with hs1, a survey device's with sv1.`);
  }
  return { id, kind: parsed.kind, publicKey: parsed.publicKey };
}

/** Throws SettingsError when a command that takes no operand was given one. */
export function noOperands(operands: readonly string[], command: string): void {
  if (operands.length > 0)
    throw new SettingsError(`sextant-oracle ${command} takes nothing else: not "${operands[0]}".`);
}
