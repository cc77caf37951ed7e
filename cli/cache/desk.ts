// What the commands of `mintmark cache` work at: the store, standard output for what was asked, standard error for the rest.

import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline/promises'
import { MintmarkError } from '../../runtime/errors.js'
import type { Store } from '../../runtime/store.js'
import { storeAt } from '../../runtime/stores/location.js'

export interface DeskFlags {
  readonly store?: string
  readonly json?: boolean
  readonly yes?: boolean
}

export interface Desk {
  readonly store: Store
  /** The store's folder; `undefined` for a store elsewhere. */
  readonly folder: string | undefined
  readonly json: boolean
  /** Writes to standard output and waits while that is full. */
  print(text: string): Promise<void>
  /** A line on standard error. */
  say(line: string): void
  /** How far it is, on a terminal only. */
  progress(text: string): void
  /** MM5043 unless `--yes` was given or someone at the terminal agrees; `false` when that someone does not. */
  agreed(question: string): Promise<boolean>
}

const REDRAW_MS = 100

/** Opens the store that `--store` or MINTMARK_STORE names, else the folder `.mintmark`. MM5044 when a folder is not there. */
export async function atDesk(flags: DeskFlags, work: (desk: Desk) => Promise<void>, mustExist = true): Promise<void> {
  const place = flags.store ?? (process.env.MINTMARK_STORE || '.mintmark')
  const store = storeAt(place)
  // One in front of a bucket is no store alone, and may be made by what is done now.
  const folder = store.name.startsWith('fs:') && !('flush' in store) ? store.name.slice('fs:'.length) : undefined
  if (mustExist && folder !== undefined && !existsSync(folder))
    throw new MintmarkError('MM5044', `there is no store at \`${folder}\`. Name another place with \`--store\`, or run something first.`)
  const { stdout, stderr } = process
  const isLive = stderr.isTTY === true && process.env.TERM !== 'dumb'
  let drawn = 0

  function clear(): void {
    if (drawn > 0) stderr.write('\r\u001b[K')
  }

  const desk: Desk = {
    store,
    folder,
    json: flags.json === true,
    async print(text) {
      clear()
      if (!stdout.write(text)) await once(stdout, 'drain')
    },
    say(line) {
      clear()
      stderr.write(`${line}\n`)
    },
    progress(text) {
      const now = Date.now()
      if (!isLive || now - drawn < REDRAW_MS) return
      drawn = now
      stderr.write(`\r\u001b[K${text}`)
    },
    async agreed(question) {
      if (flags.yes) return true
      if (process.stdin.isTTY !== true || stderr.isTTY !== true)
        throw new MintmarkError('MM5043', `nothing was removed: nobody is there to be asked. \`--yes\` removes, \`--dry-run\` shows.`)
      clear()
      const lines = createInterface({ input: process.stdin, output: stderr })
      try {
        return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `)).trim())
      } finally {
        lines.close()
      }
    },
  }
  const interrupt = () => process.exit(130)
  process.once('SIGINT', interrupt)
  try {
    await work(desk)
  } finally {
    clear()
    process.off('SIGINT', interrupt)
    await store.close()
  }
}

const AT_ONCE = 16

/** The answers for all items in their order, so many at work at a time. */
export async function* ahead<Item, Answer>(
  items: AsyncIterable<Item> | Iterable<Item>,
  work: (item: Item) => Promise<Answer>,
  atOnce = AT_ONCE,
): AsyncGenerator<Answer> {
  const under: Promise<Answer>[] = []
  for await (const item of items) {
    const answer = work(item)
    // Told when its turn comes, or by an earlier one.
    answer.catch(() => {})
    under.push(answer)
    if (under.length >= atOnce) yield under.shift() as Promise<Answer>
  }
  for (const answer of under) yield answer
}
