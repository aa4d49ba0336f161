/** How answers of the API are read, field by field. */

import { type Checks, type Fields, isObject } from "../contract/check";
import { ApiError } from "./error";

/** Those of the optional fields that `value` has as the contract has them. */
export function sent<T, K extends keyof T & string>(
  checks: Checks<T>,
  value: Fields,
  ...names: K[]
): Partial<Pick<T, K>> {
  const found = names.filter((name) => value[name] !== undefined && checks[name](value[name]));
  return Object.fromEntries(found.map((name) => [name, value[name]])) as Partial<Pick<T, K>>;
}

/** Stands for a field without which an answer is unreadable. */
export const REQUIRED = Symbol("required");

/** The fields of `value` that are named in `otherwise`, each as the contract has it, or else what stands there. */
export function take<T, K extends keyof T & string>(
  checks: Checks<T>,
  value: Fields,
  otherwise: { [N in K]-?: T[N] | typeof REQUIRED },
): Pick<T, K> {
  const found = Object.entries<unknown>(otherwise).map(([name, other]) => {
    const field = value[name];
    if (field !== undefined && checks[name as K](field)) return [name, field];
    return [name, other === REQUIRED ? unreadable() : other];
  });
  return Object.fromEntries(found) as Pick<T, K>;
}

export function fields(value: unknown): Fields {
  return isObject(value) ? value : unreadable();
}

export function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

export function unreadable(): never {
  throw new ApiError("unreadable_answer", "An answer we can't read", "", 200);
}
