// What a long-lived host knows of texts: the answers of the shelf, at hand.

import type { Shelf } from './shelf.js'

export interface Memory extends Shelf {
  /** Forgets what was not asked for since the last turn. */
  turn(): void
}

/** Answers stay at hand, as they are, for as long as each look asks for them. */
export function remember(shelf: Shelf): Memory {
  let [now, before] = [new Map<string, unknown>(), new Map<string, unknown>()]
  return {
    answer<T>(question: string, text: string, make: () => T): T {
      const key = `${question}\0${text}`
      let found = (now.get(key) ?? before.get(key)) as T | undefined
      if (found === undefined) found = shelf.answer(question, text, make)
      now.set(key, found)
      return found
    },
    save: () => shelf.save(),
    turn() {
      if (now.size > 0) [now, before] = [new Map(), now]
    },
  }
}
