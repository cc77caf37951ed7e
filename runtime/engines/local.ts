// Tasks in this process, so many at a time. Work is taken one by one when there is room for it, so that a foreach over
// 100,000 items has as many promises as workers, and no stack grows with it.

/** Work that does not wait (everything hits) would keep timers, signals and progress from their turn. */
const BREATH_MS = 10

export interface Drain<Job> {
  /** The next piece of work, `undefined` when there is none at the moment. */
  readonly take: () => Job | undefined
  /** Must not reject. More work may be there to take when it is done. */
  readonly perform: (job: Job) => Promise<void>
  /** Pieces of work under way at a time, at least 1. */
  readonly limit: number
}

/** Resolves when there is nothing to take and nothing under way. */
export function drain<Job>({ take, perform, limit }: Drain<Job>): Promise<void> {
  return new Promise((resolve, reject) => {
    let active = 0
    let breathed = performance.now()
    let breathing = false

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
      while (active < limit) {
        const job = take()
        if (job === undefined) break
        active++
        perform(job).then(finish, reject)
      }
      if (active === 0) resolve()
    }

    function finish(): void {
      active--
      pump()
    }

    pump()
  })
}
