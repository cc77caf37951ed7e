// A time limit around work that takes an AbortSignal, for work that does not always heed it.

export interface Limit {
  readonly signal: AbortSignal
  /** Gives the work so many milliseconds more. */
  extend(ms: number): void
}

/** What the work answers, or a rejection named `TimeoutError` when the time is up first. */
export async function within<T>(ms: number, work: (limit: Limit) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  const { signal } = controller
  const end = performance.now() + ms
  const expire = () => controller.abort(new DOMException('the time is up', 'TimeoutError'))
  let timer = setTimeout(expire, ms)
  const extend = (more: number) => {
    clearTimeout(timer)
    timer = setTimeout(expire, Math.max(0, end + more - performance.now()))
  }
  const late = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }))
  try {
    return await Promise.race([work({ signal, extend }), late])
  } finally {
    clearTimeout(timer)
  }
}
