import { z } from 'zod';
import { viewRegistry } from './view.ts';

/** A JSON Schema (draft 2020-12, only keywords that draft 7 reads the same way). */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** All named schemas, each with its `$id`; they refer to each other as `Name#`. */
export function namedSchemas(): readonly JsonSchema[] {
  const { schemas } = z.toJSONSchema(viewRegistry, { ...OPTIONS, uri: (id) => `${id}#` });
  return Object.entries(schemas).map(([id, schema]) => ({ ...withoutDialect(schema), $id: id }));
}

/** The JSON Schema of a request's parameters, without references. */
export function parameterSchema(schema: z.ZodType): JsonSchema {
  return withoutDialect(z.toJSONSchema(schema, { ...OPTIONS, metadata: NO_NAMES }));
}

const withoutDialect = (schema: object): JsonSchema =>
  Object.fromEntries(Object.entries(schema).filter(([name]) => name !== '$schema' && name !== '~standard'));

/** The reference to a named schema. */
export function refTo(schema: z.ZodType): JsonSchema {
  const id = viewRegistry.get(schema)?.id;
  if (id === undefined) throw new TypeError('This schema has no name: register it with view()');
  return { $ref: `${id}#` };
}

const NO_NAMES = z.registry<{ id?: string }>();

/** `input`: what is not said about an object stays open, so that a field can be added without breaking its readers. */
const OPTIONS = {
  io: 'input',
  target: 'draft-2020-12',
  override: ({ jsonSchema }: { jsonSchema: Record<string, unknown> }) => {
    simplifyTuple(jsonSchema);
    if (jsonSchema['maximum'] === Number.MAX_SAFE_INTEGER) delete jsonSchema['maximum'];
    if (jsonSchema['minimum'] === Number.MIN_SAFE_INTEGER) delete jsonSchema['minimum'];
  },
} as const;

/** All tuples here repeat one type; `items` says that to readers of every draft. */
function simplifyTuple(jsonSchema: Record<string, unknown>): void {
  const { prefixItems } = jsonSchema;
  if (!Array.isArray(prefixItems)) return;
  delete jsonSchema['prefixItems'];
  jsonSchema['items'] = prefixItems[0] as unknown;
}
