import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSystemClock } from '@sextant/firmware-bridge/clock';
import { epochTopic, receiptTopic, reportTopic, roundTopic, verdictTopic } from '@sextant/firmware-bridge/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { brokersUnderTest, loginOf, type PreparedBroker } from './support/brokers.ts';
import { closing, connect, HotspotClient, meaningOf } from './support/hotspot-client.ts';
import { batchOf, hotspot, knowing, NETWORK_ID, type TestHotspot, tokenOf } from './support/participants.ts';
import { startTestIntake, type TestIntake } from './support/test-intake.ts';

const REFUSED_SUBSCRIPTION = 128;

describe.each(brokersUnderTest)('access at the $name', ({ missing, prepare }) => {
  const clock = createSystemClock();
  const [anna, boris, stranger] = [hotspot(1), hotspot(2), hotspot(3)];
  let folder: string;
  let broker: PreparedBroker;
  let intake: TestIntake;

  beforeAll(async () => {
    if (missing) return;
    folder = await mkdtemp(join(tmpdir(), 'sextant-access-'));
    broker = await prepare();
    intake = await startTestIntake({ folder, clock, knownKeys: knowing([anna, boris]), broker: broker.choice });
  });
  afterAll(async () => {
    if (missing) return;
    await intake.close();
    await broker.close();
    await rm(folder, { recursive: true });
  });

  /** Whether the broker lets in whoever comes with this token. */
  async function tryLogin(sender: TestHotspot, password: string, changes = {}): Promise<string> {
    const login = { ...loginOf(sender, password), ...changes };
    await broker.announce(intake, login);
    try {
      const client = await connect(broker.url(intake), login);
      await client.endAsync(true);
      return 'let in';
    } catch {
      return 'refused';
    }
  }

  async function enter(sender: TestHotspot): Promise<HotspotClient> {
    const token = tokenOf(sender, clock.now());
    expect(await broker.announce(intake, loginOf(sender, token))).toBe(200);
    return HotspotClient.open(broker.url(intake), sender, token);
  }

  it.skipIf(missing)('lets a known hotspot in with its own fresh token, and nobody else', async () => {
    const nowMs = clock.now();
    expect(await tryLogin(anna, tokenOf(anna, nowMs))).toBe('let in');
    expect(await tryLogin(anna, tokenOf(anna, nowMs, { signer: boris.signer }))).toBe('refused');
    expect(await tryLogin(anna, tokenOf(boris, nowMs))).toBe('refused');
    expect(await tryLogin(anna, tokenOf(anna, nowMs, { lifetimeMs: -1 }))).toBe('refused');
    expect(await tryLogin(anna, tokenOf(anna, nowMs, { lifetimeMs: 3_600_000 }))).toBe('refused');
    expect(await tryLogin(anna, tokenOf(anna, nowMs, { validator: boris.signer.publicKey }))).toBe('refused');
    expect(await tryLogin(anna, tokenOf(anna, nowMs, { networkId: 'other' }))).toBe('refused');
    expect(await tryLogin(stranger, tokenOf(stranger, nowMs))).toBe('refused');
    expect(await tryLogin(anna, 'no token')).toBe('refused');
    expect(await tryLogin(anna, '')).toBe('refused');
    expect(await tryLogin(anna, tokenOf(anna, nowMs), { clientId: boris.id })).toBe('refused');
    expect(await tryLogin(anna, tokenOf(anna, nowMs), { username: anna.id.toUpperCase() })).toBe('refused');
  });

  it.skipIf(missing)('refuses a token that was good until it expired', async () => {
    const token = tokenOf(boris, clock.now(), { lifetimeMs: 1_500 });
    expect(await broker.announce(intake, loginOf(boris, token))).toBe(200);
    const client = await connect(broker.url(intake), loginOf(boris, token));
    await closing(client);
    expect(await tryLogin(boris, token)).toBe('refused');
  });

  it.skipIf(missing)('gives a hotspot its own topics to read and no others', async () => {
    const a = await enter(anna);
    const grants = await Promise.all(
      [
        receiptTopic(NETWORK_ID, anna.id),
        verdictTopic(NETWORK_ID, anna.id),
        roundTopic(NETWORK_ID),
        epochTopic(NETWORK_ID),
      ].map(async (topic) => (await a.mqtt.subscribeAsync(topic, { qos: 0 }))[0]?.qos),
    );
    expect(grants).toEqual([0, 0, 0, 0]);
    for (const topic of [
      receiptTopic(NETWORK_ID, boris.id),
      verdictTopic(NETWORK_ID, boris.id),
      reportTopic(NETWORK_ID, anna.id),
      reportTopic(NETWORK_ID, boris.id),
      reportTopic(NETWORK_ID, '+'),
      receiptTopic(NETWORK_ID, '+'),
      `sextant/v1/${NETWORK_ID}/#`,
      roundTopic('other'),
      '#',
      '+/+/+/+/+',
      '$SYS/#',
    ]) {
      const granted = await a.mqtt.subscribeAsync(topic, { qos: 0 }).then(
        (grant) => grant[0]?.qos,
        () => REFUSED_SUBSCRIPTION,
      );
      expect(granted, topic).toBe(REFUSED_SUBSCRIPTION);
    }
    await a.close();
  });

  it.skipIf(missing)('takes nothing that a hotspot publishes elsewhere than on its own report topic', async () => {
    const b = await enter(boris);
    await b.mqtt.subscribeAsync(verdictTopic(NETWORK_ID, boris.id));
    await b.mqtt.subscribeAsync(roundTopic(NETWORK_ID));
    const heard: string[] = [];
    b.mqtt.on('message', (topic) => heard.push(topic));
    const forged = batchOf(boris, { sequence: 900, createdAtMs: clock.now() });
    for (const topic of [
      reportTopic(NETWORK_ID, boris.id),
      receiptTopic(NETWORK_ID, boris.id),
      verdictTopic(NETWORK_ID, boris.id),
      roundTopic(NETWORK_ID),
      epochTopic(NETWORK_ID),
      'elsewhere',
    ]) {
      const a = await enter(anna);
      const gone = closing(a.mqtt);
      const done = a.mqtt.publishAsync(topic, Buffer.from(forged), { qos: 1 }).catch(() => 'refused');
      await Promise.race([gone, done]);
      a.mqtt.end(true);
      await gone;
    }
    const size = intake.ledger.size;
    const own = batchOf(boris, { sequence: 901, createdAtMs: clock.now() });
    expect(meaningOf(own, await b.send(own), boris)).toBe(`receipt ${size}`);
    expect(heard).toEqual([receiptTopic(NETWORK_ID, boris.id)]);
    await b.close();
  });

  it.skipIf(missing)('gives verdicts to the one they are for, rounds and epochs to everyone, also later', async () => {
    const [a, b] = [await enter(anna), await enter(boris)];
    const heard: string[] = [];
    const note = (name: string) => (topic: string, message: Buffer) => {
      heard.push(`${name} ${topic.split('/').slice(3, 4).join()} ${message.toString()}`);
    };
    a.mqtt.on('message', note('anna'));
    b.mqtt.on('message', note('boris'));
    for (const client of [a, b]) {
      await client.mqtt.subscribeAsync(verdictTopic(NETWORK_ID, client.hotspot.id));
      await client.mqtt.subscribeAsync(roundTopic(NETWORK_ID));
    }
    intake.bus.publishVerdict(anna.id, Buffer.from('v1'));
    intake.bus.publishRound(Buffer.from('r1'));
    intake.bus.publishEpoch(Buffer.from('e1'));
    await expect
      .poll(() => heard.toSorted((x, y) => (x < y ? -1 : 1)), { timeout: 20_000 })
      .toEqual(['anna round r1', 'anna verdict v1', 'boris round r1']);
    await b.mqtt.subscribeAsync(epochTopic(NETWORK_ID));
    await expect.poll(() => heard.at(-1), { timeout: 20_000 }).toBe('boris epoch e1');
    await Promise.all([a.close(), b.close()]);
  });
});
