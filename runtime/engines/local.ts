// Tasks in this process, so many at a time. Work is taken one by one when there is room for it, so that a foreach over
// 100,000 items has as many promises as workers, and no stack grows with it.

/** Work that does not wait (everything hits) would keep timers, signals and progress from their turn. */
const BREATH_MS = 10

/** Pieces of work that may wait for a store beside those that hold a slot. About as many as a bucket is asked at a time. */
const MOST_AHEAD = 64

/** What bounds the work that matters, where pieces of work wait for other things as well. */
export interface Slots {
  readonly count: number
  /** The way to give a slot back, when there is one; `undefined` once the signal was given. First come, first served. */
  take(): Promise<(() => void) | undefined>
  /** Slots that nobody holds. */
  free(): number
  /** Those who wait for one. */
  waiting(): number
}

export function openSlots(count: number, signal: AbortSignal): Slots {
  const waiting: (() => void)[] = []
  let held = 0

  /** A slot goes from hand to hand: nobody gets in between. */
  function release(): void {
    const next = waiting.shift()
    if (next === undefined) held--
    else next()
  }

  return {
    count,
    async take() {
      if (signal.aborted) return undefined
      if (held < count) held++
      else await new Promise<void>((go) => waiting.push(go))
      if (signal.aborted) {
        release()
        return undefined
      }
      return release
    },
    free: () => count - held,
    waiting: () => waiting.length,
  }
}

export interface Drain<Job> {
  /** The next piece of work, `undefined` when there is none at the moment. */
  readonly take: () => Job | undefined
  /** Must not reject. More work may be there to take when it is done. */
  readonly perform: (job: Job) => Promise<void>
  /** Pieces of work under way at a time, at least 1. */
  readonly limit: number
  /**
   * Slots that the work takes for a part of its time. As long as some are free although the limit is reached, all wait for something slow
   * (a store far away), and more work is begun, up to a bound; while too many wait for a slot, none is.
   */
  readonly ahead?: Slots
}

/** Resolves when there is nothing to take and nothing under way. */
export function drain<Job>({ take, perform, limit, ahead }: Drain<Job>): Promise<void> {
  return new Promise((resolve, reject) => {
    let active = 0
    let extra = 0
    let breathed = performance.now()
    let breathing = false
    let widening = false

    function pump(): void {
      if (breathing) return
      if (performance.now() - breathed > BREATH_MS) {
        breathing = true
        setImmediate(() => {
          breathing = false
          breathed = performance.now()
          pump()
        })
        return
      }
      while (active < limit || (active < limit + extra && ahead !== undefined && ahead.waiting() < limit)) {
        const job = take()
        if (job === undefined) break
        active++
        perform(job).then(finish, reject)
      }
      if (active === 0) resolve()
      else if (isStuck() && !widening) {
        widening = true
        // By then, work that waits for nothing outside of this process has come to its slot: a store that answers at once is asked in order.
        setImmediate(widen)
      }
    }

    function isStuck(): boolean {
      return ahead !== undefined && extra < MOST_AHEAD && active >= limit + extra && ahead.free() > 0
    }

    function widen(): void {
      widening = false
      if (!isStuck()) return
      extra = Math.min(MOST_AHEAD, 2 * (extra + limit))
      pump()
    }

    function finish(): void {
      active--
      pump()
    }

    pump()
  })
}
