import type { AssertedPlace } from '../beaconing/assertion-keeper.ts';
import type { RadioDeclaration } from '../protocol/index.ts';
import type { GatewayEui } from '../radio/gateway-eui.ts';

/** One key with its gateway, as configured. */
interface GatewayOfParticipant {
  /** `hs1…` or `sv1…`. */
  readonly id: string;
  readonly eui: GatewayEui;
}

export interface HotspotOptions extends GatewayOfParticipant {
  readonly kind: 'hotspot';
  readonly place: AssertedPlace;
}

export interface SurveyDeviceOptions extends GatewayOfParticipant {
  readonly kind: 'survey_device';
  readonly radio: RadioDeclaration;
  readonly intervalMs: number;
  readonly gpsd: { readonly host: string; readonly port: number };
}

export type ParticipantOptions = HotspotOptions | SurveyDeviceOptions;

export const radioOf = (options: ParticipantOptions): RadioDeclaration =>
  options.kind === 'hotspot' ? options.place : options.radio;
