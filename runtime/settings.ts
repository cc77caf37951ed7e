// What holds for the whole process when nobody says otherwise.

import { hostname } from 'node:os'
import type { Store } from './store.js'
import { fsStore } from './stores/fs.js'
import { storeAt } from './stores/location.js'
import { signedStore } from './stores/signed.js'

let shared: Store | undefined
let writer: string | undefined

/**
 * What MINTMARK_STORE names, else the folder `.mintmark`, in the folder that was current when it was first asked for. With public keys in
 * MINTMARK_TRUST it is a signed store. Errors: MM5021, MM5041.
 */
export function defaultStore(): Store {
  shared ??= openDefault(process.env)
  return shared
}

function openDefault({ MINTMARK_STORE: place = '', MINTMARK_TRUST = '' }: NodeJS.ProcessEnv): Store {
  const store = place === '' ? fsStore({ dir: '.mintmark' }) : storeAt(place)
  const trust = wordsOf(MINTMARK_TRUST)
  return trust.length === 0 ? store : signedStore(store, { trust })
}

/** Words between commas and white space. */
export function wordsOf(list: string): string[] {
  return list.split(/[\s,]+/).filter((word) => word !== '')
}

export function strictByEnvironment(): boolean {
  return process.env.MINTMARK_STRICT === '1'
}

/** Who writes an entry: `machine#4711`. */
export function thisProcess(): string {
  // A system call, and entries can be many.
  writer ??= `${hostname()}#${process.pid}`
  return writer
}
