// Single flight: of those who ask for the same result at the same time, one computes it and the others wait for it.

interface Flight {
  readonly landing: Promise<unknown>
  /** It computes anew whatever is stored. */
  readonly fresh: boolean
}

const flights = new WeakMap<object, Map<string, Flight>>()

/** Who may wait for a flight under way: anyone, only those whom a fresh result suits, or nobody. */
export type Joins = 'any' | 'fresh' | 'none'

/**
 * Runs `task`, unless a flight that may be joined is under way for this store and id. Later callers join the newest flight. `joined` tells
 * which of the two happened. Rejects with what the task threw, for all who waited.
 */
export async function fly<T>(
  store: object,
  id: string,
  joins: Joins,
  task: () => Promise<T>,
): Promise<{ readonly joined: boolean; readonly result: T }> {
  const underWay = flights.get(store) ?? new Map<string, Flight>()
  flights.set(store, underWay)
  const other = underWay.get(id)
  if (other !== undefined && (joins === 'any' || (joins === 'fresh' && other.fresh))) {
    return { joined: true, result: (await other.landing) as T }
  }
  const landing = task()
  const flight: Flight = { landing, fresh: joins !== 'any' }
  underWay.set(id, flight)
  try {
    return { joined: false, result: await landing }
  } finally {
    if (underWay.get(id) === flight) underWay.delete(id)
  }
}
