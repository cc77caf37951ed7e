// A circuit breaker: after some failures in a row nobody is sent to the door any more for a while. Then one goes and looks.

export interface BreakerOptions {
  /** Failures in a row. */
  readonly after: number
  /** Milliseconds until the next one is sent. */
  readonly ms: number
  /** Which errors count. What else is thrown shows that someone answers. */
  readonly counts: (error: unknown) => boolean
  /** What is thrown while nobody is sent. */
  readonly refusal: (last: unknown) => Error
  readonly now?: () => number
}

/** Runs the work and hands on what it answers or throws; or throws the refusal at once. */
export type Breaker = <T>(work: () => Promise<T>) => Promise<T>

export function openBreaker({ after, ms, counts, refusal, now = () => performance.now() }: BreakerOptions): Breaker {
  let failures = 0
  let last: unknown
  let closedUntil = 0
  let probing = false

  return async (work) => {
    const open = failures >= after
    if (open && (probing || now() < closedUntil)) throw refusal(last)
    // Of many that come when the time is up, one goes.
    if (open) probing = true
    try {
      const result = await work()
      failures = 0
      return result
    } catch (error) {
      if (counts(error)) {
        failures++
        last = error
        if (failures >= after) closedUntil = now() + ms
      } else failures = 0
      throw error
    } finally {
      if (open) probing = false
    }
  }
}
