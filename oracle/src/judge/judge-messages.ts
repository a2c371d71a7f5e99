import type { KeyChanges } from '../core/index.ts';
import type { ProjectorStatus, ProvisionalResults } from '../store/index.ts';

/** What the judge's thread is started with. */
export interface JudgeThreadData {
  readonly origin: string;
  /** The log's first entry. */
  readonly genesisEntry: Uint8Array;
  readonly dataDirectory: string;
  readonly database: DatabaseAccess;
  /** Entries in the log at the start. */
  readonly logSize: number;
}

/** How the thread reaches the database: a URL, or the private server that the main thread keeps running. */
export type DatabaseAccess =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'embedded'; readonly host: string; readonly port: number; readonly user: string };

export type Question =
  | { readonly kind: 'read'; readonly from: number; readonly most: number }
  | { readonly kind: 'root'; readonly size: number }
  /** The password of the private database; started first when it does not run. */
  | { readonly kind: 'database' };

export type ToJudge =
  | { readonly kind: 'grown'; readonly size: number }
  | { readonly kind: 'answer'; readonly id: number; readonly value: readonly Uint8Array[] }
  | { readonly kind: 'failure'; readonly id: number; readonly message: string }
  /** Answer `settled` once everything up to this size is judged and in the database. */
  | { readonly kind: 'settle'; readonly id: number; readonly size: number }
  | { readonly kind: 'stop' };

export interface JudgeStatus {
  /** Entries judged. */
  readonly judged: number;
  readonly epoch: number;
  readonly projector: ProjectorStatus;
}

export type FromJudge =
  | { readonly kind: 'ask'; readonly id: number; readonly question: Question }
  | { readonly kind: 'ready' }
  /** These are in the database now. */
  | { readonly kind: 'provisional'; readonly results: ProvisionalResults }
  /** A key hands over to another in this entry. */
  | { readonly kind: 'successor'; readonly entry: Uint8Array }
  /** The epoch is in the archive. */
  | { readonly kind: 'closed'; readonly epoch: number; readonly summaryJson: string; readonly keys: KeyChanges }
  /** The epoch is in the database. */
  | { readonly kind: 'applied'; readonly epoch: number }
  | { readonly kind: 'settled'; readonly id: number }
  | { readonly kind: 'status'; readonly status: JudgeStatus }
  /** A line of pino's. */
  | { readonly kind: 'log'; readonly line: string };
