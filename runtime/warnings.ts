// Warnings: what went wrong without failing the run, said once, through Node's own channel (`--no-warnings` and the like apply).

/** A warning as a listener gets it. */
export interface Warning {
  /** `MM2101`, as with errors. */
  readonly code: string
  readonly message: string
}

const MOST_REMEMBERED = 1000

const said = new Set<string>()
const listeners = new Set<(warning: Warning) => void>()

/** Warns, unless the same has been said before in this process. `about` tells what is the same; without it, the message does. */
export function warnOnce(code: string, message: string, about: string = message): void {
  const id = `${code} ${about}`
  if (said.has(id)) return
  // Paths of values can be many; the oldest are forgotten rather than kept for ever.
  if (said.size >= MOST_REMEMBERED) said.delete(said.values().next().value!)
  said.add(id)
  if (listeners.size === 0) process.emitWarning(message, { type: 'MintmarkWarning', code })
  else for (const listener of listeners) listener({ code, message })
}

const hushed = new WeakSet<object>()

/** An error that is a consequence of what has been told already: it is no warning of its own. */
export function hush<E extends Error>(error: E): E {
  hushed.add(error)
  return error
}

export function isHushed(error: unknown): boolean {
  return error instanceof Error && hushed.has(error)
}

/** While there is a listener, warnings go to it and no longer to the process. Answers the way to stop listening. */
export function listenToWarnings(listener: (warning: Warning) => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** As if nothing had been said yet, for a fresh run in the same process. */
export function forgetWarnings(): void {
  said.clear()
}
