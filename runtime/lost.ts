// Errors that say: something that is needed was in a store, and is there no more. Such an error ends no run at once, since what is lost can be made again.

const lost = new WeakSet<object>()

export function markLost<E extends Error>(error: E): E {
  lost.add(error)
  return error
}

export function isLost(error: unknown): boolean {
  return error instanceof Error && lost.has(error)
}
