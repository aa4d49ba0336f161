/** Checks of what comes in, from which the generated modules build theirs: what comes in is checked, not believed. */

/** Whether a value is a T. */
export type Check<T> = (value: unknown) => value is T;

/** A check for each field of a T. */
export type Checks<T> = { readonly [K in keyof T]-?: Check<T[K]> };

/** A JSON object. */
export type Fields = Record<string, unknown>;

export const isText: Check<string> = (value) => typeof value === "string";

export const isFlag: Check<boolean> = (value) => typeof value === "boolean";

/** A number from 0 up. */
export const isAmount: Check<number> = (value): value is number =>
  typeof value === "number" && Number.isFinite(value) && value >= 0;

/** A whole number from 0 up. */
export const isCount: Check<number> = (value): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0;

export const isObject: Check<Fields> = (value): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/* @__NO_SIDE_EFFECTS__ */
export function oneOf<const T extends string>(...allowed: readonly T[]): Check<T> {
  return (value): value is T => (allowed as readonly unknown[]).includes(value);
}

/* @__NO_SIDE_EFFECTS__ */
export function orNull<T>(check: Check<T>): Check<T | null> {
  return (value): value is T | null => value === null || check(value);
}

/** A field that may be left out. */
/* @__NO_SIDE_EFFECTS__ */
export function optional<T>(check: Check<T>): Check<T> {
  return (value): value is T => value === undefined || check(value);
}

/* @__NO_SIDE_EFFECTS__ */
export function listOf<T>(check: Check<T>): Check<T[]> {
  return (value): value is T[] => Array.isArray(value) && value.every(check);
}

/* @__NO_SIDE_EFFECTS__ */
export function shape<T>(checks: Checks<T>): Check<T> {
  const fields = Object.entries(checks) as [string, Check<unknown>][];
  return (value): value is T => isObject(value) && fields.every(([name, check]) => check(value[name]));
}

/**
 * The fields of `value` that `checks` names, and no others. Throws what `wrong` makes of the name of the first field
 * that is missing or wrong; the message of an error never has what was in it.
 */
export function read<T>(checks: Checks<T>, value: Fields, wrong: (field: string) => Error): T {
  const found: Fields = {};
  for (const [name, check] of Object.entries(checks) as [string, Check<unknown>][]) {
    const field = value[name];
    if (!check(field)) throw wrong(name);
    if (field !== undefined) found[name] = field;
  }
  return found as T;
}
