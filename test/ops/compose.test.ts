import { existsSync } from 'node:fs';
import { readSettings, SETTINGS, variableOf } from '@sextant/oracle/settings';
import { describe, expect, test } from 'vitest';
import { type ComposeService, composeText, readComposeFile, variableUses } from './compose-file.ts';
import { environmentOf, readDockerfile, textsOf } from './dockerfile.ts';
import { OPERATOR_VARIABLES } from './operator-variables.ts';
import { inRepository } from './repository.ts';

const compose = readComposeFile(OPERATOR_VARIABLES);
const services = Object.entries(compose.services);
const { timescaledb, emqx, oracle, map } = compose.services as Record<string, ComposeService>;
const environmentFor = (service: ComposeService | undefined): Readonly<Record<string, string>> =>
  service?.environment ?? {};

const imageStage = (service: ComposeService | undefined) =>
  service?.build ? readDockerfile(service.build.dockerfile).at(-1) : undefined;
const oracleEnvironment = (): Record<string, string> => {
  const stage = imageStage(oracle);
  return { ...(stage ? environmentOf(stage) : {}), ...environmentFor(oracle) };
};
/** Container ports that a service publishes, by the address on the machine. */
const published = (service: ComposeService | undefined): Record<string, string> =>
  Object.fromEntries(
    (service?.ports ?? []).map((port) => [port.slice(0, port.lastIndexOf(':')), port.slice(port.lastIndexOf(':') + 1)]),
  );

describe('what an operator has to say', () => {
  test('nothing has a default, and each missing one names itself', () => {
    for (const { name, operator } of variableUses()) {
      expect([name, operator]).toEqual([name, expect.stringMatching(new RegExp(`^:\\?set ${name} in \\.env .{10,}$`))]);
    }
  });

  test('each variable is explained at the top, and nothing else is', () => {
    const explained = [...composeText.matchAll(/^# {3}((?:[A-Z][A-Z_]+)(?:, [A-Z_]+)*) {2,}\S/gm)];
    const names = explained.flatMap(([, list = '']) => list.split(', '));
    const used = new Set(variableUses().map(({ name }) => name));
    expect(names.toSorted()).toEqual([...used].toSorted());
    expect(Object.keys(OPERATOR_VARIABLES).toSorted()).toEqual([...used].toSorted());
  });

  test('no password or secret stands in the file', () => {
    const withoutVariables = composeText.replace(/\$\{[^}]*\}/g, '');
    expect(withoutVariables).not.toMatch(/(password|secret|cookie|token)"?[=:] *"?[A-Za-z0-9+/]{3,}(?!-)/i);
  });
});

describe('each service', () => {
  test.each(services)('%s: an exact image', (_, { image = '', build }) => {
    expect(image).toMatch(/:\d+\.\d+\.\d+(-[a-z0-9]+)*$/);
    if (!build) return;
    expect(build.context).toBe('.');
    expect(existsSync(inRepository(build.dockerfile))).toBe(true);
  });

  test.each(services)('%s: without root, privileges or a writable root file system', (_, service) => {
    const stage = imageStage(service);
    const user = service.user ?? (stage ? textsOf(stage, 'USER').at(-1) : undefined);
    expect(user).toMatch(/^(?!root|0)\w+/);
    expect(service).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      restart: 'unless-stopped',
    });
    for (const power of ['privileged', 'cap_add', 'devices', 'network_mode', 'pid', 'ipc', 'userns_mode']) {
      expect(service).not.toHaveProperty(power);
    }
  });

  test.each(services)('%s: tells how it is', (_, service) => {
    const stage = imageStage(service);
    const [check] = stage ? textsOf(stage, 'HEALTHCHECK') : [];
    expect(service.healthcheck?.test[0] ?? check).toMatch(/CMD/);
  });

  test.each(services)('%s: keeps what it keeps in named volumes', (_, service) => {
    for (const volume of service.volumes ?? []) {
      const [source = '', target = ''] = volume.split(':');
      expect(Object.keys(compose.volumes)).toContain(source);
      expect(target).toMatch(/^\//);
    }
  });

  test.each(services)('%s: depends on services there are, and uses what is declared', (_, service) => {
    expect(Object.keys(compose.services)).toEqual(expect.arrayContaining(Object.keys(service.depends_on ?? {})));
    expect(Object.keys(compose.networks)).toEqual(expect.arrayContaining([...service.networks]));
    expect(Object.keys(compose.secrets)).toEqual(expect.arrayContaining([...(service.secrets ?? [])]));
    // Files of the operator’s that a service without root may read.
    expect(service.group_add ?? []).toEqual(service.secrets ? [OPERATOR_VARIABLES.TLS_GROUP] : []);
  });
});

test('nothing that is declared is left over', () => {
  const all = <Name extends 'networks' | 'secrets'>(name: Name) =>
    services.flatMap(([, service]) => service[name] ?? []);
  expect([...new Set(all('networks'))].toSorted()).toEqual(Object.keys(compose.networks).toSorted());
  expect([...new Set(all('secrets'))].toSorted()).toEqual(Object.keys(compose.secrets).toSorted());
  const volumes = services.flatMap(([, { volumes: mounts = [] }]) => mounts.map((mount) => mount.split(':')[0] ?? ''));
  expect(volumes.toSorted()).toEqual(Object.keys(compose.volumes).toSorted());
});

describe('who can reach whom', () => {
  const reaches = (from: string, to: string): boolean =>
    (compose.services[from]?.networks ?? []).some((network) => compose.services[to]?.networks.includes(network));

  test('three services reach the oracle, and no other pair each other', () => {
    const names = Object.keys(compose.services);
    const pairs = names.flatMap((from) =>
      names.filter((to) => from < to && reaches(from, to)).map((to) => `${from} ${to}`),
    );
    expect(pairs.toSorted()).toEqual(['emqx oracle', 'map oracle', 'oracle timescaledb']);
  });

  test('only who publishes a port has a way out', () => {
    for (const [name, { networks, ports }] of services) {
      const outside = networks.filter((network) => compose.networks[network]?.internal !== true);
      expect([name, outside.length]).toEqual([name, ports ? 1 : 0]);
    }
  });

  test('clear text is published on loopback only', () => {
    expect({ ...published(emqx), ...published(map) }).toEqual({
      '8883': '8883',
      '443': '8443',
      '127.0.0.1:8080': '8080',
    });
    expect(published(oracle)).toEqual({});
    expect(published(timescaledb)).toEqual({});
  });
});

describe('the oracle’s settings', () => {
  test('each variable is a setting, and no setting is said twice', () => {
    const variables = Object.keys(oracleEnvironment()).filter((name) => name.startsWith('SEXTANT_'));
    expect(Object.keys(SETTINGS).map(variableOf)).toEqual(expect.arrayContaining(variables));
    const stage = imageStage(oracle);
    const inImage = stage ? Object.keys(environmentOf(stage)) : [];
    expect(Object.keys(environmentFor(oracle)).filter((name) => inImage.includes(name))).toEqual([]);
    const others = Object.keys(oracleEnvironment()).filter((name) => !name.startsWith('SEXTANT_'));
    expect(others).toEqual(['PATH']);
  });

  test('they are understood, and fit the other services', () => {
    const settings = readSettings({}, oracleEnvironment());
    expect(settings).toMatchObject({
      'network-id': OPERATOR_VARIABLES.NETWORK_ID,
      broker: 'emqx',
      'broker-secret': OPERATOR_VARIABLES.BROKER_SECRET,
      'public-url': `https://${OPERATOR_VARIABLES.PUBLIC_HOST}`,
      'http-host': '0.0.0.0',
      'trust-proxy': true,
    });
    expect(Buffer.from(settings.owner).toString('hex')).toBe(OPERATOR_VARIABLES.OWNER_ADDRESS.slice(2).toLowerCase());
    expect(oracle?.volumes).toEqual([`oracle:${settings.data}`]);
    const listeners = environmentFor(emqx);
    expect(settings['broker-url']).toBe(
      `mqtt://emqx:${listeners['EMQX_LISTENERS__TCP__DEFAULT__BIND']?.split(':')[1] ?? ''}`,
    );
    const tlsPort = listeners['EMQX_LISTENERS__SSL__DEFAULT__BIND']?.split(':')[1] ?? '';
    expect(settings['mqtt-url']).toBe(`mqtts://${OPERATOR_VARIABLES.PUBLIC_HOST}:${tlsPort}`);
    expect(published(emqx)).toEqual({ [tlsPort]: tlsPort });
  });

  test('the database is the one beside it', () => {
    const settings = readSettings({}, oracleEnvironment());
    const url = new URL(settings['database-url'] ?? '');
    const { POSTGRES_DB, POSTGRES_USER, POSTGRES_PASSWORD } = environmentFor(timescaledb);
    expect({
      host: url.hostname,
      port: url.port,
      path: url.pathname,
      user: url.username,
      password: url.password,
    }).toEqual({
      host: 'timescaledb',
      port: '5432',
      path: `/${POSTGRES_DB}`,
      user: POSTGRES_USER,
      password: POSTGRES_PASSWORD,
    });
    expect(timescaledb?.healthcheck?.test).toEqual(
      expect.arrayContaining([`--username=${POSTGRES_USER}`, `--dbname=${POSTGRES_DB}`]),
    );
  });

  test('the broker keeps what nobody may know', () => {
    const environment = environmentFor(emqx);
    expect(environment).toMatchObject({
      EMQX_AUTHORIZATION__NO_MATCH: 'deny',
      EMQX_AUTHORIZATION__DENY_ACTION: 'disconnect',
      EMQX_DASHBOARD__LISTENERS__HTTP__BIND: '0',
      EMQX_LISTENERS__WS__DEFAULT__ENABLE: 'false',
      EMQX_LISTENERS__WSS__DEFAULT__ENABLE: 'false',
      EMQX_NODE__COOKIE: OPERATOR_VARIABLES.EMQX_COOKIE,
    });
    for (const [name, secret] of [
      ['CERTFILE', 'tls-cert'],
      ['KEYFILE', 'tls-key'],
    ] as const) {
      expect(environment[`EMQX_LISTENERS__SSL__DEFAULT__SSL_OPTIONS__${name}`]).toBe(`/run/secrets/${secret}`);
      expect(emqx?.secrets).toContain(secret);
      expect(map?.secrets).toContain(secret);
    }
  });
});
