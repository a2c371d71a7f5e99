import type { Deployment } from '@sextant/contracts-client';
import type { ParticipantKind } from '@sextant/firmware-bridge/protocol';
import type { OperatorAnswer, OperatorRequest } from './operator/operator-request.ts';
import type { OracleStatus } from './oracle.ts';

/** What an oracle process answers when it is started with an IPC channel: by a launcher, a replay or a test. */
export type OracleRequest =
  | {
      readonly type: 'oracle/invite';
      readonly id: number;
      readonly participant: ParticipantKind;
      readonly count: number;
    }
  | { readonly type: 'oracle/settle'; readonly id: number }
  /** What the operator's commands ask for. */
  | { readonly type: 'oracle/operate'; readonly id: number; readonly request: OperatorRequest }
  /** Settle on this chain from now on, with what is not said as the settings are by default. */
  | {
      readonly type: 'oracle/use-chain';
      readonly id: number;
      readonly rpcUrls: readonly string[];
      readonly deployment: Deployment;
      readonly confirmations?: number;
      readonly pollMs?: number;
    }
  | { readonly type: 'oracle/status'; readonly id: number }
  | { readonly type: 'oracle/stop' };

export type OracleAnswer =
  | {
      readonly type: 'oracle/ready';
      readonly mqttPort: number;
      readonly httpPort: number;
      readonly validatorId: string;
      readonly networkId: string;
    }
  | { readonly type: 'oracle/step'; readonly text: string }
  | { readonly type: 'oracle/invited'; readonly id: number; readonly codes: readonly string[] }
  | { readonly type: 'oracle/settled'; readonly id: number }
  | { readonly type: 'oracle/operated'; readonly id: number; readonly answer: OperatorAnswer }
  | { readonly type: 'oracle/uses-chain'; readonly id: number; readonly problem?: string }
  | { readonly type: 'oracle/status'; readonly id: number; readonly status: OracleStatus }
  | { readonly type: 'oracle/failed'; readonly message: string };
