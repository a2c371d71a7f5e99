import { z } from 'zod';

/** All schemas with a name of their own in the OpenAPI document. */
export const viewRegistry: z.core.$ZodRegistry<{ id: string; description?: string }> = z.registry();

/** A type as JSON gives it back: nothing in it can be written. */
export type Frozen<T> = T extends object ? { readonly [K in keyof T]: Frozen<T[K]> } : T;

type Exactly<View, Schema extends z.ZodType> = [View] extends [Frozen<z.output<Schema>>]
  ? [Frozen<z.output<Schema>>] extends [View]
    ? Schema
    : 'the schema says more or something else than the type'
  : 'the type says more or something else than the schema';

/**
 * Gives the schema of a read model its name. The compiler holds both together: a field that is only in one of them, or of
 * another type there, does not compile. `View` is named first: `view<HexView>()('HexView', …)`.
 */
export function view<View>() {
  return <Schema extends z.ZodType>(
    id: string,
    description: string,
    schema: Schema & Exactly<View, NoInfer<Schema>>,
  ): Schema => {
    viewRegistry.add(schema, { id, description });
    return schema;
  };
}

/** A name for a value that is no object: hashes, cells, amounts. */
export function named<Schema extends z.ZodType>(id: string, description: string, schema: Schema): Schema {
  viewRegistry.add(schema, { id, description });
  return schema;
}
