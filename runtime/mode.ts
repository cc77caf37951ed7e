// How a cache is used: by each call as it comes, or otherwise at someone's wish; and whose wish it is that counts.

import { MintmarkError } from './errors.js'

export const MODES = ['default', 'refresh', 'readonly', 'off'] as const

/** `default`: take a hit, store a miss. `refresh`: run and replace. `readonly`: take a hit, store nothing. `off`: as if there were no cache. */
export type Mode = (typeof MODES)[number]

/**
 * The mode that the one who starts the process or the run asks for: `wanted`, else the environment variable MINTMARK_MODE, else `undefined`.
 *
 * @throws MintmarkError `MM5020` when it is none of the modes: a misspelt `off` must not go on caching.
 */
export function modeOf(wanted: Mode | undefined): Mode | undefined {
  const mode = wanted ?? process.env.MINTMARK_MODE
  return mode === undefined || mode === '' ? undefined : checked(mode)
}

/**
 * Of all who ask, the operator goes first, then whoever of the authors stands nearest to the call. Only the `off` of an author stays:
 * the author knows that a stored result would be wrong.
 *
 * @throws MintmarkError `MM5020`
 */
export function resolveMode(operator: Mode | undefined, ...nearestFirst: readonly (Mode | undefined)[]): Mode {
  const author = nearestFirst.find((mode) => mode !== undefined)
  if (author !== undefined) checked(author)
  return author === 'off' ? author : (operator ?? author ?? 'default')
}

function checked(mode: string): Mode {
  if ((MODES as readonly string[]).includes(mode)) return mode as Mode
  throw new MintmarkError('MM5020', `there is no mode ${JSON.stringify(mode)}; the modes are ${MODES.join(', ')}.`)
}
