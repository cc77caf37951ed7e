// Memoized functions that tell their executions.

import { digest, FORMAT, STAMP } from '../../runtime/contract.js'
import { type Memoized, memoizeFunction } from '../../runtime/memoize.js'
import type { Store } from '../../runtime/store.js'
import { memoryStore } from '../../runtime/stores/memory.js'

export interface CountedOptions {
  /** Default: one of its own in memory. */
  readonly store?: Store
  /** Stands for its closure. */
  readonly code?: string
  /** More of the stamp. */
  readonly parts?: object
}

/** `runs`: the arguments of each execution. */
export function counted<F extends (...args: any[]) => unknown>(
  fn: F,
  { store = memoryStore(), code = 'code', parts = {} }: CountedOptions = {},
): { readonly memoized: Memoized<F>; readonly runs: unknown[] } {
  const runs: unknown[] = []
  const noting = (...args: unknown[]) => {
    runs.push(args)
    return fn(...args)
  }
  const stamp = { kind: 'function', format: FORMAT, id: 'test.ts#fn', fingerprint: digest(code), ...parts }
  return { memoized: memoizeFunction(Object.assign(noting as unknown as F, { [STAMP]: stamp }), { store, strict: false }), runs }
}
