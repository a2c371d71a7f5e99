import type { SimulationOptions } from './simulation.ts';

/** What the simulator's process is asked over IPC, and what it answers. */
export type SimulatorRequest =
  | { readonly type: 'simulator/start'; readonly id: number; readonly options: SimulationOptions }
  | { readonly type: 'simulator/status'; readonly id: number }
  /** From now on nothing is sent or heard: every gateway says no to what it is told to send. */
  | { readonly type: 'simulator/hush'; readonly id: number };

export type SimulatorAnswer =
  | {
      readonly type: 'simulator/started';
      readonly id: number;
      /** Where each car's gpsd listens, by EUI. */
      readonly gpsdPorts: Readonly<Record<string, number>>;
    }
  | {
      readonly type: 'simulator/status';
      readonly id: number;
      /** Frames put on the air, and receptions of them. */
      readonly sent: number;
      readonly heard: number;
    }
  | { readonly type: 'simulator/hushed'; readonly id: number }
  | { readonly type: 'simulator/failed'; readonly message: string };
