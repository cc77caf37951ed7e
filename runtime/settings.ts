// What holds for the whole process when nobody says otherwise.

import { hostname } from 'node:os'
import process from 'node:process'
import type { Store } from './store.js'
import { fsStore } from './stores/fs.js'
import { storeAt } from './stores/location.js'

let shared: Store | undefined
let writer: string | undefined

/** What MINTMARK_STORE names, else the folder `.mintmark`, in the folder that was current when it was first asked for. Errors: MM5021. */
export function defaultStore(): Store {
  const { MINTMARK_STORE: place = '' } = process.env
  shared ??= place === '' ? fsStore({ dir: '.mintmark' }) : storeAt(place)
  return shared
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
