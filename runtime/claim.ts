// Single flight between processes and machines: who is about to compute a result says so in the store, and the others wait for it.
//
// It is an economy and no lock. An owner on this machine holds its claim as long as its process lives, however blocked its event loop is, and
// loses it the moment that it dies. An owner elsewhere renews its claim while it computes; one that does not for a while is taken for dead.
// Whatever goes wrong with claims, the result is computed, perhaps twice, and the first one stays.

import { setTimeout as sleep } from 'node:timers/promises'
import { digest } from './contract.js'
import type { Key } from './key.js'
import { type Owner, standing, thisOwner } from './owner.js'
import type { Store } from './store.js'

export interface ClaimOptions {
  /** The longest time to wait for another owner, in milliseconds. */
  readonly waitMs: number
  /** Called when another owner is to be waited for, before the wait. */
  readonly onWait?: (() => void) | undefined
  /** Ends the wait, and gives the turn. */
  readonly signal?: AbortSignal | undefined
  /** An owner elsewhere renews its claim this often. Default 10,000. */
  readonly beatMs?: number
  /** One that has not for so long has lost it. Default 30,000. */
  readonly leaseMs?: number
}

/** Of callers who say nothing of it. */
export const DEFAULT_WAIT_MS = 600_000

/** `release` never rejects, and must be called when the result is stored or will not be. */
export interface Turn {
  readonly kind: 'turn'
  /** Milliseconds that the claim itself took; absent when it was waited for, or there is none. */
  readonly costMs?: number
  readonly release: () => Promise<void>
}

/** What to do about a key: take what was found meanwhile, or compute. */
export type Claimed<T> = { readonly kind: 'found'; readonly found: T } | Turn

/** A turn that nobody else knows of. */
export const FREE: Turn = { kind: 'turn', release: async () => {} }

/** A wait is looked into at an eighth of its length so far, so that it takes an eighth longer than it had to at most. */
const [FIRST_LOOK_MS, LAST_LOOK_MS, SHARE] = [1, 1000, 8]

let count = 0

/**
 * Waits for its turn to compute what is stored under `key`. `look` tells whether it is there by now. The turn comes unclaimed, too: when waiting took too long, when
 * the owner ended and brought nothing (then all who waited compute, since what one cannot store the next one cannot either), when the store fails.
 */
export async function claim<T>(store: Store, key: Key, look: () => Promise<T | undefined>, options: ClaimOptions): Promise<Claimed<T>> {
  const { waitMs, onWait, signal, beatMs = 10_000, leaseMs = 30_000 } = options
  const mine = `${++count}`
  const asked = performance.now()
  let seen = { text: '', since: asked }
  let waiting = false

  async function hold(): Promise<Claimed<T>> {
    const turn = keep(store, key, mine, beatMs)
    // The one who held it before may have stored the result between our look and our claim.
    let found: T | undefined
    try {
      found = await look()
    } catch (error) {
      await turn.release()
      throw error
    }
    if (found === undefined) return waiting ? turn : { ...turn, costMs: performance.now() - asked }
    await turn.release()
    return { kind: 'found', found }
  }

  async function wait(): Promise<Claimed<T>> {
    waiting = true
    onWait?.()
    for (let looks = 0; ; looks++) {
      const bytes = await store.get('claims', key)
      if (bytes === undefined) {
        const found = await look()
        if (found !== undefined) return { kind: 'found', found }
        // Gone before the first look: perhaps it never waited for anything, so it is worth another try.
        return looks === 0 && (await store.put('claims', key, record(mine, 0))) ? hold() : FREE
      }
      const now = performance.now()
      const text = Buffer.from(bytes).toString('latin1')
      if (text !== seen.text) seen = { text, since: now }
      const state = standingOf(text)
      const lost = state === 'dead' || (state === 'elsewhere' && now - seen.since >= leaseMs)
      if (lost && (await takeOver(store, key, bytes, mine))) return hold()
      const left = waitMs - (now - asked)
      if (left <= 0 || signal?.aborted) return FREE
      const pause = Math.min(LAST_LOOK_MS, Math.max(FIRST_LOOK_MS, (now - asked) / SHARE))
      await sleep(Math.min(left, pause * (0.75 + Math.random() / 2)), undefined, { signal }).catch(() => {})
    }
  }

  try {
    return (await store.put('claims', key, record(mine, 0))) ? await hold() : await wait()
  } catch {
    // The store fails: those who look up and save tell that.
    return FREE
  }
}

function record(mine: string, beat: number): Buffer {
  return Buffer.from(JSON.stringify({ ...thisOwner(), claim: mine, beat }))
}

function keep(store: Store, key: Key, mine: string, beatMs: number): Turn {
  let beat = 0
  let beating: Promise<unknown> | undefined
  const timer = setInterval(() => {
    beating = store.put('claims', key, record(mine, ++beat), { replace: true }).catch(() => {})
  }, beatMs)
  timer.unref()
  return {
    kind: 'turn',
    async release() {
      clearInterval(timer)
      // A renewal that lands after the removal would leave a claim that nobody gives back.
      await beating
      await store.delete('claims', key).catch(() => {})
    },
  }
}

/**
 * Puts our claim in the place of one whose owner is gone. Of many who find that out at once one may: the one who gets a claim on that very claim.
 */
async function takeOver(store: Store, key: Key, dead: Uint8Array, mine: string): Promise<boolean> {
  const right = digest(dead)
  const ours = record(mine, 0)
  if (!(await store.put('claims', right, ours))) {
    const rival = await store.get('claims', right)
    // It died amid this. Next time, then.
    if (rival !== undefined && standingOf(Buffer.from(rival).toString('latin1')) === 'dead') await store.delete('claims', right)
    return false
  }
  try {
    const now = await store.get('claims', key)
    return now !== undefined && Buffer.compare(now, dead) === 0 && (await store.put('claims', key, ours, { replace: true }))
  } finally {
    await store.delete('claims', right)
  }
}

function standingOf(text: string): ReturnType<typeof standing> {
  try {
    const { place, pid, began } = JSON.parse(text) as Partial<Owner>
    if (typeof place === 'string' && Number.isInteger(pid) && typeof began === 'string')
      return standing({ place, pid: pid!, began, instance: '' })
  } catch {
    // As below.
  }
  // In a form that is not known here: it is good as long as it is renewed.
  return 'elsewhere'
}
