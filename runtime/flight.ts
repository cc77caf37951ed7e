// Single flight: of those who ask for the same result at the same time, one computes it and the others wait for it.

interface Flight {
  readonly landing: Promise<unknown>
  joined: boolean
}

const flights = new WeakMap<object, Map<string, Flight>>()

/** Whether there is a flight to join. The id is only made where anything is under way. */
export function isUnderWay(store: object, id: () => string): boolean {
  const underWay = flights.get(store)
  return underWay !== undefined && underWay.size > 0 && underWay.has(id())
}

/**
 * Runs `task`, unless a flight for this store and id is under way and `mayJoin` allows to wait for that. Later callers join the newest
 * flight. `joined` tells which of the two happened, and `shared` that several have the result. Rejects with what the task threw, for all who waited.
 */
export async function fly<T>(
  store: object,
  id: string,
  mayJoin: boolean,
  task: () => Promise<T>,
): Promise<{ readonly joined: boolean; readonly shared: boolean; readonly result: T }> {
  const underWay = flights.get(store) ?? new Map<string, Flight>()
  flights.set(store, underWay)
  const other = mayJoin ? underWay.get(id) : undefined
  if (other !== undefined) {
    other.joined = true
    return { joined: true, shared: true, result: (await other.landing) as T }
  }
  const landing = task()
  const flight: Flight = { landing, joined: false }
  underWay.set(id, flight)
  try {
    const result = await landing
    return { joined: false, shared: flight.joined, result }
  } finally {
    // A newer one may have taken the place.
    if (underWay.get(id) === flight) underWay.delete(id)
  }
}
