// Several ways to do the same, one call of each in turn, so that whatever else the machine does falls on all of them alike.

export type Contender = (round: number) => unknown

/** Microseconds of every call, by name. Who begins changes from round to round. The first tenth of the rounds is not counted. */
export async function interleave<Name extends string>(
  contenders: Readonly<Record<Name, Contender>>,
  rounds: number,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(contenders) as Name[]
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(round + turn) % names.length]!
      const began = performance.now()
      const answer = contenders[name](round)
      if (answer instanceof Promise) await answer
      const took = (performance.now() - began) * 1000
      if (round >= rounds / 10) times[name].push(took)
    }
  }
  return times
}
