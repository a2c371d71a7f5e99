export type { AdmissionWindow } from './admission.ts';
export { DEFAULT_CONNECTION_LIMITS } from './connection-limits.ts';
export { DEFAULT_GUARD_TIMEOUTS, type EmbeddedBrokerOptions } from './embedded-broker.ts';
export { DEFAULT_ADMISSION_RATE, DEFAULT_QUEUE_LIMITS } from './intake.ts';
export { IntakeError, type IntakeErrorCode } from './intake-error.ts';
export { LOGIN_OUTCOMES, type LoginOutcome } from './login.ts';
export type * from './ports.ts';
export {
  type BrokerChoice,
  type RunningIntake,
  type StartIntakeModules,
  type StartIntakeOptions,
  startIntake,
} from './start-intake.ts';
