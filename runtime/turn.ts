// Whether a claim is worth it. It costs a few calls of the store, and saves at best one computation: a step that is found to cost less than
// that is computed at once, twice if need be.

import { type Claimed, type ClaimOptions, claim, FREE } from './claim.js'
import type { Fingerprint } from './contract.js'
import type { Key } from './key.js'
import type { Store } from './store.js'

/** A miss that takes less than so many claims, run and storing together, is not claimed. */
const CLAIMS = 5
/** Claims on a store before its cost is believed: the first ones make folders and connections. */
const ENOUGH = 8
/** Weight of the last miss in the mean of its step. */
const WEIGHT = 1 / 8
const MOST_STEPS = 1000

const costs = new WeakMap<Store, { least: number; count: number }>()
/** Mean milliseconds of a miss by the fingerprint of its step. */
const misses = new Map<Fingerprint, number>()

/** As `claim`; `release` is to be called when the miss is over, and takes the time. */
export async function takeTurn<T>(
  store: Store,
  key: Key,
  step: Fingerprint,
  look: () => Promise<T | undefined>,
  options: ClaimOptions,
): Promise<Claimed<T>> {
  const cost = costs.get(store) ?? { least: Number.POSITIVE_INFINITY, count: 0 }
  costs.set(store, cost)
  const cheap = cost.count >= ENOUGH && (misses.get(step) ?? Number.POSITIVE_INFINITY) < CLAIMS * cost.least
  const turn = options.waitMs <= 0 || cheap ? FREE : await claim(store, key, look, options)
  if (turn.kind === 'found') return turn
  if (turn.costMs !== undefined) {
    cost.count++
    cost.least = Math.min(cost.least, turn.costMs)
  }
  const began = performance.now()
  return {
    kind: 'turn',
    async release() {
      note(step, performance.now() - began)
      await turn.release()
    },
  }
}

function note(step: Fingerprint, ms: number): void {
  const mean = misses.get(step)
  if (mean === undefined && misses.size >= MOST_STEPS) misses.delete(misses.keys().next().value!)
  misses.set(step, mean === undefined ? ms : mean + (ms - mean) * WEIGHT)
}
