// Two lists in code-unit order as one, in which each id is once: as the first list has it.

import type { Listing } from '../store.js'

/** When the second list fails, `onTrouble` is told and the first goes on alone; without it, the merged list fails. */
export async function* merge(
  first: AsyncIterable<Listing>,
  second: AsyncIterable<Listing>,
  onTrouble: ((error: unknown) => void) | undefined,
): AsyncGenerator<Listing> {
  const [one, other] = [first[Symbol.asyncIterator](), second[Symbol.asyncIterator]()]
  const next = async (of: AsyncIterator<Listing>) => {
    const { done, value } = await of.next()
    return done ? undefined : (value as Listing)
  }
  const nextOther = async () => {
    try {
      return await next(other)
    } catch (error) {
      if (onTrouble === undefined) throw error
      onTrouble(error)
      return undefined
    }
  }
  let [a, b] = await Promise.all([next(one), nextOther()])
  while (a !== undefined || b !== undefined) {
    if (b === undefined || (a !== undefined && a.id <= b.id)) {
      yield a as Listing
      if (b?.id === a?.id) b = await nextOther()
      a = await next(one)
    } else {
      yield b
      b = await nextOther()
    }
  }
}
