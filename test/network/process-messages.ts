import type { BridgeStatus } from '@sextant/firmware-bridge/bridge';
import type { OperatorAnswer } from '@sextant/oracle/operator';

/** What the launcher and the replay expect of the processes they start; each adds the `id` of its request. */
export interface OracleReady {
  readonly type: 'oracle/ready';
  readonly httpPort: number;
  readonly mqttPort: number;
  readonly validatorId: string;
  readonly networkId: string;
}

export interface OracleStep {
  readonly type: 'oracle/step';
  readonly text: string;
}

export interface Invited {
  readonly type: 'oracle/invited';
  readonly codes: readonly string[];
}

/** What an operator asked for is done, or why not. */
export interface Operated {
  readonly type: 'oracle/operated';
  readonly answer: OperatorAnswer;
}

/** Everything in the log is judged and in the database. */
export interface Settled {
  readonly type: 'oracle/settled';
}

export interface BridgeReady {
  readonly type: 'bridge/ready';
  readonly udpPort: number;
}

export interface BridgeStatusAnswer {
  readonly type: 'bridge/status';
  readonly status: BridgeStatus;
}

/** Everything that was heard or sent is receipted or dead. */
export interface BridgeIdle {
  readonly type: 'bridge/idle';
}

/** Parent → child of a steered process, answered when everything due until then has run. */
export interface ClockAdvanced {
  readonly type: 'clock/advanced';
  readonly to: number;
}
