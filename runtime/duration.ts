// How long a result stays fresh, as people write it.

import { MintmarkError } from './errors.js'

/** Milliseconds, or a count with its unit: `'500ms'`, `'30s'`, `'10m'`, `'1.5h'`, `'7d'`, `'2w'`. */
export type Duration = number | string

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }

/**
 * A duration in milliseconds.
 *
 * @throws MintmarkError `MM2004` for anything but a number from 0 on, or a count with one of the units.
 */
export function parseDuration(duration: Duration): number {
  if (typeof duration === 'number' && duration >= 0) return duration
  const [, count, unit] = (typeof duration === 'string' && /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d|w)$/.exec(duration.trim())) || []
  if (count === undefined || unit === undefined) {
    throw new MintmarkError(
      'MM2004',
      `${JSON.stringify(duration)} is no duration; give milliseconds, or a count with ms, s, m, h, d or w, as in '10m'.`,
    )
  }
  return Number(count) * UNITS[unit]!
}
