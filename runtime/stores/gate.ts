// A bound on how many do something at once; the others wait in the order of their coming.

export type Gate = <T>(work: () => Promise<T>) => Promise<T>

export function openGate(limit: number): Gate {
  const waiting: (() => void)[] = []
  let inside = 0

  return async (work) => {
    if (inside < limit) inside++
    else await new Promise<void>((enter) => waiting.push(enter))
    try {
      return await work()
    } finally {
      // The place goes from hand to hand: nobody gets in between.
      const next = waiting.shift()
      if (next === undefined) inside--
      else next()
    }
  }
}
