import { createSystemClock } from '@sextant/firmware-bridge/clock';
import { watchParent } from '@sextant/firmware-bridge/parent-watch';
import type { SimulatorAnswer, SimulatorRequest } from './process-messages.ts';
import { type Simulation, startSimulation } from './simulation.ts';

/** The simulated city as a process of its own: told over IPC who lives there, ends on SIGTERM or with its parent. */

const tell = (message: SimulatorAnswer): void => void process.send?.(message);
let simulation: Simulation | undefined;

async function answer(request: SimulatorRequest): Promise<void> {
  const { id } = request;
  switch (request.type) {
    case 'simulator/start':
      simulation = await startSimulation(request.options, createSystemClock());
      tell({ type: 'simulator/started', id, gpsdPorts: simulation.gpsdPorts });
      return;
    case 'simulator/hush':
      simulation?.hush();
      tell({ type: 'simulator/hushed', id });
      return;
    case 'simulator/status':
      tell({ type: 'simulator/status', id, ...(simulation?.counts() ?? { sent: 0, heard: 0 }) });
      return;
  }
}

function fail(error: unknown): void {
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  console.error(message);
  tell({ type: 'simulator/failed', message: error instanceof Error ? error.message : message });
  process.exitCode = 1;
  end();
}

function end(): void {
  void (simulation?.stop() ?? Promise.resolve()).finally(() => process.exit());
}

process.on('message', (request: SimulatorRequest) => void answer(request).catch(fail));
process.on('SIGTERM', end);
watchParent(end);
