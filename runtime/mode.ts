// How a cache is used: by each call as it comes, or otherwise at someone's wish.

import process from 'node:process'
import { MintmarkError } from './errors.js'

export const MODES = ['default', 'refresh', 'readonly', 'off'] as const

/** `default`: take a hit, store a miss. `refresh`: run and replace. `readonly`: take a hit, store nothing. `off`: as if there were no cache. */
export type Mode = (typeof MODES)[number]

/**
 * The mode that was asked for, else the one in the environment variable MINTMARK_MODE, else `undefined`.
 *
 * @throws MintmarkError `MM5020` when it is none of the modes: a misspelt `off` must not go on caching.
 */
export function modeOf(wanted: Mode | undefined): Mode | undefined {
  const mode = wanted ?? process.env.MINTMARK_MODE
  if (mode === undefined || mode === '') return undefined
  if ((MODES as readonly string[]).includes(mode)) return mode as Mode
  throw new MintmarkError('MM5020', `there is no mode ${JSON.stringify(mode)}; the modes are ${MODES.join(', ')}.`)
}
