// Environment variables that a step declares with `env`: by value, and never in clear. The digest is keyed by the name, so that equal
// secrets under two names do not look equal. And the salt of the whole environment.

import { createHmac } from 'node:crypto'
import { type Digest, digest } from './contract.js'

/** One digest for the values of the variables at this moment; a variable that is not set differs from an empty one. */
export function environmentDigest(names: readonly string[] | undefined, environment: NodeJS.ProcessEnv = process.env): Digest | undefined {
  if (names === undefined || names.length === 0) return undefined
  const lines = [...new Set(names)].sort().map((name) => {
    const value = environment[name]
    return `${name.length}:${name} ${value === undefined ? 'unset' : createHmac('sha256', `mintmark env ${name}`).update(value).digest('hex')}`
  })
  return digest(lines.join('\n'))
}

/** What MINTMARK_SALT says: results of one environment that are kept apart from those of all others. An empty one is none. */
export function environmentSalt(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  return environment.MINTMARK_SALT || undefined
}
