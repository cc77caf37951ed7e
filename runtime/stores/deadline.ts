// A time limit around work that takes an AbortSignal, for work that does not always heed it.

export interface Limit {
  readonly signal: AbortSignal
  /** Gives the work so many milliseconds more. */
  extend(ms: number): void
}

/** What the work answers, or a rejection named `TimeoutError` when the time is up first. */
export function within<T>(ms: number, work: (limit: Limit) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  let end = performance.now() + ms
  return new Promise<T>((resolve, reject) => {
    const expire = () => {
      const left = end - performance.now()
      if (left > 0) {
        timer = setTimeout(expire, left)
        return
      }
      const error = new DOMException('the time is up', 'TimeoutError')
      reject(error)
      controller.abort(error)
    }
    let timer = setTimeout(expire, ms)
    const extend = (more: number) => {
      end += more
    }
    work({ signal: controller.signal, extend })
      .then(resolve, reject)
      .finally(() => clearTimeout(timer))
  })
}
